"""Download a file once, into the folder and under the name that Keras uses. Nothing is downloaded unless a loader

needs it. An interrupted download continues where it stopped: the bytes so far are beside the target as NAME.part, and the rest is
requested from the server (HTTP Range). The hash is checked before the file gets its name, and again whenever it is found in
the cache.
"""

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

BLOCK = 1 << 20  # bytes read at a time
TIMEOUT = 30.0  # seconds without a byte


class DownloadError(OSError):
    """A data set is neither in the cache nor can it be downloaded. The message says where to put a copy."""


def cache_folder(cache_dir: str | os.PathLike[str] | None = None) -> Path:
    """`cache_dir`, or $KERAS_HOME, or ~/.keras; a folder under the system's temporary one if that is not
    writable.
    """
    folder = Path(cache_dir or os.environ.get("KERAS_HOME") or "~/.keras").expanduser()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.gettempdir()) / ".keras"
    return folder if os.access(folder, os.W_OK) else Path(tempfile.gettempdir()) / ".keras"


def get_file(
    fname: str,
    origin: str,
    file_hash: str | None = None,
    cache_subdir: str = "datasets",
    cache_dir: str | os.PathLike[str] | None = None,
    force_download: bool = False,
    unpack: Callable[[Path], Any] = lambda path: path.open("rb"),
) -> Path:
    """-> path of `fname` in the cache, downloaded from `origin` (http, https, file) if it is missing or its hash is
    wrong.

    file_hash: SHA-256 (64 hex digits) or MD5 (32) of what `unpack(path)` reads; None accepts any existing file.
    Raises DownloadError: no network, the server refuses, or the hash is wrong.
    """
    if Path(fname).name != fname:
        raise ValueError(f"fname is one file name without folders, got {fname!r}; folders belong in cache_subdir")
    target = cache_folder(cache_dir) / cache_subdir / fname
    if target.is_file() and not force_download:
        if _matches(target, file_hash, unpack):
            return target
        _say(f"{target} is incomplete or a different version: downloading it again")
    _make_folder(target.parent)
    part = target.with_name(fname + ".part")
    resumed = part.exists()
    _download(origin, part, target)
    if not _matches(part, file_hash, unpack) and resumed:  # the part was of another version: download all again
        part.unlink()
        _download(origin, part, target)
    if not _matches(part, file_hash, unpack):
        part.unlink()
        raise DownloadError(f"{origin} sent a file whose hash is not {file_hash}; it was deleted: try again")
    os.replace(part, target)
    return target


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DownloadError(
            f"cannot create the folder {folder}: {error.strerror}; set KERAS_HOME to a folder you can write to"
        ) from error


def _matches(path: Path, file_hash: str | None, unpack: Callable[[Path], Any]) -> bool:
    if file_hash is None:
        return True
    digest = hashlib.md5(usedforsecurity=False) if len(file_hash) == 32 else hashlib.sha256()
    try:
        with unpack(path) as file:
            while block := file.read(BLOCK):
                digest.update(block)
    except (OSError, EOFError):  # a gzip file cut short
        return False
    return digest.hexdigest() == file_hash.lower()


def _download(origin: str, part: Path, target: Path) -> None:
    """Appends the missing bytes of `origin` to `part`; from the start if the server cannot continue."""
    from http.client import HTTPException
    from urllib.error import HTTPError

    try:
        _fetch(origin, part)
    except HTTPError as error:
        error.close()
        raise _unreachable(origin, target, f"the server answered {error.code} {error.reason}") from error
    except (OSError, HTTPException) as error:
        raise _unreachable(origin, target, str(getattr(error, "reason", error)) or type(error).__name__) from error


def _fetch(origin: str, part: Path) -> None:
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen

    have = part.stat().st_size if part.exists() else 0
    headers = {"User-Agent": "tinyseq", **({"Range": f"bytes={have}-"} if have else {})}
    try:
        response = urlopen(Request(origin, headers=headers), timeout=TIMEOUT)
    except HTTPError as error:
        if error.code != 416 or not have:  # 416: no bytes after these: complete, or another version
            raise
        error.close()
        return
    with response:
        continues = have and response.status == 206
        left = response.headers.get("Content-Length")
        start = have if continues else 0
        total = start + int(left) if left is not None else None
        size = f" ({total / 1e6:.1f} MB)" if total else ""
        _say(f"downloading {origin}{size}" + (f", from byte {start}" if start else ""))
        with open(part, "ab" if continues else "wb") as file:
            _copy(response, file, start, total)


def _copy(response: Any, file: IO[bytes], done: int, total: int | None) -> None:
    with _progress(done, total) as advance:
        while block := response.read(BLOCK):
            file.write(block)
            done += len(block)
            advance(len(block))
    if total is not None and done < total:
        raise ConnectionError(f"the connection ended after {done} of {total} bytes; call again to continue from there")


class _progress:
    """with _progress(done, total) as advance: advance(bytes).

    A progress bar in a terminal, nothing in a pipe.
    """

    def __init__(self, done: int, total: int | None) -> None:
        self.done, self.total = done, total
        self.bar: Any = None

    def __enter__(self) -> Callable[[int], None]:
        if not (sys.stderr and sys.stderr.isatty()):
            return lambda count: None
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TransferSpeedColumn

        bar = Progress(BarColumn(), DownloadColumn(), TransferSpeedColumn(), console=Console(stderr=True))
        task = bar.add_task("", total=self.total, completed=self.done)
        bar.start()
        self.bar = bar
        return lambda count: bar.advance(task, count)

    def __exit__(self, *error: object) -> None:
        if self.bar is not None:
            self.bar.stop()


def _unreachable(origin: str, target: Path, reason: str) -> DownloadError:
    return DownloadError(
        f"cannot download {origin}: {reason}\n"
        f"help: copy the file from another computer to {target}; "
        "or use tinyseq.datasets.digits.load_data(), which needs no network"
    )


def _say(text: str) -> None:
    if sys.stderr:
        print(text, file=sys.stderr, flush=True)
