"""Keys of people and workspaces: made, loaded together, destroyed, moved to a new epoch."""

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from compliance.encryption import keyring
from compliance.encryption.erasure import destroy_subject, destroy_tenant_keys, rotate_epoch
from compliance.encryption.errors import KeyDestroyed, KeyUnavailable, SubjectErased
from compliance.encryption.health import unreadable_workspaces
from compliance.encryption.keyring import forget_keys, start_unit_of_work
from compliance.encryption.providers import key_provider
from compliance.encryption.values import Erased, seal_value, unseal_value
from compliance.encryption.vault import epochs, keys
from compliance.encryption.vault.database import ask
from compliance.encryption.vault.keys import create_tenant_keys, unreadable_tenants
from core.ids import new_id
from tests.compliance.encryption.models import Phone
from tests.conftest import inside, outside


@pytest.fixture
def crowd(people):
    """A hundred people, read as a page would read them, with no key in memory."""
    people.objects.bulk_create(
        people(given_name=f"Name {n}", email=f"p{n}@example.com", nickname="N") for n in range(100)
    )
    forget_keys()
    return people.objects.order_by("id")


@pytest.fixture
def vault_queries():
    """Statements sent to the vault, without the savepoints of tests."""

    def of(function):
        with CaptureQueriesContext(connections["vault"]) as captured:
            function()
        return [each["sql"].split()[0] for each in captured if "SAVEPOINT" not in each["sql"]]

    return of


def look(rows):
    return [(row.given_name, row.email, row.nickname) for row in rows]


def test_many_new_people_need_one_insert_into_the_vault(people, vault_queries):
    crowd = [people(email=f"p{n}@example.com") for n in range(100)]
    keyring.current_keyring()
    people.objects.create(email="first@example.com")

    assert vault_queries(lambda: people.objects.bulk_create(crowd)) == ["INSERT"]


def test_one_new_person_needs_one_insert_into_the_vault(people, vault_queries):
    people.objects.create(email="first@example.com")

    assert vault_queries(lambda: people.objects.create(email="second@example.com")) == ["INSERT"]


def test_a_page_of_people_needs_one_query_of_the_vault(crowd, vault_queries):
    keyring.current_keyring()

    assert vault_queries(lambda: look(crowd)) == ["SELECT"]
    assert vault_queries(lambda: look(crowd.all())) == []


def test_people_and_their_child_rows_share_the_query(crowd, vault_queries):
    Phone.objects.bulk_create(Phone(person=person, number="+4930123456") for person in crowd)
    forget_keys()
    keyring.current_keyring()

    def page():
        for person in crowd.prefetch_related("phones"):
            assert [phone.number for phone in person.phones.all()] == ["+4930123456"]

    assert vault_queries(page) == ["SELECT"]


def test_erasing_one_person_leaves_the_others_readable(crowd, acme):
    jane = crowd[7]

    destroy_subject(acme.id, jane.pk)

    for row in crowd.all():
        if row.pk == jane.pk:
            assert isinstance(row.given_name, Erased)
            assert str(row.given_name) == "[erased]"
        else:
            assert row.given_name.startswith("Name")


def test_an_erased_person_cannot_be_written_again(people, acme):
    jane = people.objects.create(given_name="Jane")
    destroy_subject(acme.id, jane.pk)

    with pytest.raises(SubjectErased):
        seal_value(b"Jane", uid="test", row=jane.pk, subject=jane.pk)


def test_a_person_erased_before_their_first_value_stays_erased(fresh_vault, acme):
    jane = new_id()
    destroy_subject(acme.id, jane)

    with pytest.raises(SubjectErased):
        seal_value(b"Jane", uid="test", row=jane, subject=jane)


def test_destroying_a_workspaces_keys_ends_all_it_sealed(fresh_vault, acme, globex):
    jane = new_id()
    blob = seal_value(b"Jane", uid="test", row=jane, subject=jane)
    own = seal_value(b"Jane", uid="test", row=jane, subject=None)

    destroy_tenant_keys(acme.id)

    for each in (blob, own):
        with pytest.raises(KeyDestroyed):
            unseal_value(each, uid="test", row=jane)
    assert inside(globex, lambda: seal_value(b"Eve", uid="test", row=jane, subject=jane))


def vault_rows():
    return {
        table: ask(f"SELECT * FROM vault_{table}") for table in ("epoch", "tenantkey", "subjectkey")
    }


def restore(rows):
    for table in ("subjectkey", "tenantkey", "epoch"):
        ask(f"DELETE FROM vault_{table}")
    for table, found in rows.items():
        for row in found:
            ask(f"INSERT INTO vault_{table} VALUES ({', '.join(['%s'] * len(row))})", row)
    forget_keys()


def test_backups_of_the_vault_open_erased_people_until_the_epoch_is_rotated(fresh_vault, acme):
    jane, joan = new_id(), new_id()
    erased = seal_value(b"Jane", uid="test", row=jane, subject=jane)
    kept = seal_value(b"Joan", uid="test", row=joan, subject=joan)
    backup = vault_rows()
    destroy_subject(acme.id, jane)
    after_erasure = vault_rows()

    restore(backup)
    assert unseal_value(erased, uid="test", row=jane) == b"Jane"

    restore(after_erasure)
    rotate_epoch()
    assert unseal_value(kept, uid="test", row=joan) == b"Joan"
    assert unreadable_tenants([acme.id]) == []

    restore(backup)
    for blob, row in ((erased, jane), (kept, joan)):
        with pytest.raises(KeyDestroyed):
            unseal_value(blob, uid="test", row=row)


