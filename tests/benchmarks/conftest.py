"""What needs a framework to compare with is passed by when pytest looks for doctests."""

collect_ignore = ["transposed_and_volumes.py"]
