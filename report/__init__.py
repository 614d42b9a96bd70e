"""Reports of what the pipeline wrote, for people: the last words of `make repro`, and `make report`."""
