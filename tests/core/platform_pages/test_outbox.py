import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import override_settings

from core import outbox
from core.outbox import OutboxBackend
from tests.conftest import Visitor


@pytest.fixture
def kept(tmp_path, settings):
    settings.OUTBOX_DIR = tmp_path
    return OutboxBackend(file_path=str(tmp_path), alias="default")


def message(subject, body="Hello", to="jane@example.com"):
    return EmailMessage(subject, body, "atrium@localhost", [to])


def test_mail_is_kept_in_files_only_we_can_read(kept, tmp_path):
    kept.send_messages([message("One"), message("Two")])

    files = list(tmp_path.glob("*.eml"))
    assert len(files) == 2
    assert all(path.stat().st_mode & 0o077 == 0 for path in files)


def test_the_newest_message_comes_first(kept):
    kept.send_messages([message("First")])
    kept.send_messages([message("Second")])

    assert [entry.subject for entry in outbox.latest()] == ["Second", "First"]


def test_a_person_reads_the_mail_on_the_public_host(kept):
    kept.send_messages([message("Your code", "It is 华夏 <b>1234</b>")])
    listing = Visitor().get("/outbox/").content.decode()
    page = Visitor().get(f"/outbox/{outbox.latest()[0].id}/").content.decode()

    assert "Your code" in listing
    assert "华夏 &lt;b&gt;1234&lt;/b&gt;" in page


@pytest.mark.parametrize("name", ["nothing", "..%2f..%2fetc%2fpasswd"])
def test_what_is_not_there_is_not_found(kept, name):
    assert Visitor().get(f"/outbox/{name}/").status_code == 404


def test_in_production_there_is_no_outbox(kept):
    kept.send_messages([message("Secret")])

    with override_settings(DEVELOPMENT_PAGES=False):
        assert Visitor().get("/outbox/").status_code == 404
        assert Visitor().get(f"/outbox/{outbox.latest()[0].id}/").status_code == 404


def test_the_outbox_is_ours_alone():
    assert settings.OUTBOX_DIR.is_relative_to(settings.HOME)
