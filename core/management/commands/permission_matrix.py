"""`manage.py permission_matrix`: writes down what each ready-made role may do."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from core.permission_matrix import matrix

PLACE = Path("docs/reference/roles.md")


class Command(BaseCommand):
    help = "Write docs/reference/roles.md from what the product declares."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail if it differs"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        place = Path(settings.BASE_DIR) / PLACE
        with override("en"):
            text = matrix()
        if check and (not place.exists() or place.read_text() != text):
            raise CommandError(f"{PLACE} is out of date: run `manage.py permission_matrix`.")
        if not check:
            place.write_text(text)
