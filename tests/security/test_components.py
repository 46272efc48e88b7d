"""Before a release it is asked whether a component has a known hole, or is older than was promised."""

import gzip
import json
import os
import subprocess
import threading
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.architecture.components import OLDEST, UPLOADED, problems
from tests.architecture.reading import BASE, text_of

LOCK = text_of("uv.lock")
NEWEST = max(map(datetime.fromisoformat, UPLOADED.findall(LOCK)))
# What is pinned of npm's packages, each with its version.
PINNED = {
    path.removeprefix("node_modules/"): said["version"]
    for path, said in json.loads(text_of("frontend/package-lock.json"))["packages"].items()
    if path
}
HOLE = {
    "id": "GHSA-test-hole-0001",
    "modified": "2026-01-01T00:00:00Z",
    "summary": "A hole for this test",
    "affected": [{"package": {"ecosystem": "PyPI", "name": "django"}, "versions": []}],
}
NPM_HOLE = {
    "id": 1,
    "url": "https://github.com/advisories/GHSA-test-hole-0002",
    "title": "Another hole for this test",
    "severity": "low",
    "vulnerable_versions": ">=0",
}


class Notices(BaseHTTPRequestHandler):
    """Answers as osv.dev and npm's registry do; of the packages named in `holes` it knows a hole."""

    holes: frozenset[str] = frozenset()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        asked = json.loads(body)
        if self.path.endswith("/querybatch"):
            names = [each["package"]["name"].lower() for each in asked["queries"]]
            self.answer({"results": [self.known(name) for name in names]})
        else:
            self.answer({name: [NPM_HOLE] for name in PINNED if name in self.holes})

    def do_GET(self):
        if "/vulns/" in self.path:
            self.answer(HOLE)
        else:
            self.answer(self.described())

    def described(self):
        name = self.path.strip("/").replace("%2f", "/")
        version = PINNED[name]
        known = {"name": name, "version": version, "dist": {"tarball": "", "shasum": ""}}
        time = {version: "2020-01-01T00:00:00Z"}
        tags = {"latest": version}
        return {"name": name, "dist-tags": tags, "versions": {version: known}, "time": time}

    def known(self, name):
        known = {"id": HOLE["id"], "modified": HOLE["modified"]}
        return {"vulns": [known]} if name in self.holes else {}

    def answer(self, said):
        body = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *said):
        """Say nothing: what is asked is not of interest."""


@pytest.fixture
def audit(tmp_path):
    """Run the audit against notices that know holes in these packages."""

    def run(*holes):
        handler = type("Known", (Notices,), {"holes": frozenset(holes)})
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            place = f"http://127.0.0.1:{server.server_port}/"
            asked = {"NOTICES_URL": place, "npm_config_registry": place}
            asked |= {"UV_CACHE_DIR": str(tmp_path), "npm_config_cache": str(tmp_path / "npm")}
            done = subprocess.run(
                ["bin/audit"],  # noqa: S607  a script of the project
                cwd=BASE, env=os.environ | asked, capture_output=True, text=True,
            )  # fmt: skip
            server.shutdown()
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.mark.parametrize("package", ["django", "htmx.org"])
def test_a_component_with_a_known_hole_fails_the_audit(audit, package):
    code, said = audit(package)

    assert code == 1
    assert package in said.lower()
    assert "for this test" in said or HOLE["id"] in said


def test_components_without_known_holes_pass_the_notices(audit):
    _code, said = audit()

    assert "no known vulnerabilities" in said
    assert "found 0 vulnerabilities" in said


@pytest.mark.parametrize(("days", "is_late"), [(0, False), (89, False), (91, True)])
def test_a_lock_file_that_was_not_renewed_for_90_days_is_late(days, is_late):
    assert timedelta(days=90) == OLDEST
    found = [*problems(at=NEWEST + timedelta(days=days), lock=LOCK, outdated={})]

    assert bool(found) == is_late


def test_a_package_of_npm_whose_successor_is_long_there_is_late():
    fine = {"current": "1.0.0", "wanted": "1.0.0", "latest": "2.0.0"}
    late = {"current": "1.0.0", "wanted": "1.0.1", "latest": "2.0.0"}

    [said] = problems(at=NEWEST, lock=LOCK, outdated={"fine": fine, "late": late})

    assert said.startswith("late could be 1.0.1")
