"""tinyseq.config: what it sets is honoured, what is not computed is refused by name."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import tinyseq
from tinyseq import config, layers
from tinyseq.training import limits


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    config.set_max_epochs(None)
    config.set_max_steps_per_epoch(None)
    config.enable_interactive_logging()
    config.set_image_data_format("channels_last")


@pytest.fixture
def model() -> Any:
    made = tinyseq.Sequential([tinyseq.Input((2,)), layers.Dense(1)])
    made.compile("sgd", "mse")
    return made


X = np.ones((12, 2), "float32")


def test_epochs_and_steps_end_at_the_limits(model: Any) -> None:
    config.set_max_epochs(2)
    config.set_max_steps_per_epoch(3)
    seen: list[int] = []
    count = tinyseq.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: seen.append(batch))
    with pytest.warns(UserWarning, match=r"Limiting (epochs to 2|steps_per_epoch to 3)"):
        history = model.fit(X, X[:, :1], batch_size=2, epochs=5, verbose=0, callbacks=[count])
    assert history.epoch == [0, 1]
    assert seen == [0, 1, 2, 0, 1, 2]
    with pytest.warns(UserWarning, match="steps_per_epoch to 3"):
        assert len(model.predict(X, batch_size=2)) == 6
    assert (config.max_epochs(), config.max_steps_per_epoch()) == (2, 3)
    assert len(model.predict(X, batch_size=4)) == 12
    config.set_max_steps_per_epoch(None)
    assert model.fit(X, X[:, :1], epochs=2, verbose=0).epoch == [0, 1], "the limit itself is no reason for a warning"


@pytest.mark.parametrize(("text", "limit"), [("3", 3), ("0", None), ("", None)])
def test_the_environment_limits_epochs(text: str, limit: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_most", {})
    monkeypatch.setenv("KERAS_MAX_EPOCHS", text)
    assert config.max_epochs() == limit


def test_a_limit_in_the_environment_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_most", {})
    monkeypatch.setenv("KERAS_MAX_STEPS_PER_EPOCH", "two")
    with pytest.raises(ValueError, match="KERAS_MAX_STEPS_PER_EPOCH must be an integer, got 'two'"):
        config.max_steps_per_epoch()


def test_without_limits_fit_says_nothing(model: Any) -> None:
    assert model.fit(X, X[:, :1], epochs=3, verbose=0).epoch == [0, 1, 2]


@pytest.mark.parametrize("value", [0, -1, 1.5, "2"])
def test_a_limit_is_a_number(value: Any) -> None:
    with pytest.raises(ValueError, match="max_epochs="):
        config.set_max_epochs(value)


def test_progress_goes_to_logging_when_it_is_not_interactive(model: Any, capsys: Any, caplog: Any) -> None:
    assert config.is_interactive_logging_enabled()
    config.disable_interactive_logging()
    with caplog.at_level(logging.INFO, logger="tinyseq"):
        model.fit(X, X[:, :1], verbose=2)
    assert capsys.readouterr().out == ""
    assert any("Epoch 1/1" in record.message for record in caplog.records)
    config.enable_interactive_logging()
    model.fit(X, X[:, :1], verbose=2)
    assert "Epoch 1/1" in capsys.readouterr().out


REFUSED = {
    "set_floatx": ("float16", "float64", "bfloat16"), "set_dtype_policy": ("mixed_float16", "bfloat16"), "set_epsilon": (1e-3,),
    "set_backend": ("torch",),
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in REFUSED.items() for value in values])
def test_what_is_not_computed_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(NotImplementedError, match=str(value)):
        getattr(config, name)(value)


def test_what_is_computed_is_accepted() -> None:
    config.set_floatx("float32")
    config.set_dtype_policy("float32")
    config.set_dtype_policy(config.dtype_policy())
    config.set_epsilon(1e-7)
    config.disable_flash_attention()
    config.disable_traceback_filtering()
    assert (config.floatx(), config.epsilon(), config.backend()) == ("float32", 1e-7, "tinyseq")
    assert not config.is_flash_attention_enabled()
    assert not config.is_traceback_filtering_enabled()
    for refused in (config.enable_flash_attention, config.enable_traceback_filtering, config.enable_unsafe_deserialization):
        with pytest.raises((NotImplementedError, ValueError), match=r"leave it out|custom_objects"):
            refused()
    with pytest.raises(ValueError, match="float8"):
        config.set_floatx("float8")
    with pytest.raises(ValueError, match="half"):
        config.DTypePolicy("half")


def test_the_data_format_is_that_of_new_layers() -> None:
    config.set_image_data_format("channels_first")
    assert layers.Conv2D(2, 3).data_format == "channels_first"
    assert tinyseq.backend.image_data_format() == "channels_first"
