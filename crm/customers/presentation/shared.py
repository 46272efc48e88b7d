"""How lists and pages show what companies and contacts have in common."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.records.registry import Column, FieldGroup, FieldView, QuickFilter


def stage_of(record: Any) -> Any:
    return record.lifecycle_stage


def tags_of(record: Any) -> Any:
    return record.tag_list


STAGE = Column(
    "stage",
    _("Stage"),
    stage_of,
    "status",
    sort="lifecycle_stage__position",
    edits="lifecycle_stage",
)
OWNER = Column(
    "owner",
    _("Owner"),
    lambda record: record.owner,
    "member",
    sort="owner__given_name",
    edits="owner",
)
TAGS = Column("tags", _("Tags"), tags_of, "tags", edits="tags")
UPDATED = Column(
    "updated", _("Last change"), lambda record: record.updated_at, "ago", sort="updated_at"
)
ADDED = Column(
    "created",
    _("Added"),
    lambda record: record.created_at,
    "ago",
    sort="created_at",
    is_shown=False,
)
SOURCE = Column(
    "source", _("Source"), lambda record: record.source_name, sort="source", is_shown=False,
    reads=("source",), edits="source",
)  # fmt: skip


QUICK = (
    QuickFilter("lifecycle_stage", _("Stage")),
    QuickFilter("owner", _("Owner")),
    QuickFilter("tag", _("Tag")),
)
RELATIONSHIP = FieldGroup(
    _("Relationship"),
    (
        FieldView(_("Stage"), stage_of, "status", edits="lifecycle_stage"),
        FieldView(_("Owner"), lambda record: record.owner, "member", edits="owner"),
        FieldView(_("Source"), lambda record: record.source_name, edits="source"),
        FieldView(_("Tags"), tags_of, "tags", edits="tags"),
        FieldView(_("Added"), lambda record: record.created_at, "ago"),
    ),
)
DESCRIPTION = FieldGroup(
    _("Description"),
    (
        FieldView(
            _("Text"),
            lambda record: record.description.splitlines(),
            "lines",
            edits="description",
        ),
    ),
)
