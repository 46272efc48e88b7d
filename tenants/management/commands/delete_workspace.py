"""`manage.py delete_workspace SLUG`: dumps, asks, then removes schema, role, keys and address."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.provisioning.operations import UnknownWorkspace, delete_workspace, find_tenant


class Command(BaseCommand):
    help = "Delete a workspace after writing a dump of it. Asks for its address once more."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, slug: str, yes: bool, **options: Any) -> None:
        try:
            tenant = find_tenant(slug)
        except UnknownWorkspace as error:
            raise CommandError(str(error)) from error
        if not yes and input(f"Type {slug} to delete {tenant.name} for good: ") != slug:
            raise CommandError("Nothing was deleted.")
        dump = delete_workspace(tenant)
        self.stdout.write(
            f"{tenant.name} is deleted. Its dump: {dump}\n"
            "What was sealed stays unreadable in it: the keys are destroyed."
        )
