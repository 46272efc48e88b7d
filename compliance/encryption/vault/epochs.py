"""Epochs: the generations of key-encryption keys, and moving every key to a new one."""

from uuid import UUID

from compliance.encryption.envelope import length_prefixed
from compliance.encryption.errors import KeyUnavailable
from compliance.encryption.providers import key_provider
from compliance.encryption.vault.database import ask, change
from core.ids import new_id

REWRAP_BATCH = 5_000
# Any number, as long as everybody who starts or ends an epoch takes the same one.
_LOCK = 6_030_124_871

_SELECT_OLD = {
    "vault_tenantkey": """
        SELECT tenant, NULL::bytea, wrapped, epoch_id FROM vault_tenantkey
        WHERE epoch_id <> %s AND wrapped IS NOT NULL
        ORDER BY tenant LIMIT %s FOR UPDATE""",
    "vault_subjectkey": """
        SELECT tenant, key_id, wrapped, epoch_id FROM vault_subjectkey
        WHERE epoch_id <> %s AND wrapped IS NOT NULL
        ORDER BY tenant, key_id LIMIT %s FOR UPDATE""",
}
_UPDATE = {
    "vault_tenantkey": """
        UPDATE vault_tenantkey k SET wrapped = new.wrapped, epoch_id = %s
        FROM unnest(%s::uuid[], %s::bytea[], %s::bytea[]) AS new(tenant, key_id, wrapped)
        WHERE k.tenant = new.tenant""",
    "vault_subjectkey": """
        UPDATE vault_subjectkey k SET wrapped = new.wrapped, epoch_id = %s
        FROM unnest(%s::uuid[], %s::bytea[], %s::bytea[]) AS new(tenant, key_id, wrapped)
        WHERE (k.tenant, k.key_id) = (new.tenant, new.key_id)""",
}
_SELECT_EMPTIED = """
    SELECT id FROM vault_epoch e
    WHERE retired_at IS NOT NULL AND destroyed_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM vault_tenantkey
                    WHERE epoch_id = e.id AND wrapped IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM vault_subjectkey
                    WHERE epoch_id = e.id AND wrapped IS NOT NULL)"""


def tenant_context(tenant: UUID) -> bytes:
    return length_prefixed(b"tenant", tenant.bytes)


def subject_context(tenant: UUID, key_id: bytes) -> bytes:
    return length_prefixed(b"subject", tenant.bytes, key_id)


def current_epoch() -> UUID:
    """Return the epoch new keys are wrapped under; KeyUnavailable before the first set-up."""
    rows = ask("SELECT id FROM vault_epoch WHERE retired_at IS NULL")
    if not rows:
        raise KeyUnavailable("The vault has no epoch yet: the set-up has not been run.")
    return UUID(str(rows[0][0]))


def ensure_epoch() -> UUID:
    """Return the current epoch, starting the first one if there is none. Safe to run twice."""
    with change():
        ask("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if ask("SELECT 1 FROM vault_epoch WHERE retired_at IS NULL"):
            return current_epoch()
        return _start_epoch()


def start_first_epoch() -> None:
    """Make the vault ready for its first key. Safe to repeat."""
    ensure_epoch()


def rotate_epoch() -> UUID:
    """Move every living key to a new epoch, then destroy the old ones: old backups die with them.

    Interrupted, it leaves every key readable; run again, it finishes what was left.
    """
    with change():
        ask("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        # Waits for writers that hold the row for a new key, and turns later ones away.
        ask("UPDATE vault_epoch SET retired_at = clock_timestamp() WHERE retired_at IS NULL")
        epoch = _start_epoch()
    for table in _UPDATE:
        while _rewrap_batch(table, epoch):
            continue
    _destroy_emptied()
    return epoch


def hold_epoch(epoch: UUID) -> bool:
    """Keep the epoch current until the transaction ends; False when it has been retired."""
    return bool(
        ask("SELECT 1 FROM vault_epoch WHERE id = %s AND retired_at IS NULL FOR SHARE", [epoch])
    )


def count_destruction() -> None:
    """Tell every process to forget its keys at the start of its next request or job."""
    ask(
        "INSERT INTO vault_generation (id, number) VALUES (1, 1)"
        " ON CONFLICT (id) DO UPDATE SET number = vault_generation.number + 1"
    )


def generation() -> int:
    """Return how many destructions the vault has counted."""
    rows = ask("SELECT number FROM vault_generation")
    return rows[0][0] if rows else 0


def _start_epoch() -> UUID:
    epoch = new_id()
    # The key before the row: a crash between them leaves a spare file, never a key that is missing.
    key_provider().create(epoch)
    ask("INSERT INTO vault_epoch (id) VALUES (%s)", [epoch])
    return epoch


def _rewrap_batch(table: str, epoch: UUID) -> int:
    provider = key_provider()
    with change():
        if not hold_epoch(epoch):
            return 0  # a later rotation has taken over, and moves everything to its own epoch
        rows = ask(_SELECT_OLD[table], [epoch, REWRAP_BATCH])
        wrapped = []
        for tenant, key_id, old, old_epoch in rows:
            context = subject_context(tenant, key_id) if key_id else tenant_context(tenant)
            key = provider.unwrap(old_epoch, old, context=context)
            wrapped.append(provider.wrap(epoch, key, context=context))
        if rows:
            tenants, key_ids = [row[0] for row in rows], [row[1] for row in rows]
            ask(_UPDATE[table], [epoch, tenants, key_ids, wrapped])
    return len(rows)


def _destroy_emptied() -> None:
    for (epoch,) in ask(_SELECT_EMPTIED):
        key_provider().destroy(epoch)
        with change():
            ask("UPDATE vault_epoch SET destroyed_at = clock_timestamp() WHERE id = %s", [epoch])
            count_destruction()
