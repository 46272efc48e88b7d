"""`manage.py migrate_workspaces`: the template first, then every workspace that is behind it."""

import os
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.provisioning.migrating import Result, migrate_all
from tenants.provisioning.platform import prepare_platform


class Command(BaseCommand):
    help = (
        "Migrate the platform, the template and all workspaces. Run again to go on after a failure."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)

    def handle(self, *args: Any, processes: int, **options: Any) -> None:
        ran = prepare_platform()
        self.stdout.write(f"Template: {len(ran)} migrations run.")
        started, done, failed = time.monotonic(), 0, []
        for total, result in migrate_all(processes=processes):
            done += 1
            if result.error:
                failed.append(result)
                self.stderr.write(f"{result.schema} failed: {result.error}")
            self._progress(done, total, time.monotonic() - started)
        self._conclude(done, failed)

    def _progress(self, done: int, total: int, seconds: float) -> None:
        rate = done / max(seconds, 0.001)
        remaining = (total - done) / rate
        ending = "\n" if done == total or not self.stdout.isatty() else "\r"
        if done == total or done % 25 == 0 or self.stdout.isatty():
            self.stdout.write(
                f"{done}/{total} workspaces, {rate:.1f}/s, {remaining:.0f} s left", ending=ending
            )

    def _conclude(self, done: int, failed: list[Result]) -> None:
        if failed:
            names = ", ".join(result.schema for result in failed)
            raise CommandError(
                f"{len(failed)} of {done} workspaces failed: {names}. The others are done."
            )
        self.stdout.write(
            f"{done} workspaces migrated." if done else "All workspaces are up to date."
        )
