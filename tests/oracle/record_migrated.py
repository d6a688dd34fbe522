"""Run the migrated programs of tests/shapecheck/migration/programs in Keras 3 -> migrated.json.

    python -m tests.oracle.record_migrated

Of each: the text after migrate, the layers that Keras built (class, output shape, parameters), and what stopped it, if something did.
"""

import contextlib
import io
import os
import tempfile
import warnings
from pathlib import Path
from typing import Any

from shapecheck.cli.migrate import planned
from tests.oracle.keras_side import keras, write

PROGRAMS = Path(__file__).parents[1] / "shapecheck" / "migration" / "programs"


def layers(model: Any) -> list[list[Any]] | None:
    """[class, output shape, parameters] of each layer but inputs; None if there is no model."""
    if not isinstance(model, keras.Model):
        return None
    found = [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
    return [[type(layer).__name__, list(layer.output.shape), layer.count_params()] for layer in found]


def ran(text: str) -> dict[str, Any]:
    """A program run in a folder of its own."""
    keras.backend.clear_session()
    keras.config.set_image_data_format("channels_last")
    names: dict[str, Any] = {"__name__": "program"}
    stopped = ""
    home = Path.cwd()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        os.chdir(folder)
        try:
            exec(compile(text, "program", "exec"), names)
        except Exception as error:
            first = str(error).partition("\n")[0].partition(" (/")[0]  # without the folder of this installation
            stopped = f"{type(error).__name__}: {first}"
        finally:
            os.chdir(home)
    return {"after": text, "layers": layers(names.get("model")), "stopped": stopped}


def main() -> None:
    found = {path.stem: ran(planned(path.read_text("utf-8"), f"{path.stem}.py").new) for path in sorted(PROGRAMS.glob("*.txt"))}
    write("migrated.json", found)
    for name, one in found.items():
        if one["stopped"]:
            print(name, one["stopped"])


if __name__ == "__main__":
    main()
