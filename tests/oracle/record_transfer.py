"""Run the programs of tests/transfer_programs.py in Keras -> transfer.json.

    python -m tests.oracle.record_transfer

Of every variable that holds a model: how many layers, parameters, those that are trained, output shapes. Of a program that
is refused: the exception's type and the first words of its message.
"""

import json
from pathlib import Path
from typing import Any

from tests.oracle.record_applications import count, keras
from tests.transfer_programs import HEAD, PROGRAMS, REFUSED

HERE = Path(__file__).parent


def models(source: str) -> dict[str, Any]:
    """What each model of a program is at its end."""
    keras.utils.clear_session(free_memory=False)
    names: dict[str, Any] = {}
    exec(HEAD + source, names)
    found = {name: value for name, value in names.items() if isinstance(value, keras.Model)}
    return {
        name: {
            "layers": len(model.layers),
            "params": count(model.weights),
            "trainable": count(model.trainable_weights),
            "outputs": [list(tensor.shape) for tensor in model.outputs],
        }
        for name, model in found.items()
    }


def refusal(source: str) -> str:
    """What Keras says."""
    try:
        models(source)
    except Exception as error:  # whatever it is: its message is recorded
        return " ".join(f"{type(error).__name__}: {error}".split())[:160]
    raise SystemExit(f"Keras accepts:\n{source}")


def main() -> None:
    answers = {name: models(source) for name, source in PROGRAMS.items()}
    no = {name: refusal(source) for name, source in REFUSED.items()}
    lines = [f"{json.dumps(name)}: {json.dumps(answer)}" for name, answer in {**answers, **no}.items()]
    (HERE / "transfer.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
