"""Reports for people on what the pipeline wrote: the last lines of `make repro`, experiments, and `make report`."""

import stages  # noqa: F401  (imported first, so that Ctrl-C works during the other imports)
