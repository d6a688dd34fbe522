"""Downloads: one file, once, the right bytes, and going on where a broken one stopped. All on loopback."""

import gzip
import hashlib
import io
import pickle
import socket
import subprocess
import sys
import tarfile
import types
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.datasets.server import serving
from tinyseq.datasets import cifar10, cifar100, fashion_mnist, mnist
from tinyseq.datasets.cifar import read_batch
from tinyseq.datasets.download import DownloadError, cache_folder, get_file

BODY = np.random.default_rng(0).bytes(3_000_000)  # three blocks
HASH = hashlib.sha256(BODY).hexdigest()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "क home"))
    return tmp_path / "क home"


def test_a_file_is_downloaded_once_and_lies_where_keras_looks(home: Path) -> None:
    with serving({"a.npz": BODY}) as site:
        first = get_file("a.npz", site.url + "a.npz", HASH)
        again = get_file("a.npz", site.url + "a.npz", HASH)
    assert first == again == home / "datasets" / "a.npz"
    assert first.read_bytes() == BODY and len(site.asked) == 1


def test_a_broken_download_goes_on_where_it_stopped(home: Path) -> None:
    with serving({"a": BODY}) as site:
        site.break_after = 1_500_000
        with pytest.raises(DownloadError, match=r"ended after 1\d+ of 3000000 bytes|IncompleteRead"):
            get_file("a", site.url + "a", HASH)
        assert not (home / "datasets" / "a").exists()
        assert get_file("a", site.url + "a", HASH).read_bytes() == BODY
    assert site.asked[1][1] == "bytes=1500000-"


def test_a_server_without_ranges_sends_the_whole_file_again() -> None:
    with serving({"a": BODY}) as site:
        site.break_after, site.ranges = 1_000_000, False
        with pytest.raises(DownloadError):
            get_file("a", site.url + "a", HASH)
        assert get_file("a", site.url + "a", HASH).read_bytes() == BODY


@pytest.mark.parametrize("left", [b"x" * 500, b"x" * len(BODY), b"x" * (len(BODY) + 1), BODY])
def test_whatever_an_earlier_attempt_left_behind_the_file_is_right(home: Path, left: bytes) -> None:
    (home / "datasets").mkdir(parents=True)
    (home / "datasets" / "a.part").write_bytes(left)
    with serving({"a": BODY}) as site:
        assert get_file("a", site.url + "a", HASH).read_bytes() == BODY
    assert [path.name for path in (home / "datasets").iterdir()] == ["a"]


def test_a_damaged_file_in_the_cache_is_replaced(home: Path) -> None:
    (home / "datasets").mkdir(parents=True)
    (home / "datasets" / "a").write_bytes(BODY[:-1])
    with serving({"a": BODY}) as site:
        assert get_file("a", site.url + "a", HASH).read_bytes() == BODY


def test_wrong_bytes_are_thrown_away(home: Path) -> None:
    with serving({"a": b"not it"}) as site, pytest.raises(DownloadError, match="whose hash is not"):
        get_file("a", site.url + "a", HASH)
    assert list((home / "datasets").iterdir()) == []


def test_an_md5_is_accepted_as_in_keras() -> None:
    with serving({"a": BODY}) as site:
        assert get_file("a", site.url + "a", hashlib.md5(BODY).hexdigest()).read_bytes() == BODY


@pytest.mark.parametrize("where", ["404", "nobody listens"])
def test_without_the_file_the_error_says_where_a_copy_belongs_and_what_needs_no_network(home: Path, where: str) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with serving({}) as site, pytest.raises(DownloadError) as caught:
            get_file("mnist.npz", site.url + "x" if where == "404" else f"http://127.0.0.1:{port}/x", HASH)
    assert str(home / "datasets" / "mnist.npz") in str(caught.value)
    assert "digits.load_data()" in str(caught.value)
    assert isinstance(caught.value, OSError)


def test_a_file_name_with_folders_is_refused() -> None:
    with pytest.raises(ValueError, match="without folders"):
        get_file("../a", "http://127.0.0.1/", HASH)


def test_the_cache_is_in_the_home_folder_unless_told_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert cache_folder() == tmp_path / ".keras"
    assert cache_folder(tmp_path / "other") == tmp_path / "other"


