"""The timeline of a record: everything once, in order, part after part."""

import pytest

from core.events.bus import emit
from core.events.models import Event
from crm.customers.models.labels import LifecycleStage
from crm.customers.operations.contacts import update_contact
from crm.files.operations import add_file
from crm.notes.models import Note
from crm.notes.operations import add_note

PART = 30


@pytest.fixture
def busy(bob, ada):
    """Ada's record after a lot has happened, some of it at one and the same moment."""
    actor = bob.as_actor()
    for number in range(3 * PART):
        emit("contact.updated", ada, actor=actor, fields=["title"], version=number + 2)
    Event.objects.filter(subject_id=ada.pk).update(occurred_at=ada.created_at)
    return ada


def parts(visitor, record, **params):
    """Return the ids of each part, following the way to the part before it."""
    found, before = [], ""
    while True:
        asked = {**params, **({"before": before} if before else {})}
        answer = visitor.get(f"/api/v1/contacts/{record.pk}/timeline/", asked).json()
        found.append([each["id"] for each in answer["results"]])
        before = answer["older"]
        if not before:
            return found


def test_parts_leave_nothing_out_and_repeat_nothing(as_member, bob, busy):
    found = parts(as_member(bob), busy)

    everything = [pk for part in found for pk in part]
    assert [len(part) for part in found] == [PART, PART, PART, 1]
    assert (
        len(set(everything)) == len(everything) == Event.objects.filter(subject_id=busy.pk).count()
    )
    assert everything == sorted(everything, reverse=True)


def test_what_happens_meanwhile_moves_no_later_part(as_member, bob, busy):
    visitor = as_member(bob)
    before = parts(visitor, busy)
    first = visitor.get(f"/api/v1/contacts/{busy.pk}/timeline/").json()
    emit("contact.updated", busy, actor=bob.as_actor(), fields=["title"])

    rest = visitor.get(f"/api/v1/contacts/{busy.pk}/timeline/", {"before": first["older"]}).json()

    assert [each["id"] for each in rest["results"]] == before[1]


def test_the_page_loads_the_earlier_part_alone(as_member, bob, busy):
    visitor = as_member(bob)
    page = visitor.get(busy.get_absolute_url())
    older = page.context["page"].older_url

    part = visitor.get(older, headers={"HX-Request": "true"})

    assert older in page.content.decode().replace("&amp;", "&")
    assert "<html" not in part.content.decode()
    assert part.content.decode().count("changed this contact") == PART


def test_only_a_record_without_a_past_says_that_nothing_happened(as_member, bob, ada):
    said = "Nothing has happened here yet."
    visitor = as_member(bob)
    add_note(ada, html="<p>Hello</p>", actor=bob.as_actor())
    Note.objects.all().delete()
    Event.objects.filter(subject_id=ada.pk).exclude(name="note.added").delete()
    last = Event.objects.get(subject_id=ada.pk)
    before = {"before": f"{last.occurred_at.isoformat()}~{last.pk}"}
    everything = visitor.get(ada.get_absolute_url())
    earlier = visitor.get(ada.get_absolute_url(), before, headers={"HX-Request": "true"})

    assert said in everything.content.decode()
    assert said not in earlier.content.decode()


def test_a_part_whose_notes_are_all_gone_still_leads_to_the_earlier_one(as_member, bob, busy):
    for _number in range(PART):
        add_note(busy, html="<p>Hello</p>", actor=bob.as_actor())
    Note.objects.all().delete()

    page = as_member(bob).get(busy.get_absolute_url())

    assert page.context["page"].older_url
    assert "Nothing has happened here yet." not in page.content.decode()


def test_kinds_are_told_apart(as_member, bob, ada):
    add_note(ada, html="<p>Hello</p>", actor=bob.as_actor())
    add_file(ada, name="a.txt", chunks=[b"x"], actor=bob.as_actor())
    visitor = as_member(bob)

    shown = {
        kind: [
            each["event"]
            for each in visitor.get(f"/api/v1/contacts/{ada.pk}/timeline/", {"kind": kind}).json()[
                "results"
            ]
        ]
        for kind in ("", "notes", "files", "changes")
    }

    assert shown == {
        "": ["file.added", "note.added", "contact.created"],
        "notes": ["note.added"],
        "files": ["file.added"],
        "changes": ["contact.created"],
    }


@pytest.mark.parametrize("place", ["x", "~", "2026-01-01~x", "2026-01-01T00:00:00~" + "0" * 32])
def test_a_place_nobody_was_given_is_the_beginning(as_member, bob, ada, place):
    answer = as_member(bob).get(f"/api/v1/contacts/{ada.pk}/timeline/", {"before": place})

    assert [each["event"] for each in answer.json()["results"]] == ["contact.created"]


def test_a_change_says_what_was_and_what_is(as_member, alice, bob, ada, initech):
    stage = LifecycleStage.objects.get(key="customer")
    changes = {"title": "Countess", "lifecycle_stage": str(stage.pk), "do_not_call": True}
    update_contact(ada, actor=bob.as_actor(), changes=changes)

    page = as_member(bob).get(ada.get_absolute_url()).context["page"]

    [(_month, [entry, _added])] = page.timeline.months
    assert sorted(entry.edits) == [
        ("Do not call", "No", "Yes"),
        ("Job title", "—", "Countess"),
        ("Stage", "—", "Customer"),
    ]


def test_opening_a_record_asks_few_questions(as_member, bob, ada, django_assert_max_num_queries):
    for number in range(3):
        add_note(ada, html=f"<p>{number}</p>", actor=bob.as_actor())
    visitor = as_member(bob)
    visitor.get(ada.get_absolute_url())

    # Two of them are the savepoint a test has instead of a transaction.
    with django_assert_max_num_queries(14):
        visitor.get(ada.get_absolute_url())
