"""The plain twins: each formula in plain loops, float64, sharing nothing with its kernel but the formula."""
