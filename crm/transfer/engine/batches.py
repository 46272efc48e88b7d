"""One batch of rows: read, linked, recognised, then checked or written, and what there is to tell."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.access import can
from core.errors import OperationError
from core.records.importing import MatchBy
from core.records.writing import Batch, Refusal
from crm.transfer.engine.drafts import Draft, Problem, read_draft
from crm.transfer.engine.keeping import Keeper
from crm.transfer.engine.linking import Linker
from crm.transfer.engine.outcome import Outcome
from crm.transfer.engine.plan import TAGS, Plan
from crm.transfer.engine.survey import Survey
from crm.transfer.reading.table import Row

type Written = Callable[[Mapping[Any, Any]], Batch[Any]]


@dataclass(slots=True)
class Matched:
    """A draft with the record it was recognised as, and what the operation gets."""

    draft: Draft
    record: Any
    changes: dict[str, Any] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)


def take_batch(
    rows: Iterable[Row], plan: Plan, survey: Survey, linker: Linker, *, samples: Mapping[str, int]
) -> Outcome:
    """Check the rows, or write them where the plan says so, and return what became of each.

    Where a row is refused only while it is written, all are written once more without it: what was
    made because it named it must not stay.
    """
    rows = list(rows)
    refused: dict[int, list[Problem]] = {}
    while True:
        drafts = _read_drafts(rows, plan, survey, refused)
        try:
            with transaction.atomic():
                return _take(drafts, plan, linker, Outcome(plan, samples, Keeper(plan)))
        except _MadeInVain as found:
            refused |= found.problems


class _MadeInVain(Exception):
    """Records were made for rows that are refused after all."""

    def __init__(self, problems: dict[int, list[Problem]]) -> None:
        super().__init__()
        self.problems = problems


def _take(drafts: list[Draft], plan: Plan, linker: Linker, outcome: Outcome) -> Outcome:
    words = _own_words(drafts, plan)
    known = _recognise(_good(drafts), plan)
    for draft in _good(drafts):
        if record := known.get(draft.row.number):
            outcome.keeper.hold_back(draft, record)
    linker.link(drafts)
    matched, new = _divide(drafts, known, plan, outcome)
    wanted = [*(each.draft for each in matched), *new]
    if plan.writes:
        _check_before_making(matched, new, plan)
        outcome.linked = linker.make(_good(wanted))
    _change([each for each in matched if each.draft.is_good], plan, outcome)
    _create(_good(new), plan, outcome)
    if in_vain := {
        each.row.number: each.problems for each in wanted if each.needed and each.problems
    }:
        raise _MadeInVain(in_vain)
    if not plan.writes:
        outcome.linked = linker.make(_good(wanted))
    _expect(linker, words, outcome)
    outcome.conclude(drafts)
    return outcome


def _read_drafts(
    rows: Iterable[Row], plan: Plan, survey: Survey, refused: Mapping[int, list[Problem]]
) -> list[Draft]:
    """Return the rows as they are read; those refused before have their problems already."""
    places, matchers = plan.places(), plan.matchers
    drafts = [read_draft(row, plan, places, survey.signs) for row in rows]
    for draft in drafts:
        draft.problems += refused.get(draft.row.number, ())
        draft.matcher, draft.keys = _effective(draft, matchers)
        if first := survey.repeats.get(draft.row.number):
            draft.problems.append(Problem(_key_column(draft, plan), _repeats(first)))
        if plan.options.tags and plan.importer.field(TAGS):
            draft.values[TAGS] = [*draft.values.get(TAGS, []), *plan.options.tags]
    return drafts


def _good(drafts: Iterable[Draft]) -> list[Draft]:
    return [draft for draft in drafts if draft.is_good]


def _divide(
    drafts: Iterable[Draft], known: Mapping[int, Any], plan: Plan, outcome: Outcome
) -> tuple[list[Matched], list[Draft]]:
    """Return the rows about known records and those about new ones, without those not wanted now."""
    matched: list[Matched] = []
    new: list[Draft] = []
    may_add = can(plan.actor, plan.record_type.add_permission)
    for draft in _good(drafts):
        record = known.get(draft.row.number)
        if plan.options.mode == ("create" if record else "update"):
            outcome.skip(draft)
        elif record:
            matched.append(Matched(draft, record))
        elif not may_add:
            draft.problems.append(Problem("", _("You may not add such records.")))
        else:
            new.append(_with_owner(draft, plan))
    return matched, new


def _with_owner(draft: Draft, plan: Plan) -> Draft:
    if plan.options.owner:
        draft.values.setdefault("owner", plan.options.owner)
    return draft


def _check_before_making(matched: Iterable[Matched], new: Iterable[Draft], plan: Plan) -> None:
    """Find out which rows would be refused before records are made that only they name."""
    rows: dict[Any, tuple[Any, dict[str, Any]]] = {}
    drafts: dict[Any, Draft] = {}
    for draft, record in [
        *((each.draft, each.record) for each in matched),
        *((d, None) for d in new),
    ]:
        if draft.coming:
            drafts[draft.row.number] = draft
            row = plan.importer.compose(draft.values, record)
            rows[draft.row.number] = (record or plan.record_type.model(), row)
    refusals = plan.importer.check(rows, actor=plan.actor).refusals if rows else {}
    for number, refusal in refusals.items():
        drafts[number].problems += problems_of(refusal, plan)


def _repeats(first: int) -> str:
    return _("Row %(row)s is about the same record. Keep one of the two.") % {"row": first}


def _own_words(drafts: Iterable[Draft], plan: Plan) -> dict[int, str]:
    """Return what other rows of the file may call each row's record."""
    family = plan.family()
    if family is None or family.lookup is None:
        return {}
    lookup = family.lookup
    return {
        draft.row.number: lookup.key(draft.values[lookup.in_file])
        for draft in drafts
        if lookup.in_file in draft.values
    }


