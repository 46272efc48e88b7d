"""What files on their way out hear of: records that are destroyed are not to be read in them."""

from core.events.bus import on_many
from core.events.models import Event
from core.records.registry import record_types
from crm.transfer.exporting import withdraw_exports


def listen() -> None:
    """Hear of every record type's end; called when all of them are known."""
    for record_type in record_types():
        on_many(f"{record_type.name}.destroyed")(withdraw_what_tells_of_them)


def withdraw_what_tells_of_them(events: list[Event]) -> None:
    for name in {event.name.partition(".")[0] for event in events}:
        withdraw_exports(name)
