"""Reports of what the pipeline wrote, for people: the last words of `make repro`, and `make report`."""

import stages  # noqa: F401  (from here on it can be interrupted, also while it imports)