def test_rotation_moves_every_living_key_and_leaves_one_key_file(fresh_vault, monkeypatch):
    monkeypatch.setattr(epochs, "REWRAP_BATCH", 3)
    keyring.ensure_subject_keys(new_id() for _ in range(10))

    epoch = rotate_epoch()

    assert ask("SELECT DISTINCT epoch_id FROM vault_subjectkey") == [(epoch,)]
    assert [path.stem for path in fresh_vault.glob("*.key")] == [str(epoch)]
    assert ask("SELECT count(*) FROM vault_epoch WHERE retired_at IS NULL") == [(1,)]


def test_an_interrupted_rotation_loses_nothing_and_is_finished_by_the_next(
    fresh_vault, monkeypatch
):
    jane = new_id()
    blob = seal_value(b"Jane", uid="test", row=jane, subject=jane)
    with monkeypatch.context() as patched:
        patched.setattr(epochs, "_UPDATE", {})
        rotate_epoch()
    assert unseal_value(blob, uid="test", row=jane) == b"Jane"
    assert len(list(fresh_vault.glob("*.key"))) == 2

    rotate_epoch()

    assert unseal_value(blob, uid="test", row=jane) == b"Jane"
    assert len(list(fresh_vault.glob("*.key"))) == 1


def test_a_process_that_knows_an_old_epoch_makes_no_key_under_it(fresh_vault):
    keyring.ensure_subject_keys([new_id()])
    # Another process rotates: this one's memory of the current epoch is now wrong.
    epoch = epochs.rotate_epoch()

    keyring.ensure_subject_keys([new_id()])

    assert ask("SELECT DISTINCT epoch_id FROM vault_subjectkey") == [(epoch,)]


def test_keys_destroyed_elsewhere_are_forgotten_at_the_next_request(people, acme):
    jane = people.objects.create(given_name="Jane")
    start_unit_of_work()
    assert people.objects.get(pk=jane.pk).given_name == "Jane"

    # As another process would: this one's caches are not told.
    keys.destroy_subjects(acme.id, [jane.pk])
    assert people.objects.get(pk=jane.pk).given_name == "Jane"

    start_unit_of_work()
    assert people.objects.get(pk=jane.pk).given_name == "[erased]"


def test_every_request_and_job_of_a_workspace_begins_with_the_check(fresh_vault, acme):
    jane = new_id()

    def request(work):
        return outside(lambda: inside(acme, work))

    blob = request(lambda: seal_value(b"Jane", uid="test", row=jane, subject=jane))
    keys.destroy_subjects(acme.id, [jane])

    with pytest.raises(KeyDestroyed):
        request(lambda: unseal_value(blob, uid="test", row=jane))


def test_a_vault_that_is_away_is_neither_erasure_nor_tampering(people, monkeypatch):
    jane = people.objects.create(given_name="Jane")

    def away(*args, **kwargs):
        raise KeyUnavailable

    monkeypatch.setattr(keys, "load_keys", away)
    monkeypatch.setattr(keys, "create_subject_keys", away)
    monkeypatch.setattr(epochs, "generation", away)
    start_unit_of_work()

    # Warm keys serve on.
    assert people.objects.get(pk=jane.pk).given_name == "Jane"
    keyring._ciphers.clear()
    with pytest.raises(KeyUnavailable):
        people.objects.get(pk=jane.pk).given_name  # noqa: B018
    with pytest.raises(KeyUnavailable):
        people.objects.create(given_name="Joan")


def test_a_workspace_without_keys_is_refused(fresh_vault, acme):
    ask("DELETE FROM vault_tenantkey WHERE tenant = %s", [acme.id])
    forget_keys()

    with pytest.raises(KeyUnavailable, match="provisioning"):
        seal_value(b"Jane", uid="test", row=new_id(), subject=None)


def test_keys_of_a_workspace_are_made_once(fresh_vault, acme):
    blob = seal_value(b"x", uid="test", row=acme.id, subject=None)

    create_tenant_keys(acme.id)
    forget_keys()

    assert unseal_value(blob, uid="test", row=acme.id) == b"x"


def test_health_names_the_workspace_whose_keys_do_not_open(fresh_vault, acme, globex):
    both = [acme.id, globex.id]
    assert unreadable_tenants(both) == []

    ask(
        "UPDATE vault_tenantkey SET wrapped = (SELECT wrapped FROM vault_tenantkey WHERE tenant = %s)"
        " WHERE tenant = %s",
        [globex.id, acme.id],
    )

    assert unreadable_tenants(both) == [acme.id]


def test_health_names_every_workspace_when_the_key_file_is_wrong(fresh_vault, acme, globex):
    [path] = fresh_vault.glob("*.key")
    path.write_bytes(bytes(32))
    key_provider().forget()

    assert set(unreadable_tenants([acme.id, globex.id])) == {acme.id, globex.id}


def test_health_misses_the_keys_of_workspaces_in_an_empty_vault(fresh_vault, acme, globex):
    ask("DELETE FROM vault_tenantkey")

    assert {acme.id, globex.id} <= set(unreadable_workspaces())


def test_two_workspaces_share_nothing_of_the_same_person(people, acme, globex):
    values = {"id": new_id(), "given_name": "Jane", "email": "jane@example.com"}
    columns = "given_name, email, email_index, name_prefixes"

    def stored():
        people.objects.create(**values)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM {people._meta.db_table}")
            return cursor.fetchone()

    ours, theirs = stored(), inside(globex, stored)

    for one, other in zip(ours[:3], theirs[:3], strict=True):
        assert bytes(one) != bytes(other)
    assert not set(ours[3]) & set(theirs[3])
    assert people.objects.where(email="JANE@example.com").exists()
    assert len(ours[3]) > 5
