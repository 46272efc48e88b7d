"""A program with a key."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from api.keys.operations import create_key
from core.isolation.scope import Workspace
from tenants.members.models import User
from tests.conftest import Visitor


class Program(Visitor):
    """Calls the API of one workspace with a key; without one, with the session it is logged in by."""

    def __init__(self, workspace: Workspace, secret: str = "") -> None:
        known = {"headers": {"authorization": f"Bearer {secret}"}} if secret else {}
        super().__init__(workspace, **known)

    def send(self, method: str, url: str, body: Any) -> Any:
        return getattr(self, method)(
            url, json.dumps(body, default=str), content_type="application/json"
        )


@pytest.fixture
def program_of(acme: Workspace) -> Callable[[User], Program]:
    """Return a program that works with a key of this member."""

    def make(member: User) -> Program:
        _key, secret = create_key(actor=member.as_actor(), name="Accounting")
        return Program(acme, secret)

    return make
