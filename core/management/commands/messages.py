"""`manage.py messages`: brings the translation files up to date, or says what they lack."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import to_locale

from core.texts.catalogs import merge, read_catalog, wanted_texts, write_catalog
from core.texts.extracting import extract_texts
from core.texts.problems import problems


class Command(BaseCommand):
    help = "Collect the texts of code and templates into locale/. No translation is ever lost."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail if texts lack"
        )
        parser.add_argument("--prune", action="store_true", help="forget texts the product lost")

    def handle(self, *args: Any, check: bool, prune: bool, **options: Any) -> None:
        texts = list(extract_texts(settings.BASE_DIR))
        found = []
        for code, _name in settings.LANGUAGES:
            locale = to_locale(code)
            if not check:
                self._update(locale, wanted_texts(texts, locale), is_pruning=prune)
            catalog = read_catalog(settings.BASE_DIR, locale)
            found += [
                f"{locale}: {line}" for line in problems(catalog, wanted_texts(texts, locale))
            ]
        self._conclude(found, is_check=check)

    def _update(self, locale: str, texts: list[Any], *, is_pruning: bool) -> None:
        catalog = merge(read_catalog(settings.BASE_DIR, locale), texts)
        if is_pruning:
            catalog.obsolete.clear()
        write_catalog(settings.BASE_DIR, catalog)

    def _conclude(self, found: list[str], *, is_check: bool) -> None:
        if found and is_check:
            raise CommandError("\n".join([*found, "Run `make messages`, then translate."]))
        for line in found:
            self.stdout.write(line)
        self.stdout.write(
            f"{len(found)} texts need a translator." if found else "Every text is translated."
        )
