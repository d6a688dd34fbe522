"""What every finding has: a code, a severity, facts, and words built from them; and the exception that carries one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from shapecheck.languages import Phrase, columns, padded, say

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
    within: tuple[Any, Any] | None = None
    """The call inside a layer's own code that is to blame: its unit and its expression."""
    path_ends: ClassVar[str] = ""
    """Which path of sizes explains it: to the "input" of the layer, to its "output", or none."""

    def message(self) -> str:
        """What is wrong, with both numbers, in one line without a full stop."""
        raise NotImplementedError

    def explanation(self) -> str:
        """Why it is wrong, in one sentence without a full stop; "" if the message is enough."""
        return ""

    def arithmetic(self) -> str:
        """The arithmetic that does not match; "" if there is none."""
        return ""

    def help(self) -> str:
        """One edit that works, in the imperative; "" if there is none."""
        return ""

    def say(self, name: str, english: str, /, **facts: object) -> str:
        """A sentence of this finding in the current language.

        Arguments:
            name: "message", or for another form of it "message.dropped"
            english: the whole sentence, with its facts in braces
            facts: what it names
        """
        return say(self.code, name, english, **facts)

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
        self._path = ""
        self.look: Callable[[], tuple[str, Iterable[Any]]] | None = None
        super().__init__(diagnostic, layer)

    def at(self, layer: str) -> ShapeError:
        """The same finding, placed at a layer."""
        placed = type(self)(self.diagnostic, self.layer or layer)
        placed.look, placed._repairs, placed._path = self.look, self._repairs, self._path
        return placed

    def offering(self, look: Callable[[], tuple[str, Iterable[Any]]]) -> ShapeError:
        """The same error; `look` finds its path and repairs when it is printed or they are read: errors that are caught cost nothing.

        An error that already has repairs keeps them: it comes from an inner model, which knows more.
        """
        self.look = self.look or look
        return self

    @property
    def repairs(self) -> tuple[Any, ...]:
        """Repairs that were proved in the model that refused, the likeliest first; each has a `title`."""
        if self.look is not None:
            look, self.look = self.look, None
            self._path, repairs = look()
            self._repairs = tuple(repairs)
        return self._repairs

    @property
    def path(self) -> str:
        """The sizes on the way to the layer: 32 -> 14 -> 12 -> 0; "" where they explain nothing."""
        return self._path if self.repairs or self._path else ""

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self.args, {"_repairs": self.repairs, "_path": self.path}

    def __str__(self) -> str:
        place = f"{self.layer}: " if self.layer else ""
        lines = [f"{place}{self.diagnostic}", *(f"  {line}" for line in fact_lines(facts(self.diagnostic, self.path)))]
        return "\n".join(lines + cure_lines(self.diagnostic.help(), self.repairs))


    def _render_traceback_(self) -> list[str]:
        """What a notebook shows of it: the user's own line and the message, instead of a traceback through our files."""
        return [*_own_line(self), f"{type(self).__name__}: {self}", more(self.diagnostic.code)]


def _own_line(error: BaseException) -> list[str]:
    """The last line of the traceback outside the packages, as `line 3: model.add(...)`; [] if there is none."""
    from linecache import getline

    place, text = 0, ""
    step = error.__traceback__
    while step is not None:
        frame = step.tb_frame
        if str(frame.f_globals.get("__name__", "")).partition(".")[0] not in OURS:
            place, text = step.tb_lineno, getline(frame.f_code.co_filename, step.tb_lineno).strip()
        step = step.tb_next
    return [say("report", "own_line", "line {line}: {text}", line=place, text=text)] if text else []


OURS = ("shapecheck", "tinyseq")
"""Packages whose frames explain nothing to the user of a model."""
FACTS = {
    "why": Phrase("report", "why", "why"),
    "sum": Phrase("report", "sum", "sum"),
    "path": Phrase("report", "path", "path"),
    "call": Phrase("report", "call_fact", "call"),
    "see": Phrase("report", "see", "see"),
}
"""What facts are called."""
MOST_SHOWN = 3
"""Repairs that are printed of one finding; the others are counted."""


def facts(diagnostic: Diagnostic, path: str = "") -> list[tuple[str, str]]:
    """How it came to this: ("why", a sentence), ("sum", "floor((2 - 3)/1) + 1 = 0"), ("path", "32 -> 14 -> 0"), as far as known."""
    found = (("why", diagnostic.explanation()), ("sum", diagnostic.arithmetic()), ("path", path))
    return [(name, text) for name, text in found if text]


def fact_lines(found: Sequence[tuple[str, str]]) -> list[str]:
    """Facts as lines: `why:  ...`, one below the other."""
    return [f"{padded(f'{FACTS.get(name, name)}:', 5)} {text}" for name, text in found]


def cure_lines(advice: str, repairs: Sequence[Any]) -> list[str]:
    """The advice: the first repairs and the number of others, or the general advice if none was proved."""
    lines = [say("report", "help", "help: {advice}", advice=advice)] if advice else []
    if any(repair.proved for repair in repairs):
        lines = [say("report", "verified", "help: each fix below was verified on the whole model")]
    for count, repair in enumerate(repairs[:MOST_SHOWN], 1):
        lines.append(repair_line(f"{count}." if repair.proved else "x ", str(repair.title), str(repair.path), repair.proved))
    rest = len(repairs) - MOST_SHOWN
    return [*lines, say("report", "more_repairs", "   and {count} more", count=rest)] if rest > 0 else lines


def more(code: str) -> str:
    """Where to read more about a finding."""
    return say("report", "more", "more: {command}", command=f"python -m shapecheck --explain {code}")


def repair_line(sign: str, title: str, path: str, works: bool = True) -> str:
    """Title, path of sizes, and whether it works: one line, or two if one would exceed 80 columns."""
    word = say("report", "works", "works") if works else ""
    line = f"   {sign} {padded(title, 38)} {padded(path, 28)} {word}".rstrip()
    return line if columns(line) <= 80 else f"   {sign} {title}\n      {f'{path} {word}'.strip()}"
