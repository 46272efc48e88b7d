"""Files on records, through both doors."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from core.events.models import Event
from crm.files.kinds import media_type_of, preview_of
from crm.files.models import RETENTION, Attachment, FileVersion
from crm.files.operations import add_file, delete_file, destroy_old_files
from tests.conftest import nothing_written

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


def content_of(response) -> bytes:
    return b"".join(response)


@pytest.fixture
def contract(bob, ada) -> Attachment:
    return add_file(ada, name="contract.txt", chunks=[b"Signed by Ada"], actor=bob.as_actor())


def test_a_file_is_kept_sealed_and_comes_back_as_it_was(desk, bob, ada, stored):
    content = b"Signed by Ada" * 20_000

    assert desk.keep(bob, ada, "contract.txt", content).status_code in (201, 302)

    kept = Attachment.objects.get()
    assert (kept.name, kept.sealed_subject) == ("contract.txt", ada.pk)
    [path] = stored.glob("t_*/attachments/*")
    assert b"Signed" not in path.read_bytes()
    taken = desk.take(bob, kept.pk)
    assert content_of(taken) == content
    assert taken["Content-Disposition"] == 'attachment; filename="contract.txt"'
    assert taken["Cache-Control"] == "private, no-store"
    [event] = Event.objects.filter(name="file.added")
    assert event.payload == {"file": str(kept.pk), "version": 1}


def test_a_newer_version_counts_and_the_older_stays(desk, bob, contract):
    assert desk.keep_version(bob, contract.pk, b"Second").status_code in (201, 302)

    assert content_of(desk.take(bob, contract.pk)) == b"Second"
    assert content_of(desk.take(bob, contract.pk, 1)) == b"Signed by Ada"
    assert desk.take(bob, contract.pk, 9).status_code == 404


def test_a_file_is_renamed(desk, bob, contract):
    desk.rename(bob, contract.pk, "../../Frame agreement\u202etxt.exe")

    contract.refresh_from_db()
    assert contract.name == "Frame agreementtxt.exe"


def test_an_empty_or_nameless_file_is_refused_and_leaves_nothing(desk, bob, ada, stored):
    with nothing_written(Attachment, FileVersion, Event):
        empty = desk.keep(bob, ada, "empty.txt", b"")
        nameless = desk.keep(bob, ada, "...", b"x")

    assert empty.status_code in (302, 400, 422)
    assert nameless.status_code == desk.refused
    assert not list(stored.glob("t_*/attachments/*"))


def test_a_file_that_is_too_large_is_refused(desk, bob, ada, monkeypatch):
    monkeypatch.setattr("crm.files.operations.LARGEST", 10)

    with nothing_written(Attachment, FileVersion, Event):
        response = desk.keep(bob, ada, "big.bin", b"x" * 11)

    assert response.status_code in (302, 413)


def test_a_viewer_takes_files_and_keeps_none(desk, carol, ada, contract):
    assert desk.take(carol, contract.pk).status_code == 200
    with nothing_written(Attachment, FileVersion, Event):
        assert desk.keep(carol, ada, "a.txt", b"x").status_code == 403
        assert desk.keep_version(carol, contract.pk, b"x").status_code == 403
        assert desk.rename(carol, contract.pk, "x").status_code == 403
        assert desk.remove(carol, "files", contract.pk).status_code == 403


def test_whoever_does_not_see_the_record_gets_no_file(desk, bob, alice, ada, contract):
    ada.owner = alice
    ada.save(update_fields=["owner"])

    with nothing_written(Attachment, FileVersion, Event):
        assert desk.take(bob, contract.pk).status_code == 404
        assert desk.remove(bob, "files", contract.pk).status_code == 404
        assert desk.keep_version(bob, contract.pk, b"x").status_code == 404


def test_a_deleted_file_is_gone_can_be_brought_back_and_is_destroyed_in_time(
    desk, bob, contract, stored
):
    assert desk.remove(bob, "files", contract.pk).status_code in (204, 302)
    assert desk.take(bob, contract.pk).status_code == 404
    assert desk.restore(bob, "files", contract.pk).status_code in (200, 302)
    assert desk.take(bob, contract.pk).status_code == 200


def test_a_deleted_file_is_neither_read_nor_changed(desk, as_member, bob, alice, contract):
    delete_file(contract, actor=bob.as_actor(), at=now())

    with nothing_written(Attachment, FileVersion, Event):
        for member in (bob, alice):
            told = [
                desk.rename(member, contract.pk, "frame.txt"),
                desk.keep_version(member, contract.pk, b"Second"),
                desk.take(member, contract.pk),
                as_member(member).get(f"/api/v1/files/{contract.pk}/"),
            ]
            assert [answer.status_code for answer in told] == [404] * 4
            assert not any("contract" in answer.content.decode() for answer in told)


def test_a_file_deleted_long_ago_is_destroyed_with_its_content(
    bob, contract, stored, django_capture_on_commit_callbacks
):
    at = now()
    delete_file(contract, actor=bob.as_actor(), at=at)

    assert destroy_old_files(at=at + RETENTION) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert destroy_old_files(at=at + RETENTION + timedelta(seconds=1)) == 1

    assert not Attachment.objects.exists()
    assert not list(stored.glob("t_*/attachments/*"))


def test_only_pictures_documents_and_texts_are_shown_and_never_run(as_member, bob, ada):
    actor = bob.as_actor()
    picture = add_file(ada, name="a.png", chunks=[PNG], actor=actor)
    text = add_file(ada, name="a.csv", chunks=[b"<script>alert(1)</script>"], actor=actor)
    page = add_file(ada, name="a.html", chunks=[b"<script>alert(1)</script>"], actor=actor)
    visitor = as_member(bob)

    shown = visitor.get(f"/files/{picture.pk}/preview/")
    assert (shown["Content-Type"], shown["Content-Disposition"]) == (
        "image/png",
        'inline; filename="a.png"',
    )
    assert shown["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "&lt;script&gt;" in visitor.get(f"/files/{text.pk}/preview/").content.decode()
    assert visitor.get(f"/files/{page.pk}/preview/").status_code == 404
    assert visitor.get(f"/files/{page.pk}/")["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("name", "start", "media_type", "preview"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n", "image/png", "image"),
        ("a.txt", b"\xff\xd8\xff", "image/jpeg", "image"),
        ("a.webp", b"RIFF\0\0\0\0WEBP", "image/webp", "image"),
        ("a.pdf", b"%PDF-1.7", "application/pdf", "pdf"),
        ("a.png", b"<html>", "application/octet-stream", ""),
        ("a.svg", b"<svg>", "application/octet-stream", ""),
        ("a.docx", b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ""),
        ("a.csv", b"a,b", "text/csv", "text"),
        ("a", b"?", "application/octet-stream", ""),
    ],
)  # fmt: skip
def test_what_a_file_begins_with_counts_more_than_its_name(name, start, media_type, preview):
    assert media_type_of(name, start) == media_type
    assert preview_of(media_type, name) == preview
