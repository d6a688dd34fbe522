"""What a lesson is made of, counted: words, lines of code, minutes, exercises, exit questions, the Python it uses."""

import ast
import builtins
import re
from pathlib import Path
from typing import Any

from tests.tutorials.notebooks import exercises, read

MINUTES = re.compile(r"^## .*\((\d+) (?:minutes|मिनट)\)$", re.MULTILINE)
FENCE = re.compile(r"```.*?```", re.DOTALL)
LINK = re.compile(r"\]\([^)]*\)")
QUESTION = re.compile(r"^\d\. .+$", re.MULTILINE)


def markdown(notebook: Any) -> list[str]:
    """The text of each markdown cell."""
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def code(notebook: Any) -> list[str]:
    """The text of each code cell."""
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def asked(notebook: Any) -> list[str]:
    """The questions of the predictions, as they are printed."""
    calls = [node for text in code(notebook) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    return [str(call.args[0].value) for call in calls if ast.unparse(call.func) == "lesson.predict"]  # type: ignore[attr-defined]


def words(notebook: Any) -> int:
    """How many words a student reads: prose and questions; quoted code of a block and addresses of links do not count."""
    text = " ".join([*markdown(notebook), *asked(notebook)])
    text = LINK.sub("]", FENCE.sub(" ", text))
    return sum(1 for word in text.split() if any(letter.isalpha() for letter in word))


def lines(notebook: Any) -> int:
    """How many lines of code a student reads: no blank ones, no comments, and not those that only ask, check or show."""
    every = [line.strip() for text in code(notebook) for line in text.splitlines()]
    return sum(1 for line in every if line and not line.startswith(("#", "lesson.")))


def minutes(notebook: Any) -> list[int]:
    """What each part says it takes."""
    return [int(found) for found in MINUTES.findall("\n".join(markdown(notebook)))]


def checked(notebook: Any) -> list[bool]:
    """For each exercise: is the next code cell its check?"""
    cells = notebook.cells
    return ["lesson.check" in cells[place + 1].source.splitlines()[-1] for place in exercises(notebook)]


def exit_questions(notebook: Any) -> list[str]:
    """The numbered questions under the last heading."""
    last = markdown(notebook)[-1]
    return QUESTION.findall(last[last.index("## ") :])


def constructs(source: Path) -> set[str]:
    """The kinds of statements and expressions that a lesson's code uses, by the names of Python's syntax tree."""
    nodes = (node for text in code(read(source)) for node in ast.walk(ast.parse(text)))
    return {type(node).__name__ for node in nodes if not isinstance(node, (ast.expr_context, ast.operator, ast.cmpop, ast.unaryop))}


def functions(source: Path) -> set[str]:
    """The functions of NumPy and of Python itself that a lesson's code calls: np.ones is ones, its own functions are left out."""
    nodes = [node for text in code(read(source)) for node in ast.walk(ast.parse(text))]
    own = {node.name for node in nodes if isinstance(node, ast.FunctionDef)} | {"Lesson"}
    called = {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}
    numpy = {name.split(".", 1)[1] for name in called if re.fullmatch(r"(np|tf)\.[a-z_.]+", name)}
    return numpy | {name for name in called if name.isidentifier() and hasattr(builtins, name) and name not in own}