def _expect(linker: Linker, words: Mapping[int, str], outcome: Outcome) -> None:
    """A check writes nothing, so it remembers what would be there for the rows that follow."""
    if not linker.plan.writes:
        family = linker.plan.family()
        made = {words[number] for number in outcome.created if number in words}
        linker.coming[family.name if family else ""] |= made


def _key_column(draft: Draft, plan: Plan) -> str:
    return plan.column_named(draft.matcher.fields[0]) if draft.matcher else ""


def _effective(draft: Draft, matchers: Iterable[MatchBy]) -> tuple[MatchBy | None, list[str]]:
    """Return the first matcher the row has something for, and its keys."""
    for matcher in matchers:
        if keys := list(matcher.keys(draft.values)):
            return matcher, keys
    return None, []


def _recognise(drafts: list[Draft], plan: Plan) -> dict[int, Any]:
    """Return the records that rows are about; rows that fit several get a problem."""
    wanted: dict[int, set[UUID]] = {}
    for matcher in plan.matchers:
        asked = [draft for draft in drafts if draft.matcher is matcher]
        keys = {key for draft in asked for key in draft.keys}
        found = matcher.find(keys, plan.actor) if keys else {}
        for draft in asked:
            wanted[draft.row.number] = {pk for key in draft.keys for pk in found.get(key, ())}
    return _records(drafts, wanted, plan)


def _records(drafts: list[Draft], wanted: Mapping[int, set[UUID]], plan: Plan) -> dict[int, Any]:
    taken: dict[UUID, int] = {}
    for draft in drafts:
        number = draft.row.number
        matches = wanted.get(number, set())
        if len(matches) > 1:
            draft.problems.append(Problem(_key_column(draft, plan), _several(len(matches))))
        elif matches and (pk := next(iter(matches))) in taken:
            draft.problems.append(Problem(_key_column(draft, plan), _repeats(taken[pk])))
        elif matches:
            taken[pk] = number
    records = _read(taken.keys(), plan)
    return {number: records[pk] for pk, number in taken.items() if pk in records}


