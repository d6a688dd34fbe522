"""What every finding has: a code, a severity, facts, and words built from them; and the exception that carries one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar, Self, TypeVar

    D = TypeVar("D", bound="Diagnostic")


SIZES, RANKS, TRAINING, ARGUMENTS, SEQUENCES, BUDGETS, VERSIONS, ADVICE, UNKNOWNS = range(1, 10)
"""The families of findings: the first digit of their codes."""
CODES: dict[str, type[Diagnostic]] = {}
"""Every kind of finding by its code, once its module is loaded (shapecheck.pages loads all)."""


class Diagnostic:
    """One thing that is wrong, as facts; `message()` and `help()` put them into words when they are printed.

    A subclass names its facts in `__init__`, its page in the docstring (what, why, Bad, Good), and its code above the class.
    `argument` names the argument of the layer that is to blame, if there is one: carets point at it.
    """

    code: ClassVar[str]
    family: ClassVar[int]
    severity: ClassVar[str] = "error"
    formerly: ClassVar[tuple[str, ...]] = ()
    """Codes that it had before: comments, baselines and options may still use them."""
    argument: str | None = None

    def message(self) -> str:
        """What is wrong, with both numbers, in one line without a full stop."""
        raise NotImplementedError

    def help(self) -> str:
        """One edit that works, in the imperative; "" if there is none."""
        return ""

    def copy(self) -> Self:
        """A copy with the same facts; the copy may learn more about its own place."""
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__)
        return made

    def follows(self, layers: Sequence[tuple[str, object]]) -> None:
        """Called once a graph is known: names and rules of the layers before, nearest first. The message may become more exact."""

    def __str__(self) -> str:
        return f"{self.code} {self.message()}"


def diagnostic(code: str, severity: str = "error", formerly: tuple[str, ...] = ()) -> Callable[[type[D]], type[D]]:
    """The class below is the finding of this code, which had others before (`formerly`).

    ValueError if the code is taken: a code is never reused.
    """

    def registered(kind: type[D]) -> type[D]:
        if code in CODES:
            raise ValueError(f"{code} is {CODES[code].__name__} already; take a free code for {kind.__name__}")
        kind.code, kind.family, kind.severity, kind.formerly = code, int(code[2]), severity, formerly
        CODES[code] = kind
        return kind

    return registered


class ShapeError(ValueError):
    """A finding raised inside the user's call: in a rule, in `add`, in `fit`.

    `diagnostic` holds the facts, `layer` the layer's name as the table prints it.
    """

    def __init__(self, diagnostic: Diagnostic, layer: str | None = None) -> None:
        self.diagnostic = diagnostic
        self.layer = layer
        self._repairs: tuple[Any, ...] = ()
        self.look: Callable[[], Iterable[Any]] | None = None
        super().__init__(diagnostic, layer)

    def at(self, layer: str) -> ShapeError:
        """The same finding, placed at a layer."""
        placed = type(self)(self.diagnostic, self.layer or layer)
        placed.look, placed._repairs = self.look, self._repairs
        return placed

    def offering(self, look: Callable[[], Iterable[Any]]) -> ShapeError:
        """The same error; `look` finds its repairs when it is printed or its repairs are read: errors that are caught cost nothing.

        An error that already has repairs keeps them: it comes from an inner model, which knows more.
        """
        self.look = self.look or look
        return self

    @property
    def repairs(self) -> tuple[Any, ...]:
        """Repairs that were proved in the model that refused, the likeliest first; each has a `title`."""
        if self.look is not None:
            look, self.look = self.look, None
            self._repairs = tuple(look())
        return self._repairs

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self.args, {"_repairs": self.repairs}

    def __str__(self) -> str:
        place = f"{self.layer}: " if self.layer else ""
        advice = self.diagnostic.help()
        if self.repairs:
            lines = [repair_line(f"{count}.", one.title, one.path) for count, one in enumerate(self.repairs, 1)]
            return "\n".join([f"{place}{self.diagnostic}", RECHECKED, *lines])
        return f"{place}{self.diagnostic}" + (f"\nhelp: {advice}" if advice else "")


RECHECKED = "help: each fix below was verified on the whole model"


def repair_line(sign: str, title: str, path: str, works: bool = True) -> str:
    """Title, path of sizes, and whether it works: one line, or two if one would exceed 80 columns."""
    word = "works" if works else ""
    line = f"   {sign} {title:<38} {path:<28} {word}".rstrip()
    return line if len(line) <= 80 else f"   {sign} {title}\n      {f'{path} {word}'.strip()}"
