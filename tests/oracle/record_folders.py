"""Record which files Keras finds in a folder, in which order, and the windows of a series -> folders.json.

    python -m tests.oracle.record_folders
"""

import json
import tempfile
from pathlib import Path
from typing import Any

from tests.data import folders
from tests.oracle.keras_side import HERE, keras


def main() -> None:
    found: dict[str, Any] = {"series": {name: folders.series(keras, arguments) for name, arguments in folders.SERIES.items()}}
    found["splits"] = folders.splits(keras)
    with tempfile.TemporaryDirectory() as place:
        folders.write(Path(place))
        found["pictures"] = folders.pictures(keras, Path(place))
        for name, arguments in folders.CASES.items():
            made = keras.utils.text_dataset_from_directory(place, batch_size=4, verbose=False, **arguments)
            parts = made if isinstance(made, (list, tuple)) else [made]
            found[name] = [folders.told(one, not arguments.get("shuffle", True)) for one in parts]
    (HERE / "folders.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
