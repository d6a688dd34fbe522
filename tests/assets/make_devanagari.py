"""Make tinyseq/datasets/files/devanagari.npz: Devanagari digits drawn from four font families, each a little turned and moved.

    python -m tests.assets.make_devanagari        needs pillow, fontpkg-baloo-2 1.700, fontpkg-mukta 2.538,
                                                  fontpkg-noto-sans-devanagari 2.7, fontpkg-kalam 2.1 (no dependencies of tinyseq)

Three families are printed letters: 300 pictures each. The fourth, Kalam, imitates handwriting: 600 pictures. As in MNIST, the ink is white
on black, the longer side of a digit about 20 of 28 pixels. Grey has 16 levels, which halves the file. The fonts are under the SIL Open
Font License 1.1, which leaves pictures drawn with them free; no font is part of the package.
"""

import importlib
from pathlib import Path
from typing import Any

import numpy as np

TARGET = Path(__file__).parents[2] / "tinyseq" / "datasets" / "files" / "devanagari.npz"
FAMILIES = {
    "fontpkg_baloo_2": (300, ("Baloo2[wght].ttf",)),
    "fontpkg_mukta": (300, tuple(f"Mukta-{weight}.ttf" for weight in ("Light", "Regular", "Medium", "SemiBold", "Bold"))),
    "fontpkg_noto_sans_devanagari": (300, ("NotoSansDevanagari[wdth,wght].ttf",)),
    "fontpkg_kalam": (600, tuple(f"Kalam-{weight}.ttf" for weight in ("Light", "Regular", "Bold"))),
}
DIGITS = "०१२३४५६७८९"
CANVAS, SIDE, ROWS = 160, 20, 28


def drawn(font: Any, digit: str, random: Any) -> Any:
    """One picture (28, 28), uint8: the digit, scaled to 20 pixels, turned by up to 12 degrees, sheared, scaled, moved by up to 2 pixels."""
    from PIL import Image, ImageDraw

    canvas = Image.new("L", (CANVAS, CANVAS))
    ImageDraw.Draw(canvas).text((CANVAS // 2, CANVAS // 2), digit, fill=255, font=font, anchor="mm")
    left, top, right, bottom = canvas.getbbox()
    angle, shear = np.deg2rad(random.uniform(-12, 12)), random.uniform(-0.15, 0.15)
    scale = max(right - left, bottom - top) / (SIDE * random.uniform(0.85, 1.1))
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) @ np.array([[1, shear], [0, 1]])
    middle = np.array([(left + right) / 2, (top + bottom) / 2]) - turn @ (ROWS / 2 + random.uniform(-2, 2, 2))
    wide = canvas.transform((4 * ROWS, 4 * ROWS), Image.Transform.AFFINE, _quarter(turn, middle), Image.Resampling.BILINEAR)
    small = np.asarray(wide, np.float64).reshape(ROWS, 4, ROWS, 4).mean(axis=(1, 3))
    return (np.round(small / 17) * 17).astype(np.uint8)


def _quarter(turn: Any, middle: Any) -> tuple[float, ...]:
    """The same map for a picture of four times the size, as Pillow takes it."""
    return (turn[0, 0] / 4, turn[0, 1] / 4, middle[0], turn[1, 0] / 4, turn[1, 1] / 4, middle[1])


def family(name: str, count: int, files: tuple[str, ...], random: Any) -> list[Any]:
    """`count` pictures, equally many of each digit, of all weights of a family."""
    from PIL import ImageFont

    folder = Path(importlib.import_module(name).__file__ or "").parent / "files"
    fonts = [ImageFont.truetype(str(folder / file), 100) for file in files]
    found = []
    for number in range(count):
        font = fonts[number // 10 % len(fonts)]
        if "wght" in files[0]:
            axes = font.get_variation_axes()
            font.set_variation_by_axes([
                random.uniform(max(axis["minimum"], 400), min(axis["maximum"], 700)) if b"eight" in axis["name"] else axis["default"]
                for axis in axes
            ])  # fmt: skip
        found.append(drawn(font, DIGITS[number % 10], random))
    return found


def main() -> None:
    random = np.random.default_rng(1)
    pictures = [picture for name, (count, files) in FAMILIES.items() for picture in family(name, count, files, random)]
    labels = np.arange(len(pictures)) % 10
    families = np.repeat(np.arange(len(FAMILIES)), [count for count, _ in FAMILIES.values()])
    np.savez_compressed(TARGET, images=np.array(pictures), labels=labels.astype(np.uint8), families=families.astype(np.uint8))
    print(TARGET.name, TARGET.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
