"""SC4: arguments of a layer, and what a stack may contain."""

from __future__ import annotations

from shapecheck.diagnostics.base import Diagnostic, diagnostic

Fixes = tuple[tuple[str, str], ...]
"""Arguments and the text to write for each: one edit per pair, the likeliest first."""


@diagnostic("SC401")
class BadArgument(Diagnostic):
    """An argument has a type or a value that the layer does not accept.

    Bad:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(64 / 2)])

    Good:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(64 // 2)])

    The sum:
        64 / 2 = 32.0 is a number with a point; 64 // 2 = 32 is a whole number, and only those count units

    A drawing:
        32.0   a quantity: half of it exists
        32     a count: units, filters, windows, steps

    Which repair, and when:
        // instead of /     if the value is computed
        int(...)            if it comes from a file or from somebody's input
        without quotes      "32" is text

    A question:
        Which of 7 / 2, 7 // 2 and int(7 / 2) can be a number of units? (7 // 2 and int(7 / 2): both are 3.)
    """

    def __init__(self, argument: str, value: object, expected: str, advice: str = "", fixes: Fixes = ()) -> None:
        self.argument = argument
        self.value = value
        self.expected = expected
        self.advice = advice
        self.fixes = fixes

    def message(self) -> str:
        return self.say(
            "message",
            "{argument}={value}: expected {expected}",
            argument=self.argument, value=_short(self.value), expected=self.expected,
        )  # fmt: skip

    def help(self) -> str:
        return str(self.advice)


@diagnostic("SC402")
class UnknownWord(Diagnostic):
    """A string argument is not one of the allowed names; usually it is a typing mistake.

    Bad:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3, activation="tang")])

    Good:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3, activation="tanh")])

    The sum:
        the word is looked up among the names of this argument; "tang" is none of them, "tanh" is

    A drawing:
        t a n g
        t a n h        the last letter

    Which repair, and when:
        the nearest name       for a typing mistake
        a function             keras.activations.tanh: an editor completes it
        the right argument     "same" is a padding and "relu" an activation: perhaps two values changed places

    A question:
        Which of "relu", "max", "same" and "softmax" are activations? (relu and softmax)
    """

    def __init__(self, argument: str, value: object, allowed: tuple[str, ...]) -> None:
        self.argument = argument
        self.value = value
        self.allowed = allowed

    @property
    def nearest(self) -> str | None:
        """The allowed word that looks most like the given one."""
        return _nearest(str(self.value).lower(), self.allowed)

    def message(self) -> str:
        return self.say("message", "{argument}={value} is not known", argument=self.argument, value=_short(self.value))

    def help(self) -> str:
        if self.nearest:
            return self.say("help.nearest", 'write {argument}="{nearest}"', argument=self.argument, nearest=self.nearest)
        names = ", ".join(self.allowed[:12]) + (" ..." if len(self.allowed) > 12 else "")
        return self.say("help", "use one of {names}", names=names)


@diagnostic("SC403")
class UnknownKeyword(Diagnostic):
    """A layer, or a method of a model, got a keyword argument that it does not have.

    Bad:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3, activaton="relu")])

    Good:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3, activation="relu")])

    The sum:
        the keyword is compared with the names in the layer's signature; help(layers.Dense) prints them all

    A drawing:
        Dense(units, activation=None, use_bias=True, ...)
        activaton=                                              a letter is missing

    Which repair, and when:
        the nearest name           for a typing mistake
        another layer              if the argument belongs to one: strides to Conv2D, rate to Dropout
        the name of today          if the code is for an older Keras: python -m shapecheck migrate rewrites it

    A question:
        Does Flatten have an argument units? (No: it only lays values in a row.)
    """

    def __init__(self, argument: str, class_name: str, allowed: tuple[str, ...]) -> None:
        self.argument = argument
        self.class_name = class_name
        self.allowed = allowed

    @property
    def nearest(self) -> str | None:
        """The keyword of this layer that looks most like the given one."""
        return _nearest(str(self.argument), self.allowed)

    def message(self) -> str:
        return self.say("message", "{class_name} has no argument {argument!r}", class_name=self.class_name, argument=self.argument)

    def help(self) -> str:
        if self.nearest:
            return self.say("help.nearest", "write {nearest}=...", nearest=self.nearest)
        return self.say("help", "remove it: its arguments are {names}", names=', '.join(self.allowed))


@diagnostic("SC404")
class ConflictingArguments(Diagnostic):
    """Two arguments cannot be used together.

    Bad:
        model = keras.Sequential([
            keras.Input(shape=(32, 32, 3)),
            layers.Conv2D(2, 3, strides=2, dilation_rate=2),
        ])

    Good:
        model = keras.Sequential([
            keras.Input(shape=(32, 32, 3)),
            layers.Conv2D(2, 3, strides=2),
        ])

    The sum:
        strides=2 skips outputs, dilation_rate=2 spreads the filter: Keras computes one of the two, not both

    A drawing:
        strides=2        [x][x][x]          next window two pixels on
        dilation_rate=2  [x] . [x] . [x]    the filter itself has gaps

    Which repair, and when:
        strides alone              to make the picture smaller
        dilation_rate alone        to look further without more weights
        two layers, one of each    if you need both

    A question:
        How many pixels wide is a 3 filter with dilation_rate=2? (5: 2 * (3 - 1) + 1.)
    """

    def __init__(
        self, argument: str, value: object, other: str, other_value: object, why: str, advice: str, fixes: Fixes = ()
    ) -> None:  # fmt: skip
        self.argument = argument
        self.value = value
        self.other = other
        self.other_value = other_value
        self.why = why
        self.advice = advice
        self.fixes = fixes

    def message(self) -> str:
        return self.say(
            "message",
            "{argument}={value} with {other}={other_value}: {why}",
            argument=self.argument, value=_short(self.value), other=self.other, other_value=_short(self.other_value), why=self.why,
        )  # fmt: skip

    def help(self) -> str:
        return str(self.advice)


def _short(value: object, limit: int = 60) -> str:
    """repr, cut to a readable length."""
    text = repr(value) if not isinstance(value, (str, bytes)) else repr(value[:limit])
    return text if len(text) <= limit else text[: limit - 3] + "..."


def _nearest(word: str, allowed: tuple[str, ...]) -> str | None:
    """The most similar allowed word, if any is similar. difflib is loaded only when something is wrong.

    >>> _nearest("pad", ("padding", "name")), _nearest("erlu", ("elu", "relu")), _nearest("kernel_layout", ("kernel_constraint", "name"))
    ('padding', 'relu', None)
    """
    from difflib import SequenceMatcher, get_close_matches

    turned = next((other for other in allowed if len(other) > 2 and sorted(other) == sorted(word)), None)
    if turned is not None:  # "erlu": two letters exchanged
        return turned
    found = get_close_matches(word, allowed, n=1, cutoff=0.5)
    if not found or not (word in found[0] or found[0] in word or SequenceMatcher(None, word, found[0]).ratio() >= 0.65):
        return None
    return found[0]
