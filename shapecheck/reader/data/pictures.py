"""One image as an array: load_img, img_to_array, PIL and OpenCV."""

from __future__ import annotations

from shapecheck.languages import because
from shapecheck.reader.data import arrays
from shapecheck.reader.values import Array, plain
from shapecheck.shapes import Dim, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.reader.call import Call

CHANNELS = {"rgb": 3, "rgba": 4, "grayscale": 1}
SIZE_OF_FILE = because("the image size is in its file")
GREY = ("IMREAD_GRAYSCALE", 0)
BANDS = {"RGB": (3,), "RGBA": (4,), "L": (), "1": (), "CMYK": (4,)}
"""The last axis of numpy.array(picture) for each mode of PIL."""


def load_img(call: Call) -> Array:
    """keras.utils.load_img(path, color_mode, target_size): an image; as an array (rows, columns, channels)."""
    size, mode = plain(call.keywords.get("target_size")), call.keywords.get("color_mode", "rgb")
    sides = tuple(size) if isinstance(size, (tuple, list)) and len(size) == 2 else (None, None)
    if call.keywords.get("grayscale") is True:
        mode = "grayscale"
    channels: Dim = CHANNELS.get(mode, Unknown("channels")) if isinstance(mode, str) else Unknown("channels")
    return Array((*map(_side, sides), channels), "float", source="picture")


def _side(size: Any) -> Dim:
    return size if isinstance(size, int) and not isinstance(size, bool) else Unknown("size", SIZE_OF_FILE)


def img_to_array(call: Call) -> Array:
    """keras.utils.img_to_array(picture): (rows, columns, channels), one channel for a grey image."""
    given = call.get(0, "img")
    if not isinstance(given, Array) or given.dims is None or call.keywords.get("data_format") not in (None, "channels_last"):
        return Array(None, "float", why=SIZE_OF_FILE)
    if given.source == "picture of any mode":
        return Array((*given.dims[:2], Unknown("channels", because("whether the image is grey or coloured is in its file"))), "float")
    return Array(given.dims if len(given.dims) == 3 else (*given.dims, 1), "float")


def pil(last: str, call: Call) -> Array | None:
    """PIL.Image.open, new and fromarray; None if not supported."""
    if last == "new":
        size, mode = plain(call.get(1, "size")), call.get(0, "mode")
        sides = tuple(size) if isinstance(size, (tuple, list)) and len(size) == 2 else (None, None)
        return picture(sides, BANDS.get(mode) if isinstance(mode, str) else None)
    if last == "fromarray":
        given = arrays.of(call.get(0, "obj"))
        return Array(given.dims, given.dtype, why=given.why, source="picture")
    return picture((None, None), None) if last == "open" else None


def picture(sides: tuple[Any, Any], bands: tuple[int, ...] | None) -> Array:
    """A PIL image, whose size is (columns, rows); `bands` None: whether there is an axis for them depends on the file."""
    made = Array((_side(sides[1]), _side(sides[0]), *(bands or ())), "int", source="picture")
    if bands is None:
        made.source = "picture of any mode"
    return made


def method(owner: Array, name: str, call: Call) -> Array | None:
    """picture.resize((columns, rows)), .convert("L") of PIL; None for methods of arrays."""
    if not owner.source.startswith("picture") or owner.dims is None:
        return None
    if name == "resize":
        size = plain(call.get(0, "size"))
        sides = tuple(size) if isinstance(size, (tuple, list)) and len(size) == 2 else (None, None)
        return Array((_side(sides[1]), _side(sides[0]), *owner.dims[2:]), owner.dtype, source=owner.source)
    if name == "convert":
        mode = call.get(0, "mode")
        bands = BANDS.get(mode) if isinstance(mode, str) else None
        return picture((owner.dims[1], owner.dims[0]), bands)
    return owner if name in ("copy", "load") else None


def opened(given: Array) -> Array:
    """numpy.array(picture): of unknown rank if the image mode is only in its file."""
    any_mode = given.source == "picture of any mode"
    return arrays.hidden(because("whether the image is grey or coloured is in its file")) if any_mode else given


def cv2(last: str, call: Call) -> Array:
    """OpenCV's imread, resize and cvtColor; rows come first in arrays, columns first in sizes."""
    given = call.get(0, "src")
    if last == "imread":
        flag = call.get(1, "flags")
        grey = (getattr(flag, "last", flag) in GREY) and flag is not False
        colour = flag is None or flag == 1 or getattr(flag, "last", "") == "IMREAD_COLOR"
        if grey or colour:
            return Array((_side(None), _side(None), *(() if grey else (3,))), "int")
        return arrays.hidden(SIZE_OF_FILE)
    if not isinstance(given, Array) or given.dims is None:
        return arrays.hidden(getattr(given, "why", "") or SIZE_OF_FILE)
    if last == "resize" and len(given.dims) in (2, 3):
        size = plain(call.get(1, "dsize"))
        sides = tuple(size) if isinstance(size, (tuple, list)) and len(size) == 2 else (None, None)
        bands = given.dims[2:] if given.dims[2:] != (1,) else ()  # OpenCV drops a single channel
        return Array((_side(sides[1]), _side(sides[0]), *bands), given.dtype)
    if last == "cvtColor" and len(given.dims) in (2, 3):
        code = getattr(call.get(1, "code"), "last", "")
        if code.endswith("2GRAY"):
            return Array(given.dims[:2], given.dtype)
        if code.startswith("COLOR_GRAY2") or "2" in code:
            return Array((*given.dims[:2], 4 if code.endswith("A") and not code.endswith("GRAY") else 3), given.dtype)
    if last in ("GaussianBlur", "medianBlur", "blur", "flip", "bitwise_not", "equalizeHist", "normalize"):
        return Array(given.dims, given.dtype)
    return arrays.hidden(because("cv2.{last}() is not supported", last=last))
