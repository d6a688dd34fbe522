"""The names and signatures that users of tinyseq write are a promise: recorded, and compared."""

from tests.house.public_names import RECORDED, lines


def test_every_recorded_name_is_there_with_the_same_arguments() -> None:
    recorded = RECORDED.read_text(encoding="utf-8").splitlines()
    assert len(recorded) > 300
    assert not set(recorded) - set(lines()), "to record a change that is meant: python -m tests.house.public_names"
