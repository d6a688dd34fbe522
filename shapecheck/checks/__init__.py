"""Checks of more than one layer: data against input, labels against output and loss, names, stacking, budgets."""
