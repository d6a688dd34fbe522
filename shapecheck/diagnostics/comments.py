"""SC9: about the checking itself."""

from __future__ import annotations

from shapecheck.diagnostics.base import Diagnostic, diagnostic


@diagnostic("SC901", "warning")
class UnusedIgnore(Diagnostic):
    """A comment suppresses a finding that is not there (any more).

    Bad:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3)])  # shapecheck: ignore[SC101]

    Good:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3)])
    """

    def __init__(self, codes: str) -> None:
        self.codes = codes

    def message(self) -> str:
        return f"this comment suppresses nothing{': there is no ' + self.codes + ' here' if self.codes else ''}"

    def help(self) -> str:
        return "delete the comment"


@diagnostic("SC902", "note")
class NotFollowed(Diagnostic):
    """Data is given to an object of a class of the file that comes from Model: whether it fits is not checked.

    What its call() does with the data, and its own train_step(), are code. Stacks inside it are checked as far as they are
    seen. Data of Sequential and of functional models is followed.

    Bad:
        class Net(keras.Model):
            def __init__(self):
                super().__init__()
                self.out = layers.Dense(1)

            def call(self, x):
                return self.out(x)

        net = Net()
        net.compile(loss="mse")
        net.fit(np.zeros((6, 8)), np.zeros((6, 1)))

    Good:
        x = keras.Input((8,))
        net = keras.Model(x, layers.Dense(1)(x))
        net.compile(loss="mse")
        net.fit(np.zeros((6, 8)), np.zeros((6, 1)))
    """

    def __init__(self, class_name: str) -> None:
        self.class_name = class_name

    def message(self) -> str:
        return f"cannot tell: the data of {self.class_name}, a subclass of Model, is not followed"
