"""One record's page: its head, its groups of fields, what happened, and what belongs to it."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.access import can
from core.actors import Actor
from core.records.addresses import address_of
from core.records.cells import shown
from core.records.registry import FieldGroup, FieldView, RecordType, Related, Text
from core.ui.marks import NOTHING
from crm.files.models import Attachment
from crm.notes.models import Note
from crm.records.pages.around import Around, around
from crm.records.pages.timeline import Timeline, timeline_of, with_versions

EMPTY: Mapping[str, str] = MappingProxyType({})
TABS = ("timeline", "notes", "files")
KINDS = {
    "": _("Everything"),
    "notes": _("Notes"),
    "files": _("Files"),
    "changes": _("Changes"),
}


class ShownField(NamedTuple):
    """One value as the page shows it, and the field of the form that changes it."""

    label: Text
    value: SafeString
    name: str
    is_empty: bool


def shown_field(view: FieldView, record: Any) -> ShownField:
    """Return the value as it looks on a page."""
    value = shown(view, record)
    return ShownField(view.label, value, view.edits, value == NOTHING)


class Action(NamedTuple):
    """Something to be done to the record, as its menu says it."""

    label: Text
    url: str
    icon: str
    tone: str = ""


class RecordPage:
    """What the page of one record shows to one actor."""

    def __init__(
        self, record: Any, record_type: RecordType, actor: Actor, params: Mapping[str, str] = EMPTY
    ) -> None:
        self.record = record
        self.params = params
        self.record_type = record_type
        self.actor = actor
        self.title = str(record)
        self.is_person = record_type.page.is_person

    @property
    def subtitle(self) -> Any:
        return self.record_type.page.subtitle(self.record)

    @property
    def status(self) -> Any:
        return self.record_type.page.status(self.record)

    @property
    def tags(self) -> Sequence[Any]:
        return self.record_type.page.tags(self.record)

    @cached_property
    def groups(self) -> list[tuple[Text, list[ShownField], int]]:
        """Each group with its values; the number says how many of them are empty."""
        return [self._group(group) for group in self.record_type.page.groups]

    def _group(self, group: FieldGroup) -> tuple[Text, list[ShownField], int]:
        fields = [shown_field(view, self.record) for view in group.fields]
        return group.label, fields, sum(field.is_empty for field in fields)

    @property
    def has_empty(self) -> bool:
        return any(empty for _label, _fields, empty in self.groups)

    @cached_property
    def may_change(self) -> bool:
        return can(self.actor, self.record_type.permission("change"), self.record)

    @property
    def neighbours_url(self) -> str:
        """Where the records beside this one in its list are told."""
        said = {"list": self.params.get("list", "")}
        if self.tab != TABS[0]:
            said["tab"] = self.tab
        return f"{self._address('neighbours')}?{urlencode(said)}"

    @property
    def tab(self) -> str:
        wanted = self.params.get("tab", "")
        return wanted if wanted in TABS else TABS[0]

    @property
    def kind(self) -> str:
        """Which entries of the timeline are shown: all, or those of one kind."""
        wanted = self.params.get("kind", "")
        return wanted if wanted in KINDS else ""

    @property
    def kinds(self) -> list[tuple[Text, str, bool]]:
        """Each kind with its address, and whether it is the one shown."""
        return [(label, self.url(kind=kind), kind == self.kind) for kind, label in KINDS.items()]

    @cached_property
    def timeline(self) -> Timeline:
        before = self.params.get("before", "")
        latest = None if self.kind or before else self.around.latest
        return timeline_of(
            self.record, self.record_type, kind=self.kind, before=before, latest=latest
        )

    @property
    def is_timeline_empty(self) -> bool:
        """Whether nothing happened at all; a part of which nothing is left to show does not mean that."""
        return not (self.timeline.months or self.timeline.older or self.params.get("before"))

    @property
    def older_url(self) -> str:
        """The address of the part of the timeline before the one shown."""
        older = self.timeline.older
        return self.url(kind=self.kind, before=older) if older else ""

    @cached_property
    def pinned(self) -> list[Note]:
        return [note for note in self.notes if note.is_pinned]

    @property
    def notes(self) -> list[Note]:
        """The record's notes: the pinned ones first, then the newest."""
        return self.around.notes

    @cached_property
    def files(self) -> list[Attachment]:
        rows = Attachment.objects.of(self.record).present().order_by("-updated_at", "-pk")
        return with_versions(list(rows))

    @property
    def tabs(self) -> list[dict[str, Any]]:
        counts = {"timeline": None, "notes": len(self.notes), "files": self.around.files}
        labels = {"timeline": _("Timeline"), "notes": _("Notes"), "files": _("Files")}
        return [
            {
                "label": labels[tab],
                "url": self.url(tab="" if tab == TABS[0] else tab),
                "current": tab == self.tab,
                "count": counts[tab],
            }
            for tab in TABS
        ]

    def url(self, **params: str) -> str:
        """Return the page's address with these parameters, those of the list it was opened from kept."""
        said = {name: value for name, value in params.items() if value}
        if self.params.get("list"):
            said["list"] = self.params["list"]
        home = self.record.get_absolute_url()
        return f"{home}?{urlencode(said)}" if said else str(home)

    @cached_property
    def around(self) -> Around:
        return around(self.record, self.actor)

    @property
    def tab_template(self) -> str:
        return f"records/tab_{self.tab}.html"

    @property
    def star_url(self) -> str:
        return self._address("star")

    @property
    def follow_url(self) -> str:
        return self._address("follow")

    @property
    def notes_url(self) -> str:
        return self._address("notes")

    @property
    def files_url(self) -> str:
        return self._address("files")

    @property
    def more(self) -> list[Action]:
        """What else can be done to the record."""
        said = (
            Action(_("Find duplicates and merge"), self.merge_url, icon="git-merge"),
            Action(_("History of changes"), self.url(kind="changes"), icon="history"),
            Action(_("Access and sharing"), self._address("access"), icon="users"),
            Action(_("Delete"), self.delete_url, icon="trash-2", tone="danger"),
        )
        return [action for action in said if action.url]

    @property
    def merge_url(self) -> str:
        """Where the record is put beside another one."""
        may_change = can(self.actor, self.record_type.permission("change"), self.record)
        if not may_change or not self.record_type.is_whole:
            return ""
        return f"{reverse(self.record_type.url_name('merge'))}?ids={self.record.pk}"

    @property
    def actions(self) -> list[dict[str, Any]]:
        """What the command menu offers for the record."""
        edit = Action(_("Edit"), self.edit_url, icon="pencil")
        return [action._asdict() for action in (edit, *self.more) if action.url]

    @cached_property
    def related(self) -> Sequence[Related]:
        return self.record_type.page.related(self.record, self.actor)

    @property
    def edit_url(self) -> str:
        url, said = self._url_if_allowed("edit", "change"), self.params.get("list", "")
        return f"{url}?{urlencode({'list': said})}" if url and said else url

    @property
    def delete_url(self) -> str:
        return self._url_if_allowed("delete", "delete")

    def _url_if_allowed(self, action: str, verb: str) -> str:
        if not can(self.actor, self.record_type.permission(verb), self.record):
            return ""
        return self._address(action)

    def _address(self, action: str) -> str:
        return address_of(self.record_type.url_name(action), self.record.pk)
