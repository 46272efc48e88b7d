"""No dependency comes in without a reason."""

import json
import re
import tomllib

from tests.architecture.reading import BASE, text_of

DECISION = text_of("docs/adr/0002-dependencies.md")
NAME = re.compile(r"[\w.-]+")


def declared() -> set[str]:
    project = tomllib.loads((BASE / "pyproject.toml").read_text(encoding="utf-8"))
    frontend = json.loads(text_of("frontend/package.json"))
    lines = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    python = {NAME.match(line).group() for line in lines}
    return python | frontend.get("dependencies", {}).keys() | frontend["devDependencies"].keys()


def explained() -> set[str]:
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| [^|]+ \|$", DECISION, re.MULTILINE)
    return {name.strip() for row in rows for name in row.split(",")} - {"package", "---"}


def test_every_dependency_has_its_line_and_every_line_its_dependency():
    assert explained() == declared()
