"""An import is its owner's: others hear that there was one, and neither see its rows nor decide about it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils.timezone import now

from api.keys.operations import create_key
from core.events.models import Event
from core.isolation.scope import Workspace
from crm.customers.models.companies import Company
from crm.customers.operations.companies import create_company
from crm.history.models import ChangeSet
from crm.transfer.correcting import correct_row, keep_values, reopen_row, skip_row
from crm.transfer.mapping.columns import Mapping
from crm.transfer.models import Import, SavedMapping
from crm.transfer.operations import (
    begin_check,
    begin_run,
    choose_layout,
    choose_options,
    discard,
    map_columns,
    wake,
)
from crm.transfer.options import Options
from crm.transfer.permissions import OthersImport
from crm.transfer.saving import save_mapping
from tenants.members.models import Role, User
from tests.api.conftest import Program
from tests.conftest import Visitor, make_member, nothing_written
from tests.crm.transfer.conftest import Bring

type LogIn = Callable[[User], Visitor]
URL = "/api/v1/imports/"
SECRET = "Zanzibar Holdings"
SEEN = ("import", "file", "map", "options", "check", "run", "status", "refused")
DECIDED = ("file", "map", "options", "check", "run", "wake", "discard")
ROW = ("row", "skip", "reopen", "values")


@pytest.fixture
def manager(alice: User) -> User:
    """Sees what others did to many records, imports, and changes what is hers and her teams'."""
    return make_member("mia@acme.test", Role.Key.MANAGER, given_name="Mia", family_name="Lund")


@pytest.fixture
def checked(bring: Bring, alice: User) -> Import:
    """Alice's checked import: one row is new, one changes a record, one is refused."""
    create_company(actor=alice.as_actor(), name=SECRET, employees=41)
    text = f"name,employees\n{SECRET},42\nInitech,7\nHooli,lots\n"
    return bring(text, type="company", is_check=True, name="layoffs.csv")


def program_of(workspace: Workspace, member: User) -> Program:
    return Program(workspace, create_key(actor=member.as_actor(), name="Accounting")[1])


def as_was(the_import: Import) -> None:
    """Say that nothing about the import changed."""
    now_there = Import.objects.get(pk=the_import.pk)
    for field in ("state", "mapping", "options", "layout", "edits", "kept", "refused", "version"):
        assert getattr(now_there, field) == getattr(the_import, field)


def addresses(the_import: Import) -> list[str]:
    rows = [reverse(f"transfer:{name}", args=[the_import.pk, 4]) for name in ROW]
    return rows + [reverse(f"transfer:{name}", args=[the_import.pk]) for name in DECIDED]


def test_who_sees_what_others_did_does_not_see_the_rows_of_their_imports(
    checked: Import, manager: User, as_member: LogIn
) -> None:
    visitor = as_member(manager)

    pages = [visitor.get(reverse(f"transfer:{name}", args=[checked.pk])) for name in SEEN]
    pages.append(visitor.get(reverse("transfer:check", args=[checked.pk]), {"show": "updated"}))

    assert {page.status_code for page in pages} == {403}
    assert not any(SECRET in page.content.decode() for page in pages)
    assert "Only whoever brought this file" in pages[0].content.decode()


def test_nobody_decides_about_the_import_of_another(
    checked: Import, manager: User, as_member: LogIn
) -> None:
    visitor = as_member(manager)
    data = {"field-0": "name", "field-1": "", "cell-0": "Mine", "cell-1": "1", "match": "name"}

    with nothing_written(Company, Event, SavedMapping):
        for url in addresses(checked):
            assert visitor.post(url, data).status_code == 403, url

    as_was(checked)


def test_programs_see_and_decide_as_little(checked: Import, manager: User, acme: Workspace) -> None:
    program, url = program_of(acme, manager), f"{URL}{checked.pk}/"
    asked: list[tuple[str, str, Any]] = [
        ("patch", "", {"columns": [{"column": "name", "field": "name"}]}),
        ("patch", "errors/4/", {"cells": {"employees": "5"}}),
        ("patch", "updates/2/", {"keep": []}),
        *(("post", f"{way}/", {}) for way in ("check", "run", "wake", "errors/4/skip")),
        ("post", "errors/4/reopen/", {}),
        ("delete", "", {}),
    ]

    with nothing_written(Company, Event):
        answers = [program.get(f"{url}{rest}") for rest in ("", "updates/", "errors/", "refused/")]
        answers += [program.send(method, f"{url}{rest}", body) for method, rest, body in asked]

    assert {(each.status_code, each.json()["code"]) for each in answers} == {
        (403, "import_of_another")
    }
    assert not any(SECRET in each.content.decode() for each in answers)

    as_was(checked)


