"""SC9, second part: shapes that comments declare."""

from __future__ import annotations

from shapecheck.diagnostics.base import Diagnostic, diagnostic

EXAMPLE = "# shapecheck: x_train = (None, 30)"


@diagnostic("SC903", "warning")
class Contradicted(Diagnostic):
    """A comment declares another shape or value than the code proves; the code is used, not the comment.

    A comment fills in what only the run knows, such as the columns of a file. None means any size.

    Bad:
        x = np.zeros((60, 8))  # shapecheck: x = (None, 30)
        model = keras.Sequential([keras.Input(shape=(8,)), layers.Dense(3)])

    Good:
        x = np.zeros((60, 8))  # shapecheck: x = (None, 8)
        model = keras.Sequential([keras.Input(shape=(8,)), layers.Dense(3)])

    Which repair, and when:
        without the comment    if the code says the shape by itself
        the right numbers      if the comment is old
        other code             if the comment says what should be

    A question:
        Why is the code believed and not the comment? (The code runs.)
    """

    def __init__(self, name: str, declared: str, proved: str) -> None:
        self.name = name
        self.declared = declared
        self.proved = proved

    def message(self) -> str:
        return self.say(
            "message",
            "this comment declares {name} as {declared}, but here it is {proved}",
            name=self.name, declared=self.declared, proved=self.proved,
        )  # fmt: skip

    def help(self) -> str:
        return self.say("help", "correct the comment, or delete it: what the code proves needs no comment")


@diagnostic("SC904", "warning")
class Malformed(Diagnostic):
    """A comment begins as those for shapecheck do, and is neither a declared shape nor an ignore.

    Bad:
        # shapecheck: x is (None, 30)
        model = keras.Sequential([keras.Input(shape=(30,)), layers.Dense(3)])

    Good:
        x = np.load("x.npy")  # shapecheck: x = (None, 30)
        model = keras.Sequential([keras.Input(shape=(30,)), layers.Dense(3)])

    A drawing:
        # shapecheck: x = (None, 30)          a shape
        # shapecheck: n = 30                  a number
        # shapecheck: ignore[SC101]           a finding that is not to be told

    Which repair, and when:
        name = (sizes)    to say what a file contains
        ignore[CODE]      to suppress a finding in its line

    A question:
        What does None mean in a shape? (Any size, mostly the batch.)
    """

    def __init__(self, problem: str) -> None:
        self.problem = problem

    def message(self) -> str:
        return self.say("message", "this comment is not understood: {problem}", problem=self.problem)

    def help(self) -> str:
        return self.say("help", "write {example}, with None for any size, or # shapecheck: ignore", example=EXAMPLE)


@diagnostic("SC905", "warning")
class Unused(Diagnostic):
    """A comment declares the shape of a name that is never assigned after it.

    Bad:
        # shapecheck: x_trian = (None, 30)
        x_train = np.load("x.npy")
        model = keras.Sequential([keras.Input(shape=(30,)), layers.Dense(3)])

    Good:
        # shapecheck: x_train = (None, 30)
        x_train = np.load("x.npy")
        model = keras.Sequential([keras.Input(shape=(30,)), layers.Dense(3)])

    Which repair, and when:
        the name as it is in the code                 a typing mistake
        the comment above or beside the assignment    if it is too far down
        without it                                    if the variable is gone

    A question:
        Where does a declared shape belong? (Beside the line that assigns the name, or above it.)
    """

    def __init__(self, name: str, near: str) -> None:
        self.name = name
        self.near = near

    def message(self) -> str:
        return self.say("message", "this comment declares {name}, which gets no value in this file", name=self.name)

    def help(self) -> str:
        if self.near:
            return self.say("help.near", "write {near} instead of {name}", near=self.near, name=self.name)
        return self.say("help", "delete the comment, or write the name as the code does")
