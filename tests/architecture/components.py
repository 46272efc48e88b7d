"""Whether the components are as fresh as they have to be. Run by `make audit`, where there is a network."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.architecture.reading import BASE, text_of

# What docs/reference/security.md promises of all components.
OLDEST = timedelta(days=90)
UPLOADED = re.compile(r'upload-time = "([^"]+)"')


def problems(*, at: datetime, lock: str, outdated: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for everything that was not brought up to date in time.

    Among so many components some are new every week: when even the newest of the lock file is old,
    the lock is. Of npm's few, each is asked for what npm would have put in its place back then.
    """
    newest = max(map(datetime.fromisoformat, UPLOADED.findall(lock)))
    if at - newest > OLDEST:
        yield f"uv.lock was brought up to date {(at - newest).days} days ago: uv lock --upgrade."
    for name, said in outdated.items():
        if said.get("current") != said["wanted"]:
            yield f"{name} could be {said['wanted']} for over {OLDEST.days} days: npm update."


def outdated_in_npm(*, at: datetime) -> dict[str, Any]:
    """Return what npm would install instead, had it been asked when the time allowed began."""
    command = ["npm", "outdated", "--json", f"--before={(at - OLDEST).date()}"]
    asked = subprocess.run(command, cwd=BASE / "frontend", capture_output=True, text=True)
    said: dict[str, Any] = json.loads(asked.stdout)
    if "error" in said:
        sys.exit(f"npm: {said['error'].get('summary', said['error'])}")
    return said


if __name__ == "__main__":
    today = datetime.now(UTC)
    found = list(problems(at=today, lock=text_of("uv.lock"), outdated=outdated_in_npm(at=today)))
    sys.exit("\n".join(found) or 0)
