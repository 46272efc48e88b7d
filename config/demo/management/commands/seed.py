"""`manage.py seed SLUG`: made-up customers, as many as wanted, for trying and measuring."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.isolation.scope import bind_workspace, control_plane
from crm.home.samples.customers import fill_with_customers, owners_of_customers
from tenants.provisioning.operations import UnknownWorkspace, find_tenant


class Command(BaseCommand):
    help = "Fill a workspace with made-up companies and people: the same ones for the same --seed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--companies", type=int, default=1000)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, slug: str, companies: int, seed: int, **options: Any) -> None:
        try:
            tenant = find_tenant(slug)
        except UnknownWorkspace as error:
            raise CommandError(str(error)) from error
        with control_plane("read the workspace to fill"), transaction.atomic():
            workspace = tenant.as_workspace()
        with bind_workspace(workspace):
            with transaction.atomic():
                owners = owners_of_customers()
            fill_with_customers(
                companies=companies, owners=owners, language=workspace.language, seed=seed
            )
        self.stdout.write(f"{companies} companies added to {workspace.name}.")
