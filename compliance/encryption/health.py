"""Whether this process can open what is sealed: asked by the readiness check and at start-up."""

from uuid import UUID

from compliance.encryption.vault.keys import broken_tenants


def unreadable_workspaces() -> list[UUID]:
    """Return the workspaces whose canary does not open; KeyUnavailable when the vault is away."""
    return broken_tenants()
