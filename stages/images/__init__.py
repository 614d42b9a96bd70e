"""What an image and a set of images are: their form on disk, which data set they are, how they are split."""
