"""SC5: sequences and recurrence."""

from __future__ import annotations

from collections.abc import Sequence

from shapecheck.diagnostics.base import Diagnostic, diagnostic
from shapecheck.shapes import Shape


@diagnostic("SC501")
class NoSteps(Diagnostic):
    """A recurrent layer got one vector per sample instead of a sequence of vectors.

    Usually the recurrent layer before it returns only its last output: it needs return_sequences=True.

    Bad:
        model = keras.Sequential([
            keras.Input(shape=(20, 8)),
            layers.LSTM(16),
            layers.LSTM(16),
        ])

    Good:
        model = keras.Sequential([
            keras.Input(shape=(20, 8)),
            layers.LSTM(16, return_sequences=True),
            layers.LSTM(16),
        ])

    The sum:
        LSTM(16) on (20, 8) returns (16,): the last of 20 steps; the next LSTM reads (steps, features) and finds no steps

    A drawing:
        steps                      1    2    3   ...   20
        return_sequences=True     [h1] [h2] [h3] ... [h20]        20 vectors go on
        return_sequences=False                       [h20]        one vector goes on

    Which repair, and when:
        return_sequences=True in the layer before    if both should walk along the steps
        one recurrent layer fewer                    often enough for short sequences
        a steps axis in the input                    if there is no recurrent layer before: (20, 1) instead of (20,)

    A question:
        Three LSTMs, then a Dense for one answer. Which of them return sequences? (The first two.)
    """

    path_ends = "input"

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.before: str | None = None

    def follows(self, layers: Sequence[tuple[str, object]]) -> None:
        """Remembers the nearest recurrent layer before it that returns only its last output."""
        self.before = next((name for name, rule in layers if _gives_its_last(rule)), None)

    def message(self) -> str:
        return self.say("message", "expected (batch, steps, features), 3 axes, got 2: {shape}", shape=self.shape)

    def explanation(self) -> str:
        if self.before:
            return self.say("explanation.before", "{before} returns only its last output, one vector for each sample", before=self.before)
        return self.say("explanation", "the layer goes through the input step by step, and this input has no steps")

    def help(self) -> str:
        if self.before:
            return self.say("help.before", "write return_sequences=True in {before}", before=self.before)
        assert self.shape.dims is not None
        size = self.shape.dims[1]
        return self.say(
            "help",
            "write return_sequences=True in the recurrent layer before it; if there is none, add a steps axis to the input: an input"
            " shape of ({size}, 1) or (steps, {size})",
            size=size,
        )  # fmt: skip


def _gives_its_last(rule: object) -> bool:
    """True for a recurrent layer, or a wrapper of one, without return_sequences."""
    inner = getattr(rule, "layer", rule)
    return getattr(inner, "return_sequences", None) is False


@diagnostic("SC502")
class BatchNotFixed(Diagnostic):
    """A stateful layer keeps one state for each row of the batch, so it must know how many rows there are.

    Bad:
        model = keras.Sequential([keras.Input(shape=(20, 8)), layers.LSTM(16, stateful=True)])

    Good:
        model = keras.Sequential([keras.Input(shape=(20, 8), batch_size=4), layers.LSTM(16, stateful=True)])

    The sum:
        state of LSTM(16): one row of 16 for each sample, (batch, 16): with None rows no array can be made

    Which repair, and when:
        batch_size=4 in the Input    if you need the state from batch to batch; the data must divide evenly
        without stateful             if every batch begins afresh: nearly always

    A question:
        batch_size=4 and 10 samples: what happens to the rest? (2 are left: they do not make a batch of 4.)
    """

    argument = "stateful"

    def __init__(self, shape: Shape) -> None:
        self.shape = shape

    def message(self) -> str:
        return self.say("message", "stateful=True requires a fixed batch size, got {shape}", shape=self.shape)

    def explanation(self) -> str:
        return self.say("explanation", "it keeps one state for each row of the batch from one batch to the next")

    def help(self) -> str:
        return self.say("help", "write batch_size=... in Input, or remove stateful")


