"""The page of `make show`: its text, script and style, and the numbers it needs. No stage of the pipeline uses it."""

import stages  # noqa: F401  (imported first, so that Ctrl-C works during the other imports)
