"""What people look at: charts, sheets of images, frames, films. Numbers are drawn here, not computed."""
