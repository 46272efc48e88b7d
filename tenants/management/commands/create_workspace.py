"""`manage.py create_workspace SLUG --name ... --email ...`: a workspace without the sign-up pages."""

from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from tenants.provisioning.operations import NewWorkspace, open_workspace


class Command(BaseCommand):
    help = "Create a workspace and its first admin; the password is asked for, or read from --password-stdin."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the address: SLUG.<base domain>")
        parser.add_argument("--name", required=True, help="the company's name")
        parser.add_argument("--email", required=True, help="the first admin's log-in")
        parser.add_argument("--language", default="en", choices=["en", "zh-hans"])
        parser.add_argument("--time-zone", default="UTC")
        parser.add_argument("--country", default="US")
        parser.add_argument("--password-stdin", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        password = self._password(is_piped=options["password_stdin"])
        wanted = NewWorkspace(
            slug=options["slug"],
            name=options["name"],
            email=options["email"],
            language=options["language"],
            time_zone=options["time_zone"],
            country=options["country"],
        )
        try:
            workspace = open_workspace(wanted, password=password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{workspace.name} is at {workspace.url}")

    def _password(self, *, is_piped: bool) -> str:
        return input() if is_piped else getpass("Password for the first admin: ")
