"""Ours against what is installed of the big frameworks, in one interleaved run: `python -m tests.benchmarks`."""
