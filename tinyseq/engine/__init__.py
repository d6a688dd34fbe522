"""What runs, in which order, in which memory, on which core."""
