"""What code may not do, lest one workspace's data reach another; and the few places that may."""

import re

import pytest
from django.conf import settings
from django.core.cache import caches

from tests.architecture.reading import product_code, text_of

PURE = "a function of its arguments alone"
DECLARED = "of what the code declares, the same in every workspace"
# Each rule: what to look for, and where it may be found, with why that is safe.
RULES: dict[str, tuple[str, dict[str, str]]] = {
    "a thread, which has no workspace": (
        r"threading\.(?:Thread|Timer)|ThreadPoolExecutor|asyncio\.to_thread"
        r"|run_in_executor|thread_sensitive\s*=\s*False",
        {},
    ),
    "a process, which inherits connections": (
        r"ProcessPoolExecutor|multiprocessing\.Process|os\.fork\(",
        {"tenants/provisioning/migrating.py": "closes all connections first"},
    ),
    "a switch of schema past bind_workspace": (
        r"schema_context|django_tenants\.utils import [^\n]*context|\bset_(?:tenant|schema)\w*\(|\bwith tenant:|\btenant\.activate\(|search_path\s*=",
        {
            "core/isolation/backend/base.py": "is the one that switches, and refuses all others",
            "tenants/management/commands/work.py": "a worker's own connection sees the queue alone",
            "tenants/provisioning/migrating.py": "the owner's connection",
            "tenants/provisioning/owner.py": "the owner's connection",
            "tenants/provisioning/platform.py": "the owner's connection",
            "tenants/provisioning/queue.py": "the owner's connection",
            "tenants/provisioning/sql.py": "the owner's connection",
        },
    ),
    "a role taken or a setting made by hand": (
        r"SET (?:LOCAL )?(?:SESSION )?ROLE\b|SET SESSION|RESET (?:ALL|ROLE)|set_config\(",
        {
            "core/isolation/backend/base.py": "steps into the role of the scope",
            "tenants/provisioning/platform.py": "tells how to close set_config",
        },
    ),
    "a lock, channel or table that outlives its transaction": (
        r"pg_(?:try_)?advisory_(?:lock|unlock)|[\"'](?:UN)?LISTEN |pg_notify|TEMP(?:ORARY)? TABLE",
        {},
    ),
    "a lock that all workspaces share": (
        r"pg_(?:try_)?advisory_xact_lock\((?!hashtext\(current_schema\(\))",
        {
            "compliance/encryption/vault/epochs.py": "the vault's own, of all workspaces",
        },
    ),
    "a cache past the one that keys by workspace": (
        r"django\.core\.cache\.backends|\bKEY_PREFIX\b|\bkey_prefix\s*=|\bimport redis\b|from redis\b",
        {"core/isolation/cache.py": "is the one that keys by workspace"},
    ),
    "a signature that holds in every workspace": (
        r"django\.core(?:\.| import )signing|\bsalted_hmac\b|get_(?:signed_cookie|cookie_signer)|set_signed_cookie"
        r"|PasswordResetTokenGenerator|default_token_generator",
        {
            "core/isolation/signing.py": "is the one that signs for a workspace",
            "tenants/members/directory.py": "the platform's, to find somebody's workspaces",
            "tenants/tries.py": "the platform's, to count what an address tries anywhere",
        },
    ),
    "a request to another server past the guarded one": (
        r"\brequests\.(?:get|post|put|patch|delete|head|request|Session|session)\b|urllib\.request|\bhttpx\b"
        r"|\baiohttp\b|http\.client|urlopen|socket\.create_connection|PoolManager\(",
        {
            "config/demo/management/commands/demo.py": "asks the demo itself whether it is there",
            "core/outgoing.py": "is the one that checks where it leads",
        },
    ),
    "an answer kept for the life of the process": (
        r"^\s*@(?:functools\.)?(?:lru_cache|cache)\b",
        {
            "compliance/encryption/providers.py": "the installation's key folder",
            "compliance/encryption/records.py": DECLARED,
            "core/isolation/rows.py": DECLARED,
            "core/records/addresses.py": DECLARED,
            "core/records/candidates.py": "queries without their values",
            "core/records/cells.py": DECLARED,
            "core/records/exactness.py": DECLARED,
            "core/records/filtering.py": DECLARED,
            "core/records/finding.py": DECLARED,
            "core/records/lists.py": DECLARED,
            "core/records/narrowing.py": "what is declared, less what a role hides",
            "core/records/reading.py": DECLARED,
            "core/records/rows.py": DECLARED,
            "core/records/writing.py": DECLARED,
            "core/ui/formats.py": PURE,
            "core/ui/fragments.py": PURE,
            "core/ui/icons.py": "the icons' file",
            "crm/customers/addresses.py": PURE,
            "crm/customers/importing/nearby.py": PURE,
            "crm/customers/importing/shared.py": DECLARED,
            "crm/customers/importing/values.py": PURE,
            "crm/customers/importing/writing.py": PURE,
            "crm/customers/models/labels.py": DECLARED,
            "crm/records/pages/listing.py": DECLARED,
            "crm/transfer/reading/workbooks.py": PURE,
        },
    ),
}


@pytest.mark.parametrize("what", RULES)
def test_no_code_has(what):
    pattern, allowed = RULES[what]
    found = {name for name in product_code() if re.search(pattern, text_of(name), re.MULTILINE)}

    assert found - allowed.keys() == set()
    assert allowed.keys() - found == set(), "These need no permission any more."


@pytest.mark.parametrize("name", list(settings.CACHES))
def test_every_cache_keys_by_workspace(name, acme, globex):
    assert settings.CACHES[name]["KEY_FUNCTION"] == "core.isolation.cache.make_key"
    assert caches[name].make_key("greeting").startswith(f"{acme.schema}:")
    assert hasattr(caches[name], "forget_workspace")
