"""Who sums the blocks of a pass: this machine's threads, or a Dask cluster. What is summed is not decided here."""
