"""Record the files that Keras saves for the lines of tests/data/ops_lines.py -> operation_files.zip: the config.json of each.

    python -m tests.oracle.record_operation_files

A line is left out, and printed with the reason, if Keras cannot make, save or load its model. The numbers are those of ops.npz.
"""

import tempfile
import zipfile
from pathlib import Path

from tests.data import ops_lines
from tests.oracle.keras_side import HERE, keras


def saved(line: str, place: Path) -> bytes:
    """The config.json of the model that computes a line, which Keras loads again."""
    names = ops_lines.used(line)
    inputs = {name: keras.Input(ops_lines.arrays()[name].shape[1:], name=name) for name in names}
    output = eval(line, {"ops": keras.ops, "activations": keras.activations}, dict(inputs))  # our own lines
    keras.Model(list(inputs.values()), output).save(place)
    keras.saving.load_model(place)
    with zipfile.ZipFile(place) as archive:
        return archive.read("config.json")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(HERE / "operation_files.zip", "w", zipfile.ZIP_DEFLATED) as found:
        for line in ops_lines.LINES:
            keras.utils.clear_session()
            try:
                config = saved(line, Path(folder) / "model.keras")
            except Exception as error:  # whatever Keras cannot do with a line
                print(f"{line}: {type(error).__name__}: {str(error)[:100]!r}")
                continue
            entry = zipfile.ZipInfo(f"{ops_lines.LINES.index(line):03}.json")
            entry.comment = line.encode()
            entry.compress_type = zipfile.ZIP_DEFLATED
            found.writestr(entry, config)


if __name__ == "__main__":
    main()
