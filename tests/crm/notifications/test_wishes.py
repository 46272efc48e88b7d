"""Members choose what they are told of, and whether by mail: at once, once a day, or not."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.timezone import now

from core.actors import Actor
from core.events.bus import emit
from core.isolation.scope import bind_workspace
from core.jobs import queue
from crm.customers.operations.contacts import update_contact
from crm.notifications.kinds import Mail, kinds
from crm.notifications.mail_jobs import mail_now, mail_summaries, send_summaries
from crm.notifications.models import Notification, NotificationPreference
from crm.notifications.operations import mark_read, notify, set_preferences
from crm.notifications.preferences import Wish
from tenants.members.models import MailDomain, Role
from tests.conftest import leave, nothing_written

PAGE = "/notifications/preferences/"
API = "/api/v1/notifications/preferences/"


@pytest.fixture
def tell(alice, bob, ada, work):
    def notify_bob(kind="change", count=1):
        for _time in range(count):
            notify(
                [bob.pk],
                kind=kind,
                actor=alice.as_actor(),
                record_type="contact",
                record_id=ada.pk,
            )
        work()

    return notify_bob


def wish(member, kind="change", *, is_shown=True, by=Mail.OFF):
    set_preferences({kind: Wish(is_shown, by)}, actor=member.as_actor())


def summaries(acme, at=None):
    """Ring as it is done every hour; now, or a day later, when all mornings have come."""
    with bind_workspace(acme), transaction.atomic():
        send_summaries(at=at or now() + timedelta(days=1))


def test_what_is_not_wanted_is_not_told(tell, as_member, bob):
    wish(bob, is_shown=False)

    tell()

    assert not Notification.objects.exists()
    assert mail.outbox == []


def test_a_mail_at_once_leads_to_the_record_and_names_no_customer(tell, bob, ada):
    wish(bob, by=Mail.NOW)

    tell()

    [sent] = mail.outbox
    assert sent.to == ["bob@acme.test"]
    assert "made changes" in sent.subject
    assert ada.get_absolute_url() in sent.body
    assert "/notifications/preferences/" in sent.body
    assert "Lovelace" not in sent.subject + sent.body
    assert Notification.objects.get().mail == ""


def test_by_mail_alone_nothing_is_shown(tell, as_member, bob):
    wish(bob, is_shown=False, by=Mail.NOW)

    tell()

    assert len(mail.outbox) == 1
    assert not Notification.objects.unread().exists()
    assert "made changes" not in as_member(bob).get("/notifications/").content.decode()
    assert as_member(bob).get("/api/v1/notifications/").json()["count"] == 0


def test_a_summary_gathers_what_was_not_read(tell, acme, bob):
    wish(bob, by=Mail.DAILY)
    tell(count=3)
    assert mail.outbox == []
    mark_read([Notification.objects.first().pk], actor=bob.as_actor(), at=now())

    summaries(acme)
    summaries(acme)

    [sent] = mail.outbox
    assert sent.subject == "What is new in Acme"
    assert sent.body.count("made changes") == 2


def test_a_summary_comes_in_its_readers_morning(tell, acme, bob):
    type(bob).objects.filter(pk=bob.pk).update(time_zone="Asia/Shanghai")
    wish(bob, by=Mail.DAILY)
    tell()
    told_at = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)  # six in the morning there
    Notification.objects.update(created_at=told_at)

    sent = {}
    for hours in (0.5, 1.1, 2.1):
        summaries(acme, told_at + timedelta(hours=hours))
        sent[hours] = len(mail.outbox)

    assert sent == {0.5: 0, 1.1: 1, 2.1: 1}


def test_summaries_are_asked_for_every_hour_in_every_workspace(tell, acme, bob):
    assert f"{mail_summaries.task.name}_everywhere.hourly" in queue.tasks
    wish(bob, by=Mail.DAILY)
    tell()
    Notification.objects.update(created_at=now() - timedelta(days=1))

    mail_summaries.task.func(workspace_id=str(acme.id))

    assert len(mail.outbox) == 1


def test_what_happens_after_the_morning_waits_for_the_next(tell, acme, bob):
    type(bob).objects.filter(pk=bob.pk).update(time_zone="America/New_York")
    wish(bob, by=Mail.DAILY)
    tell()
    told_at = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)  # half past seven there
    Notification.objects.update(created_at=told_at)

    summaries(acme, told_at + timedelta(hours=20))
    assert mail.outbox == []
    summaries(acme, told_at + timedelta(hours=24))

    assert len(mail.outbox) == 1


def test_the_mail_speaks_its_readers_language(tell, acme, bob):
    type(bob).objects.filter(pk=bob.pk).update(language="zh-hans")
    wish(bob, by=Mail.DAILY)
    tell(count=2)

    summaries(acme)

    assert "made changes" not in mail.outbox[0].body


def test_who_left_gets_no_mail(tell, acme, bob):
    wish(bob, by=Mail.DAILY)
    tell()
    leave(bob)

    summaries(acme)

    assert mail.outbox == []


def test_a_mail_goes_out_once_however_often_it_is_asked_for(tell, acme, bob):
    wish(bob, by=Mail.NOW)
    tell()

    ids = [str(Notification.objects.get().pk)]
    mail_now.task.func(workspace_id=str(acme.id), notification_ids=ids)

    assert len(mail.outbox) == 1


def test_changes_are_told_as_their_followers_wish(work, as_member, bob, alice, ada):
    as_member(bob).put(
        f"/api/v1/contacts/{ada.pk}/follow/", {"set": True}, content_type="application/json"
    )
    wish(bob, by=Mail.NOW)

    update_contact(ada, actor=alice.as_actor(), changes={"title": "Countess"})
    work()

    assert [each.to for each in mail.outbox] == [["bob@acme.test"]]


def test_wishes_are_chosen_on_the_page(as_member, bob):
    visitor = as_member(bob)
    page = visitor.get(PAGE).content.decode()
    concerned = [kind for kind in kinds().values() if not kind.permission]
    assert all(str(kind.title) in page for kind in concerned)
    assert str(kinds()["domain"].title) not in page

    visitor.post(PAGE, {"note_shown": "on", "change_mail": "daily", "mention_shown": "on"})

    rows = NotificationPreference.objects.filter(member=bob)
    chosen = {row.kind: (row.is_shown, row.mail) for row in rows}
    assert chosen["change"] == (False, "daily")
    assert chosen["note"] == (True, "")
    assert chosen["mention"] == (True, "")
    assert chosen.keys() == {kind.name for kind in concerned}


def test_wishes_are_chosen_by_programs(program_of, bob):
    program = program_of(bob)

    said = program.send("patch", API, [{"kind": "note", "shown": False, "mail": "now"}])

    assert {"kind": "note", "shown": False, "mail": "now"} in said.json()
    assert program.get(API).json() == said.json()
    with nothing_written(NotificationPreference):
        for body in (
            [{"kind": "nonsense", "shown": True, "mail": ""}],
            [{"kind": "note", "shown": True, "mail": "hourly"}],
            [{"kind": "note", "shown": True, "mail": "", "member": str(bob.pk)}],
        ):
            assert program.send("patch", API, body).status_code == 400


def test_nobody_and_nothing_unknown_is_set(bob):
    with nothing_written(NotificationPreference):
        with pytest.raises(PermissionDenied):
            set_preferences({"note": Wish(is_shown=True, mail="")}, actor=Actor.system("test"))
        with pytest.raises(ValidationError):
            set_preferences({"nonsense": Wish(is_shown=True, mail="")}, actor=bob.as_actor())
        with pytest.raises(ValidationError):
            set_preferences({"note": Wish(is_shown=True, mail="hourly")}, actor=bob.as_actor())


def test_who_can_put_it_right_hears_of_a_domain_that_lapsed(work, as_member, alice, bob):
    domain = MailDomain.objects.create(
        name="acme.test", secret="x", role=Role.objects.get(key="rep")
    )
    emit("domain.lapsed", domain, actor=Actor.system("Domain check"))
    work()

    [told] = Notification.objects.all()
    assert (told.member_id, told.path) == (alice.pk, f"/settings/domains/{domain.pk}/")
    assert [each.to for each in mail.outbox] == [["alice@acme.test"]]
