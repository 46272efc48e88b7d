"""Opening an address changes nothing, so that no link, picture or search engine does anything for a member."""

import pytest

from tests.architecture.test_isolation import addresses, checksums, loot, routes  # noqa: F401

PATHS = sorted({path for path, _names in routes()})
# Each of them a test of its own, so that they share the machine.
PARTS = 4
VISIT, SESSION, EXPORT = '"bookmarks_visit"', '"members_session"', '"transfer_export"'
# What is noted of somebody who looks, and changes nothing that they or others have.
NOTED = {
    # Which records they opened lately.
    "/companies/<uuid:pk>/": {VISIT},
    "/contacts/<uuid:pk>/": {VISIT},
    # Who took what out of the workspace.
    "/api/v1/companies/export/": {EXPORT, '"events_event"'},
    "/api/v1/contacts/export/": {EXPORT, '"events_event"'},
    # Which question their browser was sent to a provider with, and the secret an app is to learn.
    "/sso/<uuid:pk>/": {SESSION},
    "/settings/sso/<uuid:pk>/test/": {SESSION},
    "/settings/two-step/app/": {SESSION},
}


@pytest.mark.parametrize("part", range(PARTS))
def test_it_writes_nothing(as_member, alice, loot, part):  # noqa: F811
    found, paths = {}, PATHS[part::PARTS]
    for path in paths:
        visitor = as_member(alice)
        # The made-up provider and passkey of the loot cannot be spoken to.
        visitor.raise_request_exception = False
        before = checksums()
        for address in addresses(path, loot):
            answer = visitor.get(address)
            # What is sent bit by bit is done only once it was read.
            list(answer)
        after = checksums()
        if changed := {table for table in before if before[table] != after[table]}:
            found[path] = changed

    assert found == {path: tables for path, tables in NOTED.items() if path in paths}
