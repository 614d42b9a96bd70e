"""The pipeline's stages: one script each, in the order of dvc.yaml."""

import gc
import sys

if sys.argv[0] == "-m":  # a stage is starting: it can be interrupted from here on, also while it imports
    from stages.command.signals import end_at_signals

    end_at_signals()
    gc.disable()  # until all is imported, of which nothing is garbage
