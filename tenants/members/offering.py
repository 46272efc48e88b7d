"""How the roles of every workspace come to new permissions: each release offers them, each of them once."""

from core.access import starting_permissions
from tenants.members.models import Role

# Names of permissions and roles are ours, never a person's, and hold nothing but letters.
OFFER = """
UPDATE members_role SET
    permissions = permissions || ARRAY(
        SELECT unnest({names}) EXCEPT SELECT unnest(permissions || offered) ORDER BY 1),
    offered = ARRAY(SELECT unnest(offered) UNION SELECT unnest({names}) ORDER BY 1)
WHERE key = '{role}' AND NOT {names} <@ offered;
"""


def offer_permissions() -> str:
    """Return SQL that gives roles what they start with today and were never offered before.

    What an admin took away was offered, so it stays away. The admin role has everything anyway.
    """
    keys = [key for key in Role.Key.values if starting_permissions(key)]
    return "".join(OFFER.format(role=key, names=_array(starting_permissions(key))) for key in keys)


def _array(names: list[str]) -> str:
    return "ARRAY[{}]::varchar[]".format(", ".join(f"'{name}'" for name in names))
