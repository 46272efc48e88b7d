"""The import wizard in a browser without script, step by step."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import now

from billing.entitlements import answered_by
from core.events.models import Event
from core.isolation.scope import Workspace
from core.limits import ALLOWANCES
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.transfer.models import SILENCE, Import
from tenants.members.models import User
from tests.conftest import Visitor, nothing_written
from tests.crm.transfer.samples import ACCOUNTS

type LogIn = Callable[[User], Visitor]
type Work = Callable[[], list[str]]


@pytest.fixture
def browser(alice: User, as_member: LogIn) -> Visitor:
    return as_member(alice)


def send(
    browser: Visitor, content: str | bytes, *, type: str = "company", name: str = "accounts.csv"
) -> Import:
    """Upload a file and return the import it began."""
    data = content.encode() if isinstance(content, str) else content
    response = browser.post("/import/", {"type": type, "file": SimpleUploadedFile(name, data)})
    assert response.status_code == 302, response.content.decode()
    return Import.objects.latest("created_at")


def check(browser: Visitor, the_import: Import, **changes: str) -> None:
    """Send mapping and options as the pages show them, with changes."""
    for step in ("map", "options"):
        url = reverse(f"transfer:{step}", args=[the_import.pk])
        form = browser.get(url).context["form"]
        shown = {form[name].html_name: form[name].value() for name in form.fields}
        data = {name: value for name, value in shown.items() if value not in (False, None)}
        own = {name: value for name, value in changes.items() if name in shown}
        response = browser.post(url, {**data, **own})
        assert response.status_code == 302, response.content.decode()


def test_a_file_comes_in_step_by_step(browser: Visitor, work: Work) -> None:
    the_import = send(browser, ACCOUNTS)
    page = browser.get(reverse("transfer:map", args=[the_import.pk])).content.decode()
    assert "Are these millions?" in page
    assert "In millions: 1,100,040,000" in page

    check(browser, the_import, **{"unit-3": "1000000"})
    url = reverse("transfer:check", args=[the_import.pk])
    checked = browser.get(url)
    assert "Nothing has been written yet." in checked.content.decode()
    assert "Import 10 rows" in checked.content.decode()
    assert "technolgy" in checked.content.decode()
    assert Company.objects.count() == 0

    run = reverse("transfer:run", args=[the_import.pk])
    assert browser.post(run).headers["Location"] == run
    assert "Import is running" in browser.get(run).content.decode()
    assert "crm.transfer.jobs.continue_import" in work()

    result = browser.get(run).content.decode()
    assert "10 rows imported, none left out." in result
    assert Company.objects.get(name="Acme Corporation").revenue == 1_100_040_000
    assert Company.objects.get(name="Bluth Company").parent == Company.objects.get(
        name="Acme Corporation"
    )


def test_the_progress_bar_asks_again_and_leads_to_the_result(browser: Visitor, work: Work) -> None:
    the_import = send(browser, ACCOUNTS)
    check(browser, the_import)
    run = reverse("transfer:run", args=[the_import.pk])
    browser.post(run)

    asked = browser.get(run, headers={"HX-Request": "true"})
    assert "every 1s" in asked.content.decode()
    assert "<html" not in asked.content.decode()
    work()
    assert browser.get(run, headers={"HX-Request": "true"}).headers["HX-Redirect"] == run


def test_a_check_writes_nothing(browser: Visitor) -> None:
    the_import = send(browser, ACCOUNTS)

    with nothing_written(Company, Contact, Event):
        check(browser, the_import)


def test_a_large_file_is_checked_behind_the_page(
    browser: Visitor, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.transfer.jobs.CHECKED_AT_ONCE", 10)
    the_import = send(browser, ACCOUNTS)
    check(browser, the_import)
    url = reverse("transfer:check", args=[the_import.pk])

    assert "Checking the rows" in browser.get(url).content.decode()
    work()

    assert "Import 10 rows" in browser.get(url).content.decode()


def test_every_outcome_has_its_rows(browser: Visitor, work: Work) -> None:
    the_import = send(browser, "name,employees\nInitech,5\nHooli,6\n")
    check(browser, the_import)
    browser.post(reverse("transfer:run", args=[the_import.pk]))
    work()

    again = send(browser, "name,employees\nInitech,7\nHooli,6\nUmbrella,1\nStark,lots\n")
    check(browser, again)
    url = reverse("transfer:check", args=[again.pk])
    pages = {
        show: browser.get(url, {"show": show}).content.decode()
        for show in ("created", "updated", "unchanged")
    }
    pages["refused"] = browser.get(url).content.decode()

    assert "Umbrella" in pages["created"]
    assert "Initech" in pages["updated"]
    assert "Only changed values are written." in pages["updated"]
    assert "Hooli" in pages["unchanged"]
    assert "This is not a number." in pages["refused"]
    assert "lots" in pages["refused"]


def test_refused_rows_can_be_downloaded_corrected_and_imported(
    browser: Visitor, work: Work
) -> None:
    text = 'name,email,phone\n=Ada,ada@x.example,+49 151 12345678\n"=HYPERLINK(""http://x"")",at home,-1\n'
    the_import = send(browser, text, type="contact")
    check(browser, the_import)
    browser.post(reverse("transfer:run", args=[the_import.pk]))
    work()

    answer = browser.get(reverse("transfer:refused", args=[the_import.pk]))

    assert answer.headers["Content-Disposition"] == 'attachment; filename="refused-rows.csv"'
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "name,email,phone,Reason"
    assert lines[1].startswith('"\'=HYPERLINK(""http://x"")",at home,-1,"')
    assert "email: Enter a valid email address." in lines[1]

    corrected = "\n".join([lines[0], "'=Ben,ben@x.example,,"])
    again = send(browser, corrected, type="contact")
    check(browser, again)
    browser.post(reverse("transfer:run", args=[again.pk]))
    work()
    assert {each.given_name for each in Contact.objects.all()} == {"=Ada", "=Ben"}


def test_two_columns_for_one_field_are_refused_on_the_page(browser: Visitor) -> None:
    the_import = send(browser, "name,city\nInitech,Berlin\n")
    data = {"field-0": "name", "field-1": "name", "match": "name"}

    answer = browser.post(reverse("transfer:map", args=[the_import.pk]), data)

    assert answer.status_code == 422
    assert "go into the same field" in answer.content.decode()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04", "The workbook is damaged or was cut off."),
        (b"%PDF-1.7", "This is a PDF document"),
    ],
)
def test_a_bad_file_is_refused_on_the_page(browser: Visitor, content: bytes, sentence: str) -> None:
    with nothing_written(Import):
        answer = browser.post(
            "/import/", {"type": "company", "file": SimpleUploadedFile("a.csv", content)}
        )

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_file_beyond_the_limit_is_refused_with_the_limit(
    browser: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ALLOWANCES, "import_bytes", 1_000)
    data = {"type": "company", "file": SimpleUploadedFile("a.csv", b"name\n" + b"a" * 2_000)}

    with nothing_written(Import):
        answer = browser.post("/import/", data)

    assert answer.status_code == 422
    assert "The file is larger than 1000\xa0bytes." in answer.content.decode()


def test_a_plan_says_how_large_a_file_and_how_many_rows_may_be(browser: Visitor) -> None:
    data = {"type": "company", "file": SimpleUploadedFile("a.csv", b"name\n" + b"a" * 2_000)}

    with answered_by({"import_bytes": 1_000, "import_rows": 9}.get):
        with nothing_written(Import):
            assert browser.post("/import/", data).status_code == 422
        the_import = send(browser, ACCOUNTS)
        check(browser, the_import)

    page = browser.get(reverse("transfer:run", args=[the_import.pk])).content.decode()
    assert "9 can be imported at once." in page


def test_a_broken_file_stops_with_its_sentence(browser: Visitor) -> None:
    rows = "".join(f"Company {number}\n" for number in range(100))
    the_import = send(browser, f'name\n{rows}"open\n')
    check(browser, the_import)

    page = browser.get(
        reverse("transfer:import", args=[the_import.pk]), follow=True
    ).content.decode()

    assert "The import stopped" in page
    assert "The quotation marks in row 102 do not match" in page
    assert "Nothing was written." in page


def test_an_import_can_be_discarded_before_it_ran(browser: Visitor) -> None:
    the_import = send(browser, ACCOUNTS)

    browser.post(reverse("transfer:discard", args=[the_import.pk]))

    assert not Import.objects.exists()


def test_what_already_ran_is_neither_discarded_nor_run_again(browser: Visitor, work: Work) -> None:
    the_import = send(browser, ACCOUNTS)
    check(browser, the_import)
    run = reverse("transfer:run", args=[the_import.pk])
    browser.post(run)
    work()

    for name in ("discard", "run", "wake"):
        with nothing_written(Company, Event):
            assert (
                browser.post(reverse(f"transfer:{name}", args=[the_import.pk])).status_code == 409
            )


def test_earlier_imports_are_listed_with_their_state(browser: Visitor) -> None:
    send(browser, ACCOUNTS, name="spring fair.csv")

    page = browser.get("/import/").content.decode()

    assert "spring fair.csv" in page
    assert "Columns to match" in page


def test_a_viewer_may_not_import(carol: User, as_member: LogIn, browser: Visitor) -> None:
    the_import = send(browser, ACCOUNTS)
    visitor = as_member(carol)

    assert visitor.get("/import/").status_code == 403
    for name in ("import", "map", "check", "run", "refused"):
        assert visitor.get(reverse(f"transfer:{name}", args=[the_import.pk])).status_code == 403
    for name in ("discard", "run", "wake", "check", "map"):
        assert visitor.post(reverse(f"transfer:{name}", args=[the_import.pk])).status_code == 403


def test_a_rep_sees_only_own_imports(bob: User, as_member: LogIn, browser: Visitor) -> None:
    the_import = send(browser, ACCOUNTS)
    visitor = as_member(bob)

    assert visitor.get("/import/").status_code == 200
    assert visitor.get(reverse("transfer:map", args=[the_import.pk])).status_code == 404


def test_another_workspace_finds_nothing(
    eve: User, as_member: LogIn, browser: Visitor, globex: Workspace
) -> None:
    the_import = send(browser, ACCOUNTS)
    visitor = as_member(eve)

    for name in ("import", "map", "check", "run", "refused"):
        assert visitor.get(reverse(f"transfer:{name}", args=[the_import.pk])).status_code == 404
    for name in ("discard", "run", "wake", "check", "map"):
        assert visitor.post(reverse(f"transfer:{name}", args=[the_import.pk])).status_code == 404
    assert Import.objects.get(pk=the_import.pk).state == Import.State.UPLOADED


def test_an_import_nobody_works_on_any_more_can_be_taken_up_again(
    browser: Visitor, work: Work
) -> None:
    the_import = send(browser, ACCOUNTS)
    check(browser, the_import)
    run, wake = (reverse(f"transfer:{name}", args=[the_import.pk]) for name in ("run", "wake"))
    browser.post(run)
    assert "Go on" not in browser.get(run).content.decode()
    Import.objects.filter(pk=the_import.pk).update(
        updated_at=now() - SILENCE - timedelta(seconds=1)
    )
    assert "Go on" in browser.get(run).content.decode()

    browser.post(wake)

    assert work().count("crm.transfer.jobs.continue_import") == 2
    assert Company.objects.count() == 10
