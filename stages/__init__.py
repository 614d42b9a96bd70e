"""The pipeline's stages: one script each, in the order of dvc.yaml."""
