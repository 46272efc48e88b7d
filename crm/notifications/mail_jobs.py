"""Telling members by mail, at once or once a day. Mails leave the workspace: they quote nothing and name no customer."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import override

from core.isolation.scope import current_workspace
from core.jobs import nightly_everywhere, workspace_job
from core.mail import send
from core.records.registry import record_type_named
from crm.notifications.kinds import Mail, kinds
from crm.notifications.models import Notification
from tenants.members.models import User

MOST_LINES = 50


@workspace_job()
def mail_now(notification_ids: list[str]) -> None:
    """Mail each of these that is still to be mailed and was not read meanwhile."""
    ids = [UUID(each) for each in notification_ids]
    for told in _taken(Notification.objects.filter(pk__in=ids, mail=Mail.NOW)):
        _send(told.member, [told], url=_place(told))


@nightly_everywhere
@workspace_job()
def mail_summaries() -> None:
    """Mail each member one summary of what they want to hear once a day."""
    waiting: dict[User, list[Notification]] = defaultdict(list)
    for told in _taken(Notification.objects.filter(mail=Mail.DAILY)):
        waiting[told.member].append(told)
    for member, all_told in waiting.items():
        _send(member, all_told, url=reverse("notifications:list"))


def _taken(rows: QuerySet[Notification]) -> Iterable[Notification]:
    """Return those to mail, which are not to be mailed a second time."""
    held = list(rows.select_for_update(of=("self",)).select_related("member").order_by("pk"))
    Notification.objects.filter(pk__in=[each.pk for each in held]).update(mail=Mail.OFF)
    return [each for each in held if each.read_at is None and each.member.is_active]


def _send(member: User, told: list[Notification], *, url: str) -> None:
    workspace = current_workspace()
    with override(member.language):
        lines = [in_a_line(each) for each in told[:MOST_LINES]]
    context = {
        "lines": lines,
        "more": len(told) - len(lines),
        "workspace": workspace,
        "url": workspace.url + url,
        "settings_url": workspace.url + reverse("notifications:preferences"),
    }
    send("notifications", to=member.email, language=member.language, context=context)


def in_a_line(told: Notification) -> str:
    """Return who did what, without what it was about."""
    said = str(kinds()[told.kind].said)
    return said if told.path else f"{told.actor_label} {said}"


def _place(told: Notification) -> str:
    record_type = record_type_named(told.record_type) if told.record_id else None
    if record_type is None:
        return told.path or reverse("notifications:list")
    return reverse(record_type.url_name(), args=[told.record_id])
