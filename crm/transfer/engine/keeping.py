"""Values of known records that stay as they are, whatever a row of the file says."""

from collections.abc import Mapping
from typing import Any

from crm.transfer.engine.drafts import Draft
from crm.transfer.engine.plan import TAGS, Place, Plan


class Keeper:
    """Takes out of rows what is not to be written over: by a column's rule, or for one row alone."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.places = plan.places()
        self.ruled = [place for place in self.places if place.column.existing != "overwrite"]

    def hold_back(self, draft: Draft, record: Any) -> None:
        """Leave in the row only what may be written on the record it is about.

        Tags every record gets are no values of a column, so its rule does not hold them back.
        """
        chosen = set(self.plan.kept.get(str(draft.row.number), ()))
        ruled = {place.field.target for place in self.ruled if self._stays(place, record)}
        names = chosen | ruled
        if not names:
            return
        names |= {place.field.name for place in self.places if place.field.part_of in names}
        for name in names:
            draft.values.pop(name, None)
        if TAGS in ruled - chosen:
            draft.values[TAGS] = list(self.plan.options.tags)

    def _stays(self, place: Place, record: Any) -> bool:
        known = self.plan.importer.field(place.field.target) or place.field
        return place.column.existing == "keep" or bool(known.shown(record))

    def kept_changes(self, draft: Draft, before: Mapping[str, str]) -> list[list[str]]:
        """Return what the row would have written where somebody chose to keep the value."""
        cells: dict[str, list[str]] = {}
        for place in self.places:
            text = draft.row.cells[place.at].strip()
            if text and place.field.target in self.plan.kept.get(str(draft.row.number), ()):
                cells.setdefault(place.field.target, []).append(text)
        return [
            [self.plan.column_named(name), before.get(name, ""), ", ".join(texts), name]
            for name, texts in cells.items()
        ]