def _several(count: int) -> str:
    return ngettext(
        "%(count)s record fits this row.",
        "%(count)s records fit this row. Match by another field, or put them together first.",
        count,
    ) % {"count": count}


def _read(pks: Iterable[UUID], plan: Plan) -> dict[UUID, Any]:
    """Return the records with everything the check looks at; held when they may be written."""
    pks = list(pks)
    if not pks:
        return {}
    visible: Any = plan.record_type.model._default_manager.all()
    rows = visible.visible_to(plan.actor).filter(pk__in=pks).order_by("pk")
    if plan.writes:
        rows = rows.select_for_update(of=("self",))
    return {record.pk: record for record in plan.importer.prepare(rows)}


def _change(matched: list[Matched], plan: Plan, outcome: Outcome) -> None:
    """Find out which records a row would change, and change only those."""
    importer = plan.importer
    for each in matched:
        if not plan.writes:
            each.before = outcome.shown(each.record)
        each.changes = importer.compose(each.draft.values, each.record)
    rows = {each.record.pk: (each.record, each.changes) for each in matched}
    checked = importer.check(rows, actor=plan.actor)
    changing = [
        each
        for each in matched
        if each.record.pk in checked.changed or (each.draft.coming and not plan.writes)
    ]
    refusals = dict(checked.refusals)
    if plan.writes and changing:
        changes = {each.record.pk: each.changes for each in changing}
        refusals |= _carefully(
            lambda part: importer.update(part, actor=plan.actor), changes
        ).refusals
    names = {each.record.pk for each in changing}
    for each in matched:
        if each.record.pk in refusals:
            each.draft.problems += problems_of(refusals[each.record.pk], plan)
        elif each.record.pk in names:
            outcome.update(each.draft, each.record, each.before)
        else:
            outcome.keep(each.draft, each.record, each.before)


def _create(drafts: list[Draft], plan: Plan, outcome: Outcome) -> None:
    importer = plan.importer
    rows = {draft.row.number: importer.compose(draft.values, None) for draft in drafts}
    if plan.writes:
        batch = _carefully(lambda part: importer.create(part, actor=plan.actor), rows)
    else:
        new = {number: (plan.record_type.model(), row) for number, row in rows.items()}
        batch = importer.check(new, actor=plan.actor)
    for draft in drafts:
        if draft.row.number in batch.refusals:
            draft.problems += problems_of(batch.refusals[draft.row.number], plan)
        else:
            outcome.create(draft, batch.records[draft.row.number])


def _carefully(write: Written, rows: Mapping[Any, Any]) -> Batch[Any]:
    """Write all at once; when one row spoils it for the others, find that row by halving."""
    if not rows:
        return Batch()
    try:
        return write(rows)
    except (ValidationError, OperationError) as refusal:
        if len(rows) == 1:
            return Batch(refusals=dict.fromkeys(rows, refusal))
    keys = list(rows)
    half = len(keys) // 2
    first, second = (
        _carefully(write, {key: rows[key] for key in part}) for part in (keys[:half], keys[half:])
    )
    return Batch(
        first.records | second.records,
        first.changed | second.changed,
        first.refusals | second.refusals,
    )


def problems_of(refusal: Refusal, plan: Plan) -> list[Problem]:
    """Return an operation's refusal as problems of the file's columns."""
    if isinstance(refusal, PermissionDenied):
        return [Problem("", _("You may not change this record."))]
    if isinstance(refusal, OperationError):
        return [Problem("", str(refusal))]
    if not hasattr(refusal, "error_dict"):
        return [Problem("", sentence) for sentence in refusal.messages]
    return [
        Problem(plan.column_named(plan.importer.field_at(path)), sentence)
        for path, errors in refusal.error_dict.items()
        for sentence in ValidationError(errors).messages
    ]
