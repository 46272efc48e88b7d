"""`manage.py prepare_platform`: roles, platform tables, job queue, key vault, template schema."""

from typing import Any

from django.core.management.base import BaseCommand

from tenants.provisioning.operations import refill_spares
from tenants.provisioning.platform import prepare_platform


class Command(BaseCommand):
    help = "Prepare the databases for workspaces. Safe to repeat; run it at every release."

    def handle(self, *args: Any, **options: Any) -> None:
        ran = prepare_platform()
        made = refill_spares()
        self.stdout.write(f"Template: {len(ran)} migrations run. Spare workspaces made: {made}.")
