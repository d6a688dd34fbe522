"""Fonts that have Devanagari letters.

Devanagari needs shaping: a vowel sign may be drawn before its consonant, and two consonants may join in one shape.
matplotlib does that from 3.11 on; earlier versions draw the code points one after the other, which is not readable as
Hindi.
"""

import importlib.util
from functools import cache
from pathlib import Path

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

LATIN = "DejaVu Sans"  # comes with matplotlib
NEEDED = "कर्मिनतृष्टु०९"  # letters, vowel signs, the joining sign and digits
KNOWN = (
    "Noto Sans Devanagari",
    "Nirmala UI",
    "Mangal",
    "Kohinoor Devanagari",
    "Devanagari Sangam MN",
    "Lohit Devanagari",
)


class FontMissing(RuntimeError):
    """No font on this computer has Devanagari letters, or matplotlib is too old to join them."""


@cache
def devanagari_font() -> str:
    """-> the family name of a font with Devanagari letters, registered with matplotlib.

    Looks at the package fontpkg-noto-sans-devanagari (extra [tutorials]), then at the fonts of the system.
    Raises FontMissing with what to install.
    """
    for path in (*_packaged(), *_installed()):
        if _has_letters(path):
            manager = font_manager.fontManager
            manager.addfont(path)
            manager.ttflist.insert(0, manager.ttflist.pop())  # before a font of the system with the same name
            return font_manager.FontProperties(fname=path).get_name()
    raise FontMissing("no font with Devanagari letters found\nhelp: python -m pip install fontpkg-noto-sans-devanagari")


def families(language: str) -> list[str]:
    """The font families for `language`, first choice first; matplotlib uses the next one if a letter is
    missing.
    """
    if language != "hi":
        return [LATIN]
    import matplotlib

    if tuple(int(part) for part in matplotlib.__version__.split(".")[:2]) < (3, 11):
        raise FontMissing(
            f'matplotlib {matplotlib.__version__} does not join Devanagari letters\nhelp: python -m pip install "matplotlib>=3.11"'
        )
    return [LATIN, devanagari_font()]


def _packaged() -> list[str]:
    spec = importlib.util.find_spec("fontpkg_noto_sans_devanagari")
    folders = spec.submodule_search_locations or [] if spec else []
    return [str(path) for folder in folders for path in sorted(Path(folder).glob("files/*.ttf"))]


def _installed() -> list[str]:
    """Files of the system's fonts that usually have the letters, the known families first."""
    known = {entry.name: entry.fname for entry in font_manager.fontManager.ttflist if entry.name in KNOWN}
    named = [entry.fname for entry in font_manager.fontManager.ttflist if "Devanagari" in entry.name]
    return [*(known[name] for name in KNOWN if name in known), *named]


def _has_letters(path: str) -> bool:
    try:
        letters = FT2Font(path).get_charmap()
    except (OSError, RuntimeError):  # not a font that FreeType reads
        return False
    return all(ord(letter) in letters for letter in NEEDED)
