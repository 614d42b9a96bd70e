"""Your own pictures: find the ink and the digits in it, bring each into MNIST's form, ask the model. Trains nothing."""

import stages  # noqa: F401  (imported first, so that Ctrl-C works during the other imports)
