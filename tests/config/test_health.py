from compliance.encryption.errors import KeyUnavailable
from config import health
from tests.conftest import Visitor


def test_a_running_process_says_so():
    assert Visitor().get("/livez/").json() == {"status": "ok"}


def test_a_process_that_can_serve_says_so():
    assert Visitor().get("/readyz/").json() == {"status": "ok"}


def test_keys_that_do_not_open_take_the_process_out_of_service(monkeypatch):
    monkeypatch.setattr(health, "unreadable_workspaces", lambda: ["one"])

    response = Visitor().get("/readyz/")

    assert (response.status_code, response.json()["unreadable_workspaces"]) == (503, 1)


def test_an_unreachable_vault_takes_the_process_out_of_service(monkeypatch):
    def fail():
        raise KeyUnavailable

    monkeypatch.setattr(health, "unreadable_workspaces", fail)

    assert Visitor().get("/readyz/").status_code == 503


def test_workspaces_have_no_health_pages(acme):
    assert Visitor(acme).get("/readyz/").status_code == 404
