"""What a model sees of an image: bytes made of its bytes, the same on any machine. Knows images; no model, no stage."""
