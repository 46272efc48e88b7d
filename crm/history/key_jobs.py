"""Destroying the keys of records that are no more."""

from uuid import UUID

from django.db import connection

from compliance.encryption.erasure import destroy_subjects
from core.isolation.scope import current_workspace
from core.jobs import workspace_job
from core.records.registry import record_type_named


def take_turns_with_keys() -> None:
    """Wait for others who end or revive keys here: a record that comes back must not lose its new one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.keys'))")


@workspace_job()
def destroy_keys(record_type: str, subjects: list[str]) -> None:
    """Destroy the keys of these records, except of those that exist again."""
    take_turns_with_keys()
    known = record_type_named(record_type)
    wanted = {UUID(subject) for subject in subjects}
    if known is not None:
        alive = known.model._default_manager.filter(pk__in=wanted)
        wanted -= set(alive.values_list("pk", flat=True))
    destroy_subjects(current_workspace().id, wanted)
