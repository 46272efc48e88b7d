"""Ada and her company, and the two doors to what hangs on her record."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.customers.models.contacts import Contact
from tenants.members.models import User
from tests.conftest import Visitor
from tests.crm.customers.conftest import ada, initech  # noqa: F401


class Desk:
    """What people do on a record's page, and programs through the API: the same by both doors."""

    def __init__(self, kind: str, as_member: Callable[[User], Visitor]) -> None:
        self.kind, self.as_member = kind, as_member

    def write(self, member: User, record: Contact, html: str, **more: Any) -> Any:
        if self.kind == "page":
            sent = {"html": html, **{name: "on" for name, value in more.items() if value}}
            return self.as_member(member).post(f"/contacts/{record.pk}/notes/", sent)
        body = {"record_type": "contact", "record_id": str(record.pk), "html": html}
        if "pinned" in more:
            body["is_pinned"] = more["pinned"]
        return self._send(member, "post", "notes/", body)

    def rewrite(self, member: User, pk: Any, html: str) -> Any:
        if self.kind == "page":
            return self.as_member(member).post(f"/notes/{pk}/", {"html": html})
        return self._send(member, "patch", f"notes/{pk}/", {"html": html})

    def pin(self, member: User, pk: Any, *, is_pinned: bool) -> Any:
        if self.kind == "page":
            return self.as_member(member).post(f"/notes/{pk}/pin/", {"pinned": int(is_pinned)})
        return self._send(member, "patch", f"notes/{pk}/", {"is_pinned": is_pinned})

    def remove(self, member: User, kind: str, pk: Any) -> Any:
        if self.kind == "page":
            return self.as_member(member).post(f"/{kind}/{pk}/delete/")
        return self.as_member(member).delete(f"/api/v1/{kind}/{pk}/")

    def restore(self, member: User, kind: str, pk: Any) -> Any:
        prefix = "" if self.kind == "page" else "/api/v1"
        return self.as_member(member).post(f"{prefix}/{kind}/{pk}/restore/")

    def arrange(self, member: User, records: list[Contact]) -> Any:
        ids = [str(each.pk) for each in records]
        if self.kind == "page":
            return self.as_member(member).post("/favourites/order/", {"ids": ids})
        return self._send(member, "post", "my-records/order/", {"ids": ids})

    def keep(self, member: User, record: Contact, name: str, content: bytes) -> Any:
        file = SimpleUploadedFile(name, content)
        if self.kind == "page":
            return self.as_member(member).post(f"/contacts/{record.pk}/files/", {"files": file})
        body = {"record_type": "contact", "record_id": str(record.pk), "file": file}
        return self.as_member(member).post("/api/v1/files/", body)

    def keep_version(self, member: User, pk: Any, content: bytes) -> Any:
        prefix = "" if self.kind == "page" else "/api/v1"
        file = SimpleUploadedFile("whatever", content)
        return self.as_member(member).post(f"{prefix}/files/{pk}/versions/", {"file": file})

    def rename(self, member: User, pk: Any, name: str) -> Any:
        if self.kind == "page":
            return self.as_member(member).post(f"/files/{pk}/rename/", {"name": name})
        return self._send(member, "patch", f"files/{pk}/", {"name": name})

    def take(self, member: User, pk: Any, version: int = 0) -> Any:
        if self.kind == "page":
            part = f"{version}/" if version else ""
            return self.as_member(member).get(f"/files/{pk}/{part}")
        asked = {"version": version} if version else {}
        return self.as_member(member).get(f"/api/v1/files/{pk}/content/", asked)

    def mark(self, member: User, record: Contact, kind: str, *, is_set: bool) -> Any:
        if self.kind == "page":
            visitor = self.as_member(member)
            return visitor.post(f"/contacts/{record.pk}/{kind}/", {"set": int(is_set)})
        return self._send(member, "put", f"contacts/{record.pk}/{kind}/", {"set": is_set})

    def _send(self, member: User, method: str, path: str, body: dict[str, Any]) -> Any:
        send = getattr(self.as_member(member), method)
        return send(f"/api/v1/{path}", json.dumps(body), content_type="application/json")

    @property
    def refused(self) -> int:
        """The status of a refusal: pages say why on the page that follows."""
        return 302 if self.kind == "page" else 400


@pytest.fixture(params=["page", "api"])
def desk(request: pytest.FixtureRequest, as_member: Callable[[User], Visitor]) -> Desk:
    """The page of a record and the API: what hangs on it is worked on through either."""
    return Desk(request.param, as_member)


@pytest.fixture(autouse=True)
def stored(tmp_path: Path, settings: Any) -> Path:
    """The folder files are stored in, empty at first."""
    folder = tmp_path / "stored"
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": folder, "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    return folder
