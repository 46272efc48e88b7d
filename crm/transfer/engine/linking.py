"""Making words into other records: owners, tags, companies; also those another row of the file makes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.translation import gettext as _

from core.access import can
from core.records.importing import Found, ImportField, Lookup
from crm.transfer.engine.drafts import Draft, Problem
from crm.transfer.engine.plan import Plan

# What happens to a row whose words are no record yet: it waits for another row, the unknown
# words become records, or the row is refused because it waits in a circle.
type Patience = Literal["wait", "settle", "refuse"]


@dataclass(slots=True)
class Linker:
    """Finds, makes or awaits the records that words name."""

    plan: Plan
    patience: Patience = "wait"
    # Words that the import will make records of, by field; known only while checking.
    coming: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    # Words of the rows that are still waiting themselves.
    waiting: frozenset[str] = frozenset()
    linked: int = 0

    def link(self, drafts: Iterable[Draft]) -> None:
        """Replace words by ids in every good draft; the others get a problem or have to wait."""
        drafts = list(drafts)
        fields = {place.field.name: place.field for place in self.plan.places()}.values()
        # What makes records comes last, so that a row refused for another reason makes none.
        for known in sorted(fields, key=lambda each: bool(each.lookup and each.lookup.create)):
            named = [each for each in drafts if each.is_good and known.name in each.values]
            if known.lookup and named:
                self._link(known, known.lookup, named)

    def _link(self, known: ImportField, lookup: Lookup, drafts: list[Draft]) -> None:
        said: dict[str, str] = {}
        for word in (word for draft in drafts for word in _words(draft, known)):
            said.setdefault(lookup.key(word), word)
        found = dict(lookup.find(said.keys(), self.plan.actor))
        found |= {key: [] for key in said.keys() & self.coming[known.name] if key not in found}
        missing = {key: word for key, word in said.items() if key not in found}
        awaited = self._awaited(lookup, missing)
        unknown = {key: word for key, word in missing.items() if key not in awaited}
        found |= self._made(known, lookup, unknown)
        for draft in drafts:
            self._replace(draft, known, lookup, found, awaited)

    def _awaited(self, lookup: Lookup, missing: Collection[str]) -> set[str]:
        """Return the words another row of the file may still turn into a record."""
        if not lookup.in_file:
            return set()
        return set(missing) if self.patience == "wait" else set(missing) & self.waiting

    def _made(self, known: ImportField, lookup: Lookup, unknown: Mapping[str, str]) -> Found:
        """Make what is missing where that is wanted and allowed; a check only counts it."""
        if not unknown or lookup.create is None or not self._may_create(lookup):
            return {}
        self.linked += len(unknown) if lookup.counts else 0
        if self.plan.writes:
            made = lookup.create(list(unknown.values()), self.plan.actor)
            return {key: [pk] for key, pk in made.items()}
        self.coming[known.name] |= unknown.keys()
        return {key: [] for key in unknown}

    def _may_create(self, lookup: Lookup) -> bool:
        allowed = not lookup.create_permission or can(self.plan.actor, lookup.create_permission)
        return allowed and (self.plan.creates_linked or not lookup.counts)

    def _replace(
        self, draft: Draft, known: ImportField, lookup: Lookup, found: Found, awaited: set[str]
    ) -> None:
        ids: list[Any] = []
        for word in _words(draft, known):
            key = lookup.key(word)
            matches = found.get(key)
            if key in awaited:
                self._await(draft, known, lookup)
            elif matches is None or len(matches) > 1:
                sentence = lookup.ambiguous if matches else lookup.missing
                column = self.plan.column_named(known.name)
                draft.problems.append(Problem(column, str(sentence) % {"word": word}))
            elif matches:
                ids.append(matches[0])
            else:
                draft.coming.setdefault(known.name, []).append(word)
        _keep(draft, known, ids)

    def _await(self, draft: Draft, known: ImportField, lookup: Lookup) -> None:
        if self.patience != "refuse":
            draft.is_waiting = True
            return
        sentence = _(
            "Through its parents this would belong to itself, or to one that could not be imported."
        )
        draft.problems.append(Problem(self.plan.column_named(known.name), sentence))


def _words(draft: Draft, known: ImportField) -> list[str]:
    value = draft.values.get(known.name)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _keep(draft: Draft, known: ImportField, ids: list[Any]) -> None:
    if known.is_list:
        draft.values[known.name] = list(dict.fromkeys(ids))
    elif ids:
        draft.values[known.name] = ids[0]
    else:
        draft.values.pop(known.name, None)
