import pytest

from core.isolation.scope import (
    IsolationError,
    bind_workspace,
    bound_workspace,
    control_plane,
    current_workspace,
)
from tests.conftest import outside


def test_a_bound_request_cannot_enter_another_workspace(acme, globex):
    with pytest.raises(IsolationError), bind_workspace(globex):
        pytest.fail("Globex was entered")

    assert current_workspace() == acme


def test_not_even_through_the_control_plane(acme, globex):
    with control_plane("test"), pytest.raises(IsolationError), bind_workspace(globex):
        pytest.fail("Globex was entered")

    assert bound_workspace() == acme


def test_leaving_a_workspace_leaves_nothing_bound(acme):
    def enter_and_leave():
        with bind_workspace(acme):
            assert current_workspace() == acme
        return bound_workspace()

    assert outside(enter_and_leave) is None


def test_the_control_plane_is_no_workspace():
    with control_plane("test"), pytest.raises(IsolationError, match="No workspace"):
        current_workspace()


def test_entering_the_control_plane_is_logged_with_its_reason(caplog):
    caplog.set_level("INFO")

    with control_plane("count the moons"):
        assert "count the moons" in caplog.text
