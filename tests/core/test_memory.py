"""What stays for good is not looked through for garbage again."""

import gc
from collections.abc import Iterator

import pytest

from core.memory import AFTER_SO_MANY, settle


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def test_what_is_loaded_by_now_is_left_alone() -> None:
    settle()

    assert gc.get_freeze_count() > 0
    assert gc.get_threshold() == AFTER_SO_MANY
