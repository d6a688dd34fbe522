"""Make .github/finding.png, the README's picture: what `python -m shapecheck` prints for a stack that breaks.

    python tests/assets/make_finding.py       needs tinyseq and matplotlib
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib as mpl

mpl.use("agg")
import matplotlib.pyplot as plt

TARGET = Path(__file__).parents[2] / ".github" / "finding.png"
STACK = """from keras import Input, Sequential, layers

model = Sequential([
    Input((28, 28, 1)),
    layers.Conv2D(16, 5, activation="relu"),
    layers.MaxPooling2D(4),
    layers.Conv2D(32, 7, activation="relu"),
    layers.Flatten(),
    layers.Dense(10, activation="softmax"),
])
"""
PAPER, INK, QUIET, RED, GREEN = "#ffffff", "#1f2328", "#59636e", "#b3001b", "#0a6b2d"


def printed() -> list[str]:
    """The lines that the checker prints, after the command."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "model.py").write_text(STACK, encoding="utf-8")
        command = [sys.executable, "-m", "shapecheck", "model.py"]
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8")
    return ["$ python -m shapecheck model.py", *run.stdout.rstrip().splitlines()]


def colour(line: str) -> str:
    """Red for the error and its marks, green for repairs that work, grey for the source around them."""
    if line.startswith("error") or line.strip(" |").startswith("^") or "broken" in line:
        return RED
    if line.endswith("works") or line.startswith("help"):
        return GREEN
    return QUIET if "|" in line[:8] else INK


def main() -> None:
    """Draw the lines in a fixed-width font."""
    lines, height, size = printed(), 0.19, 11
    figure = plt.figure(figsize=(7.6, height * (len(lines) + 1.5)), facecolor=PAPER)
    for row, line in enumerate(lines):
        y = 1 - (row + 1.2) / (len(lines) + 1.5)
        weight = "bold" if line.startswith(("error", "help", "$")) else "normal"
        figure.text(0.02, y, line, family="DejaVu Sans Mono", size=size, color=colour(line), weight=weight, va="center")
    figure.savefig(TARGET, dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    main()
