"""Images and sets of images: how they are stored, which data set they are, how they are split."""
