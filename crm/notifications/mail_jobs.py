"""Telling members by mail, at once or once a day. Mails leave the workspace: they quote nothing and name no customer."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import override

from core.isolation.scope import current_workspace
from core.jobs import hourly_everywhere, workspace_job
from core.mail import send
from core.records.registry import record_type_named
from crm.notifications.kinds import Mail, kinds
from crm.notifications.models import Notification
from tenants.members.models import User

MOST_LINES = 50
MORNING = time(7)


@workspace_job()
def mail_now(notification_ids: list[str]) -> None:
    """Mail each of these that is still to be mailed and was not read meanwhile."""
    ids = [UUID(each) for each in notification_ids]
    for told in _taken(Notification.objects.filter(pk__in=ids, mail=Mail.NOW)):
        _send(told.member, [told], url=_place(told))


@hourly_everywhere
@workspace_job()
def mail_summaries() -> None:
    """Mail the summaries that are due."""
    send_summaries(at=now())


def send_summaries(*, at: datetime) -> None:
    """Mail each member, in their morning, one summary of what they want to hear once a day."""
    daily = Notification.objects.filter(mail=Mail.DAILY)
    due = Q(pk__in=[])
    for zone in daily.order_by().values_list("member__time_zone", flat=True).distinct():
        due |= Q(member__time_zone=zone, created_at__lt=last_morning(zone, at))
    waiting: dict[User, list[Notification]] = defaultdict(list)
    for told in _taken(daily.filter(due)):
        waiting[told.member].append(told)
    for member, all_told in waiting.items():
        _send(member, all_told, url=reverse("notifications:list"))


def last_morning(zone: str, at: datetime) -> datetime:
    """Return when it last was seven in the morning in this time zone.

    What came before it is due, also when nobody could send it for some hours.
    """
    local = at.astimezone(ZoneInfo(zone))
    morning = datetime.combine(local.date(), MORNING, local.tzinfo)
    return morning if morning <= local else morning - timedelta(days=1)


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
