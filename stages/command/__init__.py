"""How a stage is run as a command: flags, paths, signals, exit codes. What the stage does is in the other rooms."""