def test_importing_the_loaders_loads_no_network_code() -> None:
    code = "import tinyseq.datasets, sys; sys.exit(bool({'urllib.request', 'http.client', 'rich'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_mnist_reads_keras_file(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.BytesIO()
    x = np.random.default_rng(1).integers(0, 256, (7, 28, 28), dtype=np.uint8)
    np.savez(file, x_train=x, y_train=np.arange(7, dtype=np.uint8), x_test=x[:2], y_test=np.arange(2, dtype=np.uint8))
    with serving({"mnist.npz": file.getvalue()}) as site:
        _point(monkeypatch, mnist, site.url + "mnist.npz", file.getvalue())
        (x_train, y_train), (x_test, _) = mnist.load_data()
        assert mnist.load_data(path="mine.npz")[0][0].shape == (7, 28, 28)
    assert np.array_equal(x_train, x) and y_train.tolist() == list(range(7)) and x_test.shape == (2, 28, 28)


def test_fashion_mnist_reads_idx_files(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.random.default_rng(2).integers(0, 256, (5, 28, 28), dtype=np.uint8)
    plain = {name: _idx(x) if "idx3" in name else _idx(np.arange(5, dtype=np.uint8)) for name in fashion_mnist.CONTENTS}
    monkeypatch.setattr(fashion_mnist, "CONTENTS", {name: hashlib.sha256(b).hexdigest() for name, b in plain.items()})
    with serving({name: gzip.compress(body) for name, body in plain.items()}) as site:
        monkeypatch.setattr(fashion_mnist, "ORIGIN", site.url)
        (x_train, y_train), (x_test, y_test) = fashion_mnist.load_data()
    assert np.array_equal(x_train, x) and np.array_equal(x_test, x)
    assert y_train.tolist() == y_test.tolist() == [0, 1, 2, 3, 4]
    assert (home / "datasets" / "fashion-mnist" / "train-images-idx3-ubyte.gz").is_file()


def test_cifar10_reads_the_archive_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    planes = np.random.default_rng(3).integers(0, 256, (2, 3072), dtype=np.uint8)
    names = [*(f"data_batch_{i}" for i in range(1, 6)), "test_batch"]
    body = _tar({f"cifar-10-batches-py/{name}": _pickled(planes, labels=[3, 9]) for name in names})
    with serving({"c": body}) as site:
        _point(monkeypatch, cifar10, site.url + "c", body)
        (x_train, y_train), (x_test, y_test) = cifar10.load_data()
    assert (x_train.shape, y_train.shape) == ((10, 32, 32, 3), (10, 1))
    assert x_test[1, 2, 5, 0] == planes[1, 2 * 32 + 5] and x_test[0, 31, 31, 2] == planes[0, -1]
    assert y_test.tolist() == [[3], [9]]


def test_cifar100_has_fine_and_coarse_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    planes = np.zeros((2, 3072), np.uint8)
    pickled = _pickled(planes, fine_labels=[77, 8], coarse_labels=[4, 1])
    body = _tar({f"cifar-100-python/{part}": pickled for part in ("train", "test")})
    with serving({"c": body}) as site:
        _point(monkeypatch, cifar100, site.url + "c", body)
        assert cifar100.load_data()[0][1].tolist() == [[77], [8]]
        assert cifar100.load_data("coarse")[1][1].tolist() == [[4], [1]]
    with pytest.raises(ValueError, match="'finest'"):
        cifar100.load_data("finest")


def test_a_pickle_that_names_code_is_not_run(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
            return exec, (f"open({str(tmp_path / 'pwned')!r}, 'w')",)

    (tmp_path / "t").write_bytes(_tar({"m": pickle.dumps(Evil())}))
    with pytest.raises(pickle.UnpicklingError, match=r"builtins\.exec"):
        read_batch(tmp_path / "t", "m", "labels")
    assert not (tmp_path / "pwned").exists()


def _point(monkeypatch: pytest.MonkeyPatch, loader: types.ModuleType, url: str, body: bytes) -> None:
    monkeypatch.setattr(loader, "ORIGIN", url)
    monkeypatch.setattr(loader, "SHA256", hashlib.sha256(body).hexdigest())


def _idx(values: np.ndarray) -> bytes:
    return bytes([0, 0, 8, values.ndim]) + np.array(values.shape, ">i4").tobytes() + values.tobytes()


def _tar(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as tar:
        for name, body in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            tar.addfile(info, io.BytesIO(body))
    return file.getvalue()


def _pickled(planes: np.ndarray, **labels: list[int]) -> bytes:
    """As Python 2 wrote them: byte-string keys, NumPy's old module name."""
    body = pickle.dumps({b"data": planes, **{key.encode(): value for key, value in labels.items()}}, protocol=2)
    return body.replace(b"cnumpy._core.multiarray\n", b"cnumpy.core.multiarray\n")
