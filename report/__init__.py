"""Reports of what the pipeline wrote, for people: see `make show`."""