@diagnostic("SC503")
class StepsNotFixed(Diagnostic):
    """Unrolling repeats the layer's code for every step, so the number of steps must be known.

    Bad:
        model = keras.Sequential([keras.Input(shape=(None, 8)), layers.LSTM(16, unroll=True)])

    Good:
        model = keras.Sequential([keras.Input(shape=(None, 8)), layers.LSTM(16)])

    The sum:
        unrolled, 20 steps are 20 copies of the layer's code: for None steps their number is unknown

    Which repair, and when:
        without unroll    the usual case: a loop takes any length
        Input((20, 8))    if all sequences have 20 steps and unrolling is really faster

    A question:
        Does unroll change the result? (No, only speed and memory.)
    """

    path_ends = "input"
    argument = "unroll"

    def __init__(self, shape: Shape) -> None:
        self.shape = shape

    def message(self) -> str:
        return self.say("message", "unroll=True requires a fixed number of steps, got {shape}", shape=self.shape)

    def explanation(self) -> str:
        return self.say("explanation", "unrolling writes the computation of each step once, so their number must be known")

    def help(self) -> str:
        return self.say("help", "remove unroll, or declare a fixed number of steps in the input")


@diagnostic("SC505")
class StatefulBatch(Diagnostic):
    """Batches of another size than that of a stateful layer, which keeps the state of each row from batch to batch.

    Keras raises at the first such batch: often the last one of an epoch, or predict() on one sample. fit() and predict() take
    batches of 32 if batch_size is not written. A last batch of one row is not refused, but computed with every row's state: predict()
    on 17 samples in batches of 16 returns 32 rows.

    Bad:
        model = keras.Sequential([keras.Input(batch_shape=(16, 5, 3)), layers.LSTM(4, stateful=True)])
        model.compile(loss="mse")
        model.fit(np.zeros((70, 5, 3)), np.zeros((70, 4)), batch_size=16)

    Good:
        model = keras.Sequential([keras.Input(batch_shape=(16, 5, 3)), layers.LSTM(4, stateful=True)])
        model.compile(loss="mse")
        model.fit(np.zeros((64, 5, 3)), np.zeros((64, 4)), batch_size=16)

    The sum:
        70 = 4 * 16 + 6: the fifth batch has 6 rows, the state has 16

    Which repair, and when:
        x[:64], y[:64]                     to train: a multiple of the batch
        batch_size=16                      if the call has another one, or none
        a second model with batch size 1   to predict single samples: the same layers, then set_weights(model.get_weights())
        without stateful                   if every batch begins afresh: nearly always

    A question:
        batch_shape=(1, 5, 3): which numbers of samples can be trained? (All, with batch_size=1.)
    """

    def __init__(self, fixed: int, batch: int, samples: int, call: str) -> None:
        self.fixed = fixed
        self.batch = batch
        """Rows of the first batch that does not fit."""
        self.samples = samples
        self.call = call

    def message(self) -> str:
        return self.say(
            "message", "the layer keeps the state of {fixed} samples, {call}() passes a batch of {batch}",
            fixed=self.fixed, call=self.call, batch=self.batch,
        )  # fmt: skip

    def explanation(self) -> str:
        return self.say("explanation", "stateful=True keeps one state for each row of the batch from one batch to the next")

    def arithmetic(self) -> str:
        rest = self.samples % self.fixed
        if not rest or self.samples < self.fixed or rest != self.batch:
            return ""
        return f"{self.samples} = {self.samples // self.fixed}*{self.fixed} + {rest}"

    def help(self) -> str:
        if self.samples < self.fixed:
            return self.say(
                "help.few", "predict with a second model of batch size {samples} that has the same weights, or remove stateful",
                samples=self.samples,
            )  # fmt: skip
        if self.samples % self.fixed:
            return self.say(
                "help.rest", "write batch_size={fixed} and pass a multiple of {fixed} samples, for example the first {whole}",
                fixed=self.fixed, whole=self.samples // self.fixed * self.fixed,
            )  # fmt: skip
        return self.say("help", "write batch_size={fixed}", fixed=self.fixed)
