"""Speed, measured: see `make bench`."""