def test_operations_refuse_whoever_did_not_bring_the_file(checked: Import, manager: User) -> None:
    actor = manager.as_actor()
    asked: list[Callable[[], Any]] = [
        lambda: choose_layout(checked, choices={"encoding": "utf-8"}, actor=actor),
        lambda: map_columns(checked, mapping=Mapping.from_json(checked.mapping), actor=actor),
        lambda: choose_options(checked, options=Options.from_json(checked.options), actor=actor),
        lambda: begin_check(checked, actor=actor),
        lambda: begin_run(checked, actor=actor),
        lambda: wake(checked, actor=actor, at=now()),
        lambda: discard(checked, actor=actor),
        lambda: correct_row(checked, number=4, cells=["Hooli", "1"], actor=actor),
        lambda: skip_row(checked, number=4, actor=actor),
        lambda: reopen_row(checked, number=4, actor=actor),
        lambda: keep_values(checked, number=2, names=["employees"], actor=actor),
        lambda: save_mapping(checked, name="Theirs", actor=actor),
    ]

    with nothing_written(Company, Event, SavedMapping, ChangeSet):
        for ask in asked:
            with pytest.raises(OthersImport):
                ask()

    as_was(checked)


def test_others_hear_of_an_import_in_one_line(
    checked: Import, manager: User, alice: User, as_member: LogIn
) -> None:
    link = reverse("transfer:import", args=[checked.pk])

    theirs, own = (
        as_member(each).get("/import/history/").content.decode() for each in (manager, alice)
    )

    assert link in own
    assert "layoffs.csv" in own
    assert link not in theirs
    assert "layoffs.csv" not in theirs
    assert f"File of {alice.name}" in theirs
    assert "Ready to import" in theirs


def test_programs_hear_of_an_import_without_what_its_file_is_called(
    checked: Import, manager: User, acme: Workspace
) -> None:
    checked.problem = "The file is empty."
    checked.save(update_fields=["problem"])

    [line] = program_of(acme, manager).get(URL).json()["results"]

    assert (line["id"], line["record_type"], line["state"]) == (
        str(checked.pk),
        "company",
        "checked",
    )
    assert line["counts"]["refused"] == 1
    assert (line["file_name"], line["problem"]) == ("", "")


def test_only_who_may_is_offered_to_take_back_what_others_imported(
    checked: Import, manager: User, alice: User, as_member: LogIn, work: Callable[[], list[str]]
) -> None:
    as_member(alice).post(reverse("transfer:run", args=[checked.pk]))
    work()
    checked.refresh_from_db()
    undo = reverse("change-set-undo", args=[checked.change_set_id])

    assert undo not in as_member(manager).get("/import/history/").content.decode()
    with nothing_written(Company):
        as_member(manager).post(undo)
        work()
    admin = make_member("ann@acme.test", Role.Key.ADMIN)
    assert undo in as_member(admin).get("/import/history/").content.decode()
    as_member(admin).post(undo)
    work()

    assert not Company.objects.filter(name="Initech", deleted_at=None).exists()


def test_whoever_may_not_import_records_of_a_type_any_more_sees_nothing_of_their_files(
    bring: Bring, alice: User, as_member: LogIn
) -> None:
    grants = ["customers.import_company", "customers.add_company", "customers.view_company"]
    role = Role.objects.create(name="Companies", grants=[*grants, "customers.import_contact"])
    member = make_member("dan@acme.test", Role.Key.REP)
    member.role = role
    member.save(update_fields=["role"])
    the_import = bring("name\nInitech\n", type="company", is_check=True, by=member)
    role.grants = ["customers.import_contact", "customers.add_contact"]
    role.save(update_fields=["grants"])

    visitor = as_member(member)

    assert visitor.get(reverse("transfer:check", args=[the_import.pk])).status_code == 403
    page = visitor.get("/import/history/").content.decode()
    assert reverse("transfer:import", args=[the_import.pk]) not in page


def test_a_key_knows_only_the_imports_it_brought(
    checked: Import, acme: Workspace, alice: User
) -> None:
    grants = ["imports:write", "customers.import_company", "customers.add_company"]
    key, secret = create_key(actor=alice.as_actor(), name="Feed", grants=grants)
    program = Program(acme, secret)

    assert program.get(URL).json()["results"] == []
    with nothing_written(Company, Event):
        for rest in ("", "updates/", "errors/", "refused/"):
            assert program.get(f"{URL}{checked.pk}/{rest}").status_code == 404
        assert program.post(f"{URL}{checked.pk}/run/").status_code == 404
    as_was(checked)
    Import.objects.filter(pk=checked.pk).update(key_id=key.pk)
    assert program.get(f"{URL}{checked.pk}/").status_code == 200


def test_a_member_goes_on_with_what_their_key_brought(
    checked: Import, alice: User, as_member: LogIn
) -> None:
    key, _secret = create_key(actor=alice.as_actor(), name="Feed")
    Import.objects.filter(pk=checked.pk).update(key_id=key.pk)

    page = as_member(alice).get(reverse("transfer:check", args=[checked.pk]))

    assert page.status_code == 200
