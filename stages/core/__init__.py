"""What the stages share: the mathematics, the images, the pictures. Knows nothing of DVC or of the command line."""
