"""What is logged: who came in, who did not, and what was refused; one line each, in UTC, naming nobody."""

import logging
import re

import pytest

from api.keys.operations import create_key
from core.logs import LineFormatter
from tests.api.conftest import Program
from tests.conftest import PASSWORD, Visitor


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.WARNING, logger="atrium.security")
    return lambda: [each.getMessage() for each in caplog.records if each.name == "atrium.security"]


def test_log_ins_that_pass_and_fail_are_logged(acme, bob, lines):
    Visitor(acme).post("/login/", {"login": "bob@acme.test", "password": "not this one"})
    assert lines() == ["log-in asked page=account_login"]

    Visitor(acme).post("/login/", {"login": "bob@acme.test", "password": PASSWORD})
    assert "log-in passed page=account_login" in lines()
    assert any(re.fullmatch(rf"logged in member={bob.pk} session=\S+", each) for each in lines())
    assert not any("acme.test" in each for each in lines())


def test_a_try_that_is_answered_by_the_way_back_failed(acme, monkeypatch, lines):
    monkeypatch.setattr("tenants.tries.MOST_FAILURES", 1)
    visitor = Visitor(acme)

    assert visitor.post("/enter/", {"token": "spent"})["Location"] == "/login/"
    assert visitor.post("/enter/", {"token": "spent"}).status_code == 429

    assert lines() == ["log-in asked page=members:enter", "log-in shut page=members:enter"]


def test_the_secret_of_a_link_is_logged_nowhere(acme, caplog):
    console, visitor = logging.getHandlerByName("console"), Visitor(acme)
    for place in ("/join/quokka/", "/quokka.php?password=quokka"):
        assert 400 <= visitor.post(place, {"password": "short"}).status_code < 500

    said = [each for each in caplog.records if each.name == "django.request"]
    assert all(console.filter(each) for each in said)
    lines = [console.format(each) for each in said]
    assert [line.rpartition(": ")[2] for line in lines] == ["page=members:join", "no page of ours"]
    assert not any("quokka" in line for line in lines)


def test_a_door_that_is_shut_is_logged(acme, monkeypatch, lines):
    monkeypatch.setattr("tenants.tries.MOST_FAILURES", 1)
    for _try in range(2):
        Visitor(acme).post("/login/", {"login": "x@x.test", "password": "not this one"})

    assert lines()[-1] == "log-in shut page=account_login"


def test_what_is_refused_is_logged_on_pages_and_in_the_api(as_member, acme, carol, lines):
    as_member(carol).get("/settings/service-accounts/")
    assert lines()[-1] == (
        f"refused actor=member:{carol.pk} page=service-accounts right=members.manage_service_accounts"
    )

    _key, secret = create_key(actor=carol.as_actor(), name="x")
    Program(acme, secret).send("post", "/api/v1/companies/", {"name": "Zorblatta"})
    assert re.fullmatch(
        r"refused actor=api_key:\S+ page=api-company-list right=customers.add_company", lines()[-1]
    )


def test_a_line_stays_one_line_and_tells_its_time_in_utc():
    record = logging.LogRecord("x", logging.INFO, "", 0, "one\r\ntwo\u2028three", (), None)
    record.created = 0.0
    record.msecs = 7.0

    line = LineFormatter().format(record)
    assert line == r"1970-01-01T00:00:00.007Z INFO - x one\r\ntwo\u2028three"


def test_logging_out_empties_what_the_browser_kept(acme, bob):
    visitor = Visitor(acme)
    visitor.force_login(bob)

    assert visitor.post("/logout/").headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in visitor.get("/login/").headers
