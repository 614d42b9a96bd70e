"""The pipeline's stages: one script each, in the order of dvc.yaml."""

import sys

if sys.argv[0] == "-m":  # a stage is starting; no library is imported yet
    from stages.command.start import start

    start()
