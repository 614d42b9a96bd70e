"""The page of `make show`: its words, its script, its style, and what it computes with. Nothing of it is a stage."""

import stages  # noqa: F401  (from here on it can be interrupted, also while it imports)
