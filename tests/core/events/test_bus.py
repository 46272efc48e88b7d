import pytest

from core.actors import Actor
from core.events import bus
from core.events.bus import emit, emit_each, on
from core.events.models import Event
from core.isolation.scope import current_workspace


@pytest.fixture
def heard(monkeypatch):
    """Handlers registered in a test are forgotten after it."""
    from collections import defaultdict

    monkeypatch.setattr(bus, "_handlers", defaultdict(list))
    return []


def test_an_event_says_who_did_what_to_which_record(alice):
    emit("user.waved", alice, actor=alice.as_actor(), fields=["hand"])

    event = Event.objects.get()
    assert (event.name, event.subject_type, event.subject_id) == (
        "user.waved",
        "members.user",
        alice.pk,
    )
    assert (event.actor_kind, event.actor_id, event.payload) == (
        "member",
        alice.pk,
        {"fields": ["hand"]},
    )


def test_who_cares_is_called_by_a_job_in_the_same_workspace(alice, heard, work):
    on("user.waved")(lambda event: heard.append((event.name, current_workspace().slug)))
    emit("user.waved", alice, actor=Actor.system("test"))
    assert heard == []

    work()

    assert heard == [("user.waved", "acme")]


def test_nobody_is_called_when_nobody_cares(alice, heard, work):
    emit("user.waved", alice, actor=Actor.system("test"))

    assert work() == []


def test_many_events_are_one_statement(alice, bob, django_assert_num_queries):
    with django_assert_num_queries(1):
        emit_each("user.waved", [(alice, {}), (bob, {})], actor=Actor.system("test"))

    assert Event.objects.count() == 2
