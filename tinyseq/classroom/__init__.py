"""For teaching: the questions and checks of the lessons, and the folder that they are copied into."""

from tinyseq.classroom.lesson import Lesson

__all__ = ["Lesson"]
