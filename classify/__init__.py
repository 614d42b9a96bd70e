"""Your own pictures: find the ink and its digits, bring each into MNIST's form, ask the model; nothing is trained."""

import stages  # noqa: F401  (from here on it can be interrupted, also while it imports)
