"""Programs bring files in through the same steps and the same operations as the pages."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now

from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.models.labels import Tag
from crm.transfer.engine.running import carry_on
from crm.transfer.models import Import, SavedMapping
from crm.transfer.operations import begin_check, begin_run, upload
from crm.transfer.saving import save_mapping
from tenants.members.models import User
from tests.conftest import nothing_written
from tests.crm.transfer.conftest import record_type

FIRMS = "name,employees\nInitech,5\nHooli,lots\n"
PEOPLE = "given name,email,birthday\nAda,ada@x.example,3/4/1990\nBen,ben@x.example,\n"
URL = "/api/v1/imports/"
type Work = Callable[[], list[str]]


@pytest.fixture(autouse=True)
def stored(tmp_path: Any, settings: Any) -> None:
    """A folder for files, empty at first."""
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path, "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "default": default}


@pytest.fixture
def program(alice: User, program_of: Callable[[User], Any]) -> Any:
    return program_of(alice)


def send(program: Any, text: str | bytes, type: str = "company", name: str = "firms.csv") -> Any:
    content = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile(name, content)
    return program.post(URL, {"record_type": type, "file": file})


@pytest.fixture
def firms(program: Any) -> str:
    """The address of an import that waits for decisions."""
    return f"{URL}{send(program, FIRMS).json()['id']}/"


def test_a_file_is_brought_and_its_columns_are_told(program: Any) -> None:
    answer = send(program, "Kunde;Kopfzahl\nInitech;5\n")

    said = answer.json()
    assert (answer.status_code, said["state"], said["layout"]["delimiter"]) == (
        201,
        "uploaded",
        ";",
    )
    assert said["columns"][0] == {
        "column": "Kunde", "field": "", "multiply": 1, "existing": "overwrite", "confidence": "",
        "samples": ["Initech"],
    }  # fmt: skip
    assert program.get(answer.headers["Location"]).json() == said


def test_a_file_comes_in_step_by_step(program: Any, work: Work) -> None:
    url = send(program, "Kunde;Kopfzahl\nInitech;5\n").headers["Location"]
    decided = program.send("patch", url, {
        "columns": [{"column": "Kunde", "field": "name"}, {"column": "Kopfzahl", "field": "employees"}],
        "options": {"mode": "create", "tags": ["Fair"]},
        "save_mapping_as": "Old system",
    }).json()  # fmt: skip
    assert [each["field"] for each in decided["columns"]] == ["name", "employees"]
    assert (decided["options"]["mode"], decided["options"]["match"]) == ("create", "name")
    with nothing_written(Company, Tag):
        checked = program.post(f"{url}check/").json()
    assert (checked["state"], checked["counts"]["created"]) == ("checked", 1)

    assert program.post(f"{url}run/").status_code == 202
    work()

    done = program.get(url).json()
    assert (done["state"], done["counts"]["created"], done["progress"]["done"]) == (
        "finished",
        1,
        1,
    )
    assert Company.objects.get().employees == 5
    assert SavedMapping.objects.get().name == "Old system"
    assert [each["file_name"] for each in program.get(URL).json()["results"]] == ["firms.csv"]


def test_an_import_is_undone_through_its_change_set(program: Any, firms: str, work: Work) -> None:
    program.post(f"{firms}run/")
    work()
    the_set = program.get(firms).json()["change_set"]

    program.send("post", f"/api/v1/history/{the_set}/undo/", {})
    work()

    assert program.get("/api/v1/companies/").json()["count"] == 0


def test_page_and_program_do_the_same(
    program: Any, alice: User, as_member: Callable[[User], Any], work: Work
) -> None:
    browser = as_member(alice)
    actor, kind = alice.as_actor(), record_type("company")
    by_page = upload([FIRMS.encode()], record_type=kind, file_name="firms.csv", actor=actor)
    begin_check(by_page, actor=actor)
    carry_on(by_page.pk, clock=now)
    url = f"{URL}{send(program, FIRMS).json()['id']}/"
    program.post(f"{url}check/")

    known = ("layout", "columns", "options", "counts", "state", "file_name", "progress")
    first, second = (browser.get(each).json() for each in (f"{URL}{by_page.pk}/", url))
    assert {name: first[name] for name in known} == {name: second[name] for name in known}
    assert program.get(f"{url}errors/").json() == browser.get(f"{URL}{by_page.pk}/errors/").json()
    program.post(f"{url}run/")
    work()
    begin_run(by_page, actor=actor)
    carry_on(by_page.pk, clock=now)

    assert browser.get(f"{URL}{by_page.pk}/").json()["counts"]["unchanged"] == 1


def test_wrong_cells_are_told_with_what_may_be_meant_and_corrected(program: Any) -> None:
    url = f"{URL}{send(program, PEOPLE, 'contact').json()['id']}/"
    program.post(f"{url}check/")

    [row] = program.get(f"{url}errors/").json()["results"]
    assert (row["row"], row["cells"]["given name"]) == (2, "Ada")
    [problem] = row["problems"]
    assert (problem["column"], problem["value"]) == ("birthday", "3/4/1990")
    assert problem["suggestions"] == ["1990-04-03", "1990-03-04"]
    with nothing_written(Contact):
        wrong = program.send("patch", f"{url}errors/2/", {"cells": {"birthday": "spring"}})
        fine = program.send("patch", f"{url}errors/2/", {"cells": {"birthday": "1990-04-03"}})

    assert (wrong.json()["counts"]["refused"], fine.json()["counts"]["refused"]) == (1, 0)
    assert fine.json()["counts"]["created"] == 2


def test_rows_are_skipped_and_taken_up_again(program: Any, firms: str) -> None:
    program.post(f"{firms}check/")

    skipped = program.post(f"{firms}errors/3/skip/").json()["counts"]
    again = program.post(f"{firms}errors/3/reopen/").json()["counts"]

    assert (skipped["skipped"], skipped["refused"]) == (1, 0)
    assert (again["skipped"], again["refused"]) == (0, 1)


def test_refused_rows_are_fetched_as_a_file(program: Any, firms: str, work: Work) -> None:
    program.post(f"{firms}run/")
    work()

    answer = program.get(f"{firms}refused/")

    [row] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row == {
        "name": "Hooli", "employees": "lots", "Reason": "employees: This is not a number.",
    }  # fmt: skip


def test_a_file_is_read_in_another_way(program: Any) -> None:
    url = f"{URL}{send(program, 'name;employees,x\nInitech;5\n').json()['id']}/"

    said = program.send("patch", url, {"layout": {"delimiter": ","}}).json()

    assert [each["column"] for each in said["columns"]] == ["name;employees", "x"]


def test_an_import_that_wrote_nothing_is_discarded(program: Any, firms: str) -> None:
    assert program.delete(firms).status_code == 204

    assert not Import.objects.exists()


def test_only_an_import_nobody_works_on_is_taken_up(program: Any, firms: str) -> None:
    assert program.post(f"{firms}wake/").json()["code"] == "import_wrong_moment"


@pytest.mark.parametrize(
    ("body", "status", "named"),
    [
        ({"options": {"match": "shoe size"}}, 400, "match"),
        ({"options": {"owner": "018f0000-0000-7000-8000-000000000000"}}, 400, "owner"),
        ({"options": {"mode": "burn"}}, 400, "options.mode"),
        ({"options": {"colour": "red"}}, 400, "options.colour"),
        ({"layout": {"encoding": "rot13"}}, 400, "layout.encoding"),
        ({"columns": [{"column": "shoes", "field": "name"}]}, 422, ""),
        ({"columns": [{"column": "name", "field": "shoes"}]}, 422, ""),
        ({"columns": [{"column": "employees", "field": "name"}, {"column": "name", "field": "name"}]}, 422, ""),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(
    program: Any, firms: str, body: Any, status: int, named: str
) -> None:
    before = program.get(firms).json()

    answer = program.send("patch", firms, body)

    assert answer.status_code == status
    assert not named or named in answer.json()["errors"]
    assert program.get(firms).json() == before


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "a.csv"), (b"%PDF-1.7", "a.csv"), (b"name\n", "a.csv"), (b"PK\x03\x04xx", "a.xlsx")],
)
def test_bad_files_are_refused_with_a_sentence(program: Any, content: bytes, name: str) -> None:
    with nothing_written(Import):
        answer = send(program, content, name=name)

    assert answer.status_code in (400, 422)
    assert answer.json()["detail"]


def test_a_file_beyond_the_plan_is_refused(program: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.transfer.reading.sizes.allowance", lambda name: 10)

    with nothing_written(Import):
        answer = send(program, FIRMS)

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_file")
    assert "larger than" in answer.json()["detail"]


def test_what_is_asked_wrongly_is_told(program: Any, firms: str) -> None:
    with nothing_written(Import):
        assert "record_type" in send(program, FIRMS, "dragon").json()["errors"]
        assert "file" in program.post(URL, {"record_type": "company"}).json()["errors"]
    program.post(f"{firms}check/")
    unknown = program.send("patch", f"{firms}errors/3/", {"cells": {"shoes": "1"}})
    assert unknown.status_code == 400
    assert program.post(f"{firms}errors/2/skip/").json()["code"] == "import_no_such_row"


def test_a_rep_imports_and_sees_only_their_own(
    bob: User, program_of: Callable[[User], Any], firms: str, work: Work
) -> None:
    rep = program_of(bob)

    assert rep.get(firms).status_code == 404
    assert rep.post(f"{firms}run/").status_code == 404
    url = f"{URL}{send(rep, FIRMS).json()['id']}/"
    rep.post(f"{url}run/")
    work()

    assert Company.objects.get().owner_id == bob.pk


def test_a_viewer_imports_nothing(
    carol: User, program_of: Callable[[User], Any], firms: str
) -> None:
    viewer = program_of(carol)

    with nothing_written(Import, Company):
        assert send(viewer, FIRMS).status_code == 403
        for method, path in (
            ("get", ""), ("get", firms), ("post", f"{firms}check/"), ("post", f"{firms}run/"),
            ("get", f"{firms}refused/"), ("get", f"{firms}errors/"), ("delete", firms),
        ):  # fmt: skip
            assert getattr(viewer, method)(path or URL).status_code == 403
        assert viewer.send("patch", firms, {"options": {"mode": "create"}}).status_code == 403
        assert viewer.send("patch", f"{firms}errors/3/", {"cells": {}}).status_code == 403


def test_saved_mappings_are_listed_renamed_and_deleted(
    program: Any, firms: str, alice: User, carol: User, program_of: Callable[[User], Any]
) -> None:
    saved = save_mapping(Import.objects.get(), name="Old system", actor=alice.as_actor())
    url = f"/api/v1/import-mappings/{saved.pk}/"
    with nothing_written(SavedMapping):
        assert program_of(carol).get("/api/v1/import-mappings/").status_code == 403
        assert program_of(carol).delete(url).status_code == 403

    [said] = program.get("/api/v1/import-mappings/").json()["results"]
    assert (said["name"], said["record_type"]) == ("Old system", "company")
    assert said["columns"][1] == {
        "column": "employees", "field": "employees", "multiply": 1, "existing": "overwrite",
    }  # fmt: skip
    assert program.send("patch", url, {"name": "Former"}).json()["name"] == "Former"
    assert program.delete(url).status_code == 204
    assert not SavedMapping.objects.exists()
