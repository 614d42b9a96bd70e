"""What a model sees of an image: bytes, the same on any machine. Knows images, no model and no stage."""
