"""How a stage runs as a command: flags, paths, signals, exit codes. The other rooms do the stage's work."""
