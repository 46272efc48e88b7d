"""x"""

from typing import Any

from core.actors import Actor


def unmerge_records(record_type: Any, ids: Any, *, actor: Actor) -> Any:
    raise NotImplementedError
