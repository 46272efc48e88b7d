"""The fields companies and contacts are both imported with."""

from functools import cache, partial
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from core.records.importing import ImportField, plain
from core.ui import formats
from crm.customers.importing import lookups, writing
from crm.customers.importing.values import read_source_word, read_tags
from crm.customers.sources import source_label
from crm.transfer.values import read_text


def text_field(name: str, label: Any, *also: str, read: Any = read_text) -> ImportField:
    """Return a field that holds the text of a column, or what its reader makes of it."""
    shown = partial(plain, name=name)
    return ImportField(name, label, read, shown, also, written=shown)


def yes_or_no(record: Any, name: str) -> str:
    return _answers(get_language())[bool(getattr(record, name))]


@cache
def _answers(_language: str | None) -> tuple[str, str]:
    return gettext("No"), gettext("Yes")


def number_of(record: Any, name: str) -> str:
    value = getattr(record, name)
    return "" if value is None else formats.number(value)


def _owner(record: Any) -> str:
    return str(record.owner.email) if record.owner_id else ""


def _stage(record: Any) -> str:
    return str(record.lifecycle_stage.name) if record.lifecycle_stage_id else ""


def _tags(record: Any) -> str:
    return ", ".join(tag.name for tag in record.tag_list)


def _source(record: Any) -> str:
    return source_label(record.source)


RELATIONSHIP = (
    ImportField(
        "lifecycle_stage",
        _("Stage"),
        read_text,
        _stage,
        ("lifecycle stage", "status", "phase", "阶段", "客户阶段", "成交状态", "生命周期阶段", "客户状态", "状态"),
        lookup=lookups.STAGE, written=_stage,
    ),
    ImportField(
        "source",
        _("Source"),
        read_source_word,
        _source,
        ("lead source", "original source", "origin", "来源", "客户来源", "线索来源",
         "original traffic source", "account source"),
        written=lambda record: str(record.source),
    ),
    ImportField(
        "owner",
        _("Owner"),
        read_text,
        _owner,
        ("owner email", "account owner", "contact owner", "company owner", "sales rep", "销售", "负责人", "所有者", "负责人邮箱"),
        lookup=lookups.OWNER, written=_owner,
    ),
    ImportField(
        "tags", _("Tags"), read_tags, _tags,
        ("tag", "labels", "label", "categories", "group membership", "标签", "分组"),
        lookup=lookups.TAGS, is_list=True, written=writing.tags,
    ),
    text_field(
        "description", _("Description"),
        "notes", "note", "comments", "comment", "about", "remarks", "描述", "备注", "说明", "简介",
    ),
)  # fmt: skip
