"""Practice with shapes: quiz, worksheets, and the marking of a class's files."""
