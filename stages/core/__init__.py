"""The descent: costs, gradients, steps, and the exact sums they are made of. Knows arrays, no file names, no stage."""
