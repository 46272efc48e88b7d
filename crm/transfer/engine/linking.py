"""Making words into other records: owners, tags, companies; also those another row of the file makes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.core.exceptions import ValidationError
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

    def link(self, drafts: Iterable[Draft]) -> None:
        """Replace words by ids in every good draft; the others get a problem or have to wait.

        Words that are to become records stay behind in `coming`, until `make` is told that their
        rows are otherwise fine: a refused row leaves nothing behind.
        """
        drafts = list(drafts)
        for known in self.plan.linked():
            named = [each for each in drafts if each.is_good and known.name in each.values]
            if known.lookup and named:
                self._link(known, known.lookup, named)

    def make(self, drafts: Iterable[Draft]) -> int:
        """Make the records these drafts still miss and return how many count; a check only remembers them."""
        drafts, counted = list(drafts), 0
        for known in self.plan.linked():
            lookup = known.lookup
            missing = self._missing(known, lookup, drafts) if lookup else {}
            if not missing or lookup is None or lookup.create is None:
                continue
            counted += len(missing) if lookup.counts else 0
            if self.plan.writes:
                made = lookup.create(list(missing.values()), self.plan.actor)
                _fill(drafts, known, lookup, made)
            else:
                self.coming[known.name] |= missing.keys()
        return counted

    def _missing(
        self, known: ImportField, lookup: Lookup, drafts: Iterable[Draft]
    ) -> dict[str, str]:
        """Return the words nobody has made a record of yet, as they are written first."""
        missing: dict[str, str] = {}
        for draft in drafts:
            for _at, word in draft.coming.get(known.name, ()):
                if lookup.key(word) not in self.coming[known.name]:
                    missing.setdefault(lookup.key(word), word)
        return missing

    def _link(self, known: ImportField, lookup: Lookup, drafts: list[Draft]) -> None:
        said: dict[str, str] = {}
        for word in (word for draft in drafts for word in _words(draft, known)):
            said.setdefault(lookup.key(word), word)
        found = dict(lookup.find(said.keys(), self.plan.actor))
        missing = {key for key in said if key not in found}
        awaited = self._awaited(lookup, missing - self.coming[known.name])
        misfits: dict[str, str] = {}
        if self._may_create(lookup):
            misfits = _misfits({key: said[key] for key in missing - awaited}, lookup)
            found |= {key: [] for key in missing - awaited - misfits.keys()}
        found |= {key: [] for key in missing & self.coming[known.name]}
        for draft in drafts:
            self._replace(draft, known, lookup, found, misfits, awaited)

    def _awaited(self, lookup: Lookup, missing: Collection[str]) -> set[str]:
        """Return the words another row of the file may still turn into a record."""
        if not lookup.in_file:
            return set()
        return set(missing) if self.patience == "wait" else set(missing) & self.waiting

    def _may_create(self, lookup: Lookup) -> bool:
        allowed = not lookup.create_permission or can(self.plan.actor, lookup.create_permission)
        options = self.plan.options
        is_wanted = (options.creates_linked or not lookup.counts) and (
            options.creates_options or not lookup.is_option
        )
        return lookup.create is not None and allowed and is_wanted

    def _replace(
        self,
        draft: Draft,
        known: ImportField,
        lookup: Lookup,
        found: Found,
        misfits: Mapping[str, str],
        awaited: set[str],
    ) -> None:
        ids: list[Any] = []
        for at, word in enumerate(_words(draft, known)):
            key = lookup.key(word)
            matches = found.get(key)
            if key in awaited:
                self._await(draft, known)
            elif key in misfits:
                self._refuse(draft, known, misfits[key])
            elif matches is None or len(matches) > 1:
                sentence = lookup.ambiguous if matches else lookup.missing
                self._refuse(draft, known, str(sentence) % {"word": word})
            elif matches:
                ids.append(matches[0])
            else:
                draft.coming.setdefault(known.name, []).append((at, word))
        _keep(draft, known, ids)

    def _await(self, draft: Draft, known: ImportField) -> None:
        if self.patience != "refuse":
            draft.is_waiting = True
            return
        sentence = _(
            "Through its parents this would belong to itself, or to one that could not be imported."
        )
        self._refuse(draft, known, sentence)

    def _refuse(self, draft: Draft, known: ImportField, sentence: str) -> None:
        draft.problems.append(Problem(self.plan.column_named(known.name), sentence))


def _misfits(words: Mapping[str, str], lookup: Lookup) -> dict[str, str]:
    """Return why some of these words cannot become records, whatever their rows say."""
    found = {}
    for key, word in words.items():
        try:
            lookup.check(word)
        except ValidationError as refusal:
            found[key] = " ".join(refusal.messages)
    return found


def _fill(
    drafts: Iterable[Draft], known: ImportField, lookup: Lookup, made: Mapping[str, Any]
) -> None:
    """Put the ids of new records where their words stood."""
    for draft in drafts:
        ids = list(_words(draft, known))
        draft.needed |= known.name in draft.coming
        for at, word in draft.coming.pop(known.name, ()):
            ids.insert(at, made[lookup.key(word)])
        if ids:
            _keep(draft, known, ids)


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
