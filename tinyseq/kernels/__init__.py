"""How a layer is computed: arrays and integers in, outputs and scratch passed in. Imports numpy and numba only."""
