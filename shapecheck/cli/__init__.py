"""The command line: what `python -m shapecheck` does with its arguments."""
