"""What a class works with: the lessons' questions and checks, and the folder that they are laid out into."""

from tinyseq.classroom.lesson import Lesson

__all__ = ["Lesson"]
