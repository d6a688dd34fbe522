"""Ctrl-C in the middle: a command ends with one line, a library call with KeyboardInterrupt and a model that works."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tests.house.imports import ROOT
from tinyseq import callbacks, layers, optimizers
from tinyseq.__main__ import main
from tinyseq.engine import threads
from tinyseq.kernels.jit.interrupts import defer_interrupt
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.jit.numba_internals import JIT_DISABLED, PLAIN_NUMBA
from tinyseq.training import progress
from tinyseq.weights.weight import Weight

X = np.random.default_rng(0).random((40, 6)).astype(np.float32)
LABELS = np.arange(40) % 3


def ctrl_c() -> None:
    signal.raise_signal(signal.SIGINT)


def classifier(optimizer: Any = "sgd") -> keras.Sequential:
    model = keras.Sequential(
        [keras.Input((6,)), layers.Dense(40, activation="relu"), layers.BatchNormalization(), layers.Dense(3, activation="softmax")]
    )
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def assert_it_works(model: keras.Sequential) -> None:
    """It computes what a new model with its weights computes, and learns on."""
    fresh = classifier()
    fresh.set_weights(model.get_weights())
    assert np.array_equal(model.predict(X, verbose=0), fresh.predict(X, verbose=0))
    assert len(model.fit(X, LABELS, epochs=2, verbose=0).epoch) == 2


# ---------------------------------------------------------------------- in a library call


class PressedInTheUpdate(optimizers.SGD):
    """Ctrl-C while the first of the weights changes, in the step `at`."""

    at = 1

    def update(self, p: Any, g: Any, kept: Any, rate: float) -> None:
        super().update(p, g, kept, rate)
        if self.iterations == self.at:
            self.at = -1
            ctrl_c()


def test_a_step_is_whole_or_has_not_been_taken() -> None:
    """The same weights as after as many whole steps."""
    keras.utils.set_random_seed(1)
    model = classifier(PressedInTheUpdate(0.1))
    keras.utils.set_random_seed(1)
    whole = classifier(optimizers.SGD(0.1))
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, LABELS, batch_size=10, shuffle=False, verbose=0)
    assert model.optimizer.iterations == 2
    whole.fit(X[:20], LABELS[:20], batch_size=10, shuffle=False, verbose=0)
    for left, right in zip(model.get_weights(), whole.get_weights(), strict=True):
        assert np.array_equal(left, right)
    assert_it_works(model)


class Pressed(callbacks.Callback):
    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        ctrl_c()

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        ctrl_c()

    def on_predict_batch_end(self, batch: int, logs: Any = None) -> None:
        ctrl_c()


def drawing() -> list[threading.Thread]:
    """Threads that draw a bar."""
    return [thread for thread in threading.enumerate() if "Refresh" in type(thread).__name__]


@pytest.mark.parametrize("call", ["fit", "evaluate", "predict"])
def test_the_bar_is_closed_and_the_interrupt_comes_out(call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_interactive", lambda: True)
    model = classifier()
    given = (X,) if call == "predict" else (X, LABELS)
    with pytest.raises(KeyboardInterrupt):
        getattr(model, call)(*given, verbose=1, callbacks=[Pressed()])
    until = time.monotonic() + 20
    while drawing() and time.monotonic() < until:  # rich tells its thread to stop, and does not wait for it
        time.sleep(0.01)
    assert not drawing()
    assert_it_works(model)


class PressedInForward(layers.Layer):
    shardable = True
    pressed = False

    def output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def forward(self, ctx: Any, x: Any) -> Any:
        if not self.pressed:
            self.pressed = True
            raise KeyboardInterrupt
        return 2 * x

    def backward(self, ctx: Any, gradient: Any) -> Any:
        return 2 * gradient


def test_nothing_half_written_is_used_after_a_break_in_the_middle_of_the_layers() -> None:
    model = keras.Sequential([keras.Input((6,)), layers.Dense(4), PressedInForward(), layers.Dense(2)])
    engine = model._ready_engine()
    before = engine.arenas
    with pytest.raises(KeyboardInterrupt):
        model.predict(X)
    assert engine.arenas is not before
    kernel, bias, kernel_2, bias_2 = model.get_weights()
    assert np.allclose(model.predict(X), (X @ kernel + bias) * 2 @ kernel_2 + bias_2, atol=1e-5)


def test_weights_are_set_all_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    model = classifier()
    new = [weight + 1 for weight in model.get_weights()]
    assign = Weight.assign

    def pressed(self: Weight, value: Any) -> None:
        assign(self, value)
        if self is model.weights[0]:
            ctrl_c()

    monkeypatch.setattr(Weight, "assign", pressed)
    with pytest.raises(KeyboardInterrupt):
        model.set_weights(new)
    for have, want in zip(model.get_weights(), new, strict=True):
        assert np.array_equal(have, want)


# ---------------------------------------------------------------------- underneath


def test_ctrl_c_is_deferred_to_the_end_and_a_second_one_is_not() -> None:
    seen = []
    with pytest.raises(KeyboardInterrupt), defer_interrupt(), defer_interrupt():
        ctrl_c()
        seen.append("went on")
    with pytest.raises(KeyboardInterrupt), defer_interrupt():
        ctrl_c()
        ctrl_c()
        seen.append("must not be reached")
    assert seen == ["went on"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_error_that_follows_from_ctrl_c_does_not_hide_it() -> None:
    with pytest.raises(KeyboardInterrupt), defer_interrupt():
        ctrl_c()
        raise RuntimeError("no compiled object yet")


def test_in_another_thread_nothing_is_deferred() -> None:
    done = []

    def work() -> None:
        with defer_interrupt():
            done.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [signal.default_int_handler]


def test_helpers_have_ended_when_ctrl_c_comes_out() -> None:
    """The main thread waits for its helper when the signal arrives; the helper writes until the end."""
    written = []
    together = threading.Barrier(2, timeout=20)

    def task() -> None:
        together.wait()
        if threading.current_thread() is threading.main_thread():
            return
        time.sleep(0.1)  # the main thread is waiting by now
        if hasattr(signal, "pthread_kill"):  # as the system does: it wakes the main thread
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)  # type: ignore[arg-type]
        else:
            ctrl_c()
        time.sleep(0.3)
        written.append(True)

    before = threads.get_num_threads()
    threads.set_num_threads(2)
    try:
        with pytest.raises(KeyboardInterrupt):
            threads.run([task, task])
        assert written == [True]
    finally:
        threads.set_num_threads(before)


@pytest.mark.skipif(JIT_DISABLED or PLAIN_NUMBA, reason="numba compiles by itself, or not at all")
def test_a_kernel_is_compiled_to_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from numba.core.event import Listener, install_listener

    class PressedInTheCompiler(Listener):  # type: ignore[misc]
        def on_start(self, event: Any) -> None:
            ctrl_c()

        def on_end(self, event: Any) -> None:
            pass

    def twice(x: float) -> float:
        return 2 * x

    monkeypatch.setattr("tinyseq.kernels.jit.disk_cache.folder_for", lambda folder: None)
    compiled: Any = kernel(twice)
    with pytest.raises(KeyboardInterrupt), install_listener("numba:compile", PressedInTheCompiler()):
        compiled(1.0)
    assert len(compiled.signatures) == 1
    assert compiled(2.0) == 4.0


# ---------------------------------------------------------------------- a command


def test_the_demo_ends_with_one_line_and_130(tmp_path: Path) -> None:
    """Pressed a moment after the first line has appeared: numpy and numba are being imported."""
    program = (
        "import signal, sys, threading\n"
        "from tinyseq.__main__ import main\n"
        "threading.Timer(0.4, signal.raise_signal, [signal.SIGINT]).start()\n"
        f"sys.exit(main(['demo', '--out', {str(tmp_path)!r}]))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", env=environment, check=False)
    assert run.returncode == 130
    assert [line for line in run.stderr.splitlines() if line] == ["stopped by Ctrl-C"]


@pytest.mark.skipif(sys.platform == "win32", reason="no process groups as a terminal on POSIX has them")
@pytest.mark.parametrize("processes", ["1", "2"])
def test_the_checker_ends_with_one_line_and_130(processes: str, tmp_path: Path) -> None:
    """Pressed in a terminal, Ctrl-C reaches the command and its helpers, all busy."""
    script = tmp_path / "model.py"
    script.write_text("import keras\nkeras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])\n", "utf-8")
    command = [sys.executable, "-m", "shapecheck", "-j", processes, *([str(script)] * 5000)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8", env=environment, start_new_session=True
    ) as run:
        time.sleep(0.7)
        os.killpg(run.pid, signal.SIGINT)
        _, errors = run.communicate(timeout=60)
    assert [line for line in errors.splitlines() if line] == ["stopped by Ctrl-C"]
    assert run.returncode == 130


@pytest.mark.parametrize("turned_into", [RuntimeError, ImportError, ValueError, None])
def test_a_library_that_makes_another_error_of_ctrl_c_does_not_hide_it(
    turned_into: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(out: Any = None) -> float:
        try:
            ctrl_c()
        except KeyboardInterrupt:
            if turned_into is None:
                raise
            raise turned_into("no compiled object yet") from None
        return 0.0

    monkeypatch.setattr("tinyseq.warmup.warmup", broken)
    assert main(["warmup"]) == 130
    assert capsys.readouterr().err == "\nstopped by Ctrl-C\n"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_error_without_ctrl_c_is_shown_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(out: Any = None) -> float:
        raise RuntimeError("a bug")

    monkeypatch.setattr("tinyseq.warmup.warmup", broken)
    with pytest.raises(RuntimeError, match="a bug"):
        main(["warmup"])


def test_a_full_disk_is_told_in_a_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import errno

    def full(out: Any = None) -> float:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("tinyseq.warmup.warmup", full)
    assert main(["warmup"]) == 1
    assert "No space left on device\nhelp: make room" in capsys.readouterr().err
