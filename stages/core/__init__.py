"""The descent: cost, gradient, step, and the exact sums they are made of. Knows arrays; no files' names, no stage."""
