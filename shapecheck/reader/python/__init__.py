"""Python over abstract values: statements, expressions, calls, loops and built-in functions."""
