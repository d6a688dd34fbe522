"""A model as a short PyTorch program, which a student would have written, and its weights in PyTorch's order.

Where Keras keeps channels last and torch first, the program permutes, only where it must, and says so. A layer that torch has no
equivalent for is refused by name, with the reason.
"""
