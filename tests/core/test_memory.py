"""What stays for good is not looked through for garbage again, and calls have room."""

import gc
from collections.abc import Iterator

import pytest

from core.memory import AFTER_SO_MANY, settle, with_room


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


def test_an_application_with_room_answers_as_before() -> None:
    def application(environ: dict[str, str], start: str) -> tuple[str, str]:
        if environ["PATH_INFO"] == "/broken/":
            raise LookupError
        return environ["PATH_INFO"], start

    assert with_room(application)({"PATH_INFO": "/"}, "start") == ("/", "start")
    with pytest.raises(LookupError):
        with_room(application)({"PATH_INFO": "/broken/"}, "start")
