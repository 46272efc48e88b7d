"""Notes on records, through both doors."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from core.events.models import Event
from core.records.writing import RecordGone
from crm.notes.models import RETENTION, Note
from crm.notes.operations import (
    add_note,
    change_note,
    delete_note,
    destroy_old_notes,
    pin_note,
)
from crm.notes.richtext import clean, from_plain, mentioned, text_of
from tests.conftest import nothing_written


def note_events() -> list[str]:
    return list(
        Event.objects.filter(name__startswith="note.").order_by("pk").values_list("name", flat=True)
    )


def test_a_note_is_kept_with_its_formatting_and_seen_on_the_record(desk, bob, ada, as_member):
    response = desk.write(bob, ada, "<p>Wants <b>three</b> quotes</p>")

    assert response.status_code in (201, 302)
    note = Note.objects.get()
    assert (note.html, note.text) == ("<p>Wants <b>three</b> quotes</p>", "Wants three quotes")
    assert (note.author, note.author_label, note.sealed_subject) == (bob, "Bob Reed", ada.pk)
    assert (
        "<p>Wants <b>three</b> quotes</p>"
        in as_member(bob).get(ada.get_absolute_url()).content.decode()
    )
    assert note_events() == ["note.added"]


def test_scripts_styles_and_strange_addresses_do_not_survive(desk, bob, ada):
    desk.write(
        bob,
        ada,
        '<p onclick="x()" style="color:red">Hi<script>alert(1)</script>'
        '<img src=x onerror=alert(1)><a href="javascript:alert(1)">a</a><a href="https://x.example/">b</a></p>',
    )

    html = Note.objects.get().html
    assert html == (
        '<p>Hi<a rel="noopener noreferrer nofollow">a</a>'
        '<a href="https://x.example/" rel="noopener noreferrer nofollow">b</a></p>'
    )


@pytest.mark.parametrize("html", ["", "<p> </p>", "<script>alert(1)</script>", "x" * 50_001])
def test_a_note_without_words_or_without_end_is_refused(desk, bob, ada, html):
    with nothing_written(Note, Event):
        response = desk.write(bob, ada, html)

    assert response.status_code == desk.refused


def test_plain_text_becomes_paragraphs_where_there_is_no_editor(as_member, bob, ada):
    as_member(bob).post(f"/contacts/{ada.pk}/notes/", {"text": "One <b>line\nand another\n\nNext"})

    assert Note.objects.get().html == "<p>One &lt;b&gt;line<br>and another</p><p>Next</p>"


def test_its_author_may_rewrite_a_note_and_others_may_not(desk, bob, alice, carol, ada):
    note = add_note(ada, html="<p>First</p>", actor=alice.as_actor())

    with nothing_written(Note, Event):
        assert desk.rewrite(bob, note.pk, "<p>Mine now</p>").status_code == 403
    assert desk.rewrite(alice, note.pk, "<p>Second</p>").status_code in (200, 302)

    note.refresh_from_db()
    assert note.text == "Second"
    assert note.edited_at is not None


def test_a_viewer_reads_notes_and_writes_none(desk, carol, ada, alice):
    note = add_note(ada, html="<p>Look</p>", actor=alice.as_actor())

    with nothing_written(Note, Event):
        assert desk.write(carol, ada, "<p>No</p>").status_code == 403
        assert desk.pin(carol, note.pk, is_pinned=True).status_code == 403
        assert desk.remove(carol, "notes", note.pk).status_code == 403


def test_whoever_does_not_see_the_record_finds_no_note(desk, bob, alice, ada):
    ada.owner = alice
    ada.save(update_fields=["owner"])
    note = add_note(ada, html="<p>Secret</p>", actor=alice.as_actor())

    with nothing_written(Note, Event):
        assert desk.rewrite(bob, note.pk, "<p>x</p>").status_code == 404
        assert desk.remove(bob, "notes", note.pk).status_code == 404
        assert desk.pin(bob, note.pk, is_pinned=True).status_code == 404
        assert desk.restore(bob, "notes", note.pk).status_code == 404


def test_pinned_notes_stand_above_the_others(desk, bob, ada, as_member):
    first = add_note(ada, html="<p>Old</p>", actor=bob.as_actor())
    add_note(ada, html="<p>New</p>", actor=bob.as_actor())

    desk.pin(bob, first.pk, is_pinned=True)

    page = as_member(bob).get(ada.get_absolute_url()).context["page"]
    assert [note.text for note in page.notes] == ["Old", "New"]
    assert [note.text for note in page.pinned] == ["Old"]
    desk.pin(bob, first.pk, is_pinned=False)
    assert note_events()[-2:] == ["note.pinned", "note.unpinned"]


def test_a_deleted_note_is_gone_and_can_be_brought_back(desk, bob, ada, as_member):
    note = add_note(ada, html="<p>Oops</p>", actor=bob.as_actor())

    assert desk.remove(bob, "notes", note.pk).status_code in (204, 302)
    assert "Oops" not in as_member(bob).get(ada.get_absolute_url()).content.decode()
    assert desk.restore(bob, "notes", note.pk).status_code in (200, 302)

    assert "Oops" in as_member(bob).get(ada.get_absolute_url()).content.decode()
    assert note_events() == ["note.added", "note.deleted", "note.restored"]


def test_a_deleted_note_is_neither_read_nor_changed(desk, as_member, bob, alice, ada):
    note = add_note(ada, html="<p>Oops</p>", actor=bob.as_actor())
    delete_note(note, actor=bob.as_actor(), at=note.created_at)

    with nothing_written(Note, Event):
        for member in (bob, alice):
            told = [
                desk.pin(member, note.pk, is_pinned=True),
                desk.rewrite(member, note.pk, "<p>Mine now</p>"),
                as_member(member).get(f"/api/v1/notes/{note.pk}/"),
                as_member(member).get(f"/notes/{note.pk}/"),
            ]
            assert [answer.status_code for answer in told] == [404] * 4
            assert not any("Oops" in answer.content.decode() for answer in told)


def test_a_note_that_was_just_deleted_is_not_changed(bob, ada):
    note = add_note(ada, html="<p>Oops</p>", actor=bob.as_actor())
    delete_note(note, actor=bob.as_actor(), at=note.created_at)

    with nothing_written(Note, Event):
        with pytest.raises(RecordGone):
            pin_note(note, is_pinned=True, actor=bob.as_actor())
        with pytest.raises(RecordGone):
            change_note(note, html="<p>New</p>", actor=bob.as_actor(), at=note.created_at)


def test_a_note_deleted_long_ago_is_destroyed(bob, ada):
    kept = add_note(ada, html="<p>Kept</p>", actor=bob.as_actor())
    gone = add_note(ada, html="<p>Gone</p>", actor=bob.as_actor())
    at = now()
    delete_note(gone, actor=bob.as_actor(), at=at)

    assert destroy_old_notes(at=at + RETENTION) == 0
    assert destroy_old_notes(at=at + RETENTION + timedelta(seconds=1)) == 1

    assert list(Note.objects.all()) == [kept]


def test_notes_are_found_by_whole_words(bob, ada):
    add_note(ada, html="<p>The Frame-agreement ends in May</p>", actor=bob.as_actor())
    add_note(ada, html="<p>下周签合同</p>", actor=bob.as_actor())

    found = {
        words: Note.objects.matching_words(words).count()
        for words in ("frame", "agreement may", "agree", "合同", "签合同", "frame june")
    }

    assert found == {
        "frame": 1,
        "agreement may": 1,
        "agree": 0,
        "合同": 1,
        "签合同": 1,
        "frame june": 0,
    }


def test_mentions_name_active_members_alone(bob, alice, eve, ada, desk):
    people = (alice.pk, eve.pk, "x")
    html = "".join(f'<p><span data-mention="{pk}">@x</span></p>' for pk in people)

    desk.write(bob, ada, html)

    assert Note.objects.get().mentions == [alice.pk]


def test_words_and_mentions_are_read_from_markup():
    member = "0190f5a4-0000-7000-8000-000000000001"
    html = clean(f'<p>Ask <span data-mention="{member}">@Ann</span></p><ul><li>a</li></ul>')

    assert [str(pk) for pk in mentioned(html)] == [member]
    assert text_of(html) == "Ask @Ann\na"
    assert from_plain("  ") == ""
