"""SC9: about the check itself."""

from __future__ import annotations

from shapecheck.diagnostics.base import Diagnostic, diagnostic


@diagnostic("SC901", "warning")
class UnusedIgnore(Diagnostic):
    """A comment suppresses a finding that does not occur (any more).

    Bad:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3)])  # shapecheck: ignore[SC101]

    Good:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3)])

    Which repair, and when:
        without the comment                       if the finding is really gone: it would hide a new one
        the right code                            if it was a typing mistake
        the comment in the line of the finding    if the code has moved

    A question:
        Why is a left-over comment harmful? (It will hide the next finding of this kind in its line.)
    """

    def __init__(self, codes: str) -> None:
        self.codes = codes

    def message(self) -> str:
        if self.codes:
            return self.say("message.codes", "this comment has no effect: there is no {codes} here", codes=self.codes)
        return self.say("message", "this comment has no effect")

    def help(self) -> str:
        return self.say("help", "delete the comment")


@diagnostic("SC902", "note")
class NotFollowed(Diagnostic):
    """A subclass of Model defines its own training step: its labels and losses are not checked.

    call() is read, so shapes and weights are checked as in other models. train_step(), compute_loss() or fit() of the class can do
    anything with the labels.

    Bad:
        class Net(keras.Model):
            def __init__(self):
                super().__init__()
                self.out = layers.Dense(1)

            def call(self, x):
                return self.out(x)

            def train_step(self, data):
                return {"loss": 0.0}

        net = Net()
        net.compile(loss="mse")
        net.fit(np.zeros((6, 8)), np.zeros((6, 1)))

    Good:
        class Net(keras.Model):
            def __init__(self):
                super().__init__()
                self.out = layers.Dense(1)

            def call(self, x):
                return self.out(x)

        net = Net()
        net.compile(loss="mse")
        net.fit(np.zeros((6, 8)), np.zeros((6, 1)))

    Which repair, and when:
        compile's loss and the usual fit    if train_step does nothing special
        an add_loss() in call()             if only a further term is needed
        a test that trains one batch        if train_step must stay: only a run shows whether labels fit

    A question:
        Are shapes of such a model checked? (Yes: call() is read; only its training is not.)
    """

    def __init__(self, class_name: str, method: str) -> None:
        self.class_name = class_name
        self.method = method

    def message(self) -> str:
        return self.say(
            "message",
            "labels and losses of {class_name} are not checked, because it defines its own {method}()",
            class_name=self.class_name, method=self.method,
        )  # fmt: skip
