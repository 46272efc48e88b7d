"""`manage.py list_workspaces`: every workspace with its address, state and schema."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from core.isolation.scope import control_plane
from tenants.models import Tenant


class Command(BaseCommand):
    help = "List the workspaces: schema, state, address, name."

    def handle(self, *args: Any, **options: Any) -> None:
        with control_plane("list the workspaces"), transaction.atomic():
            for tenant in Tenant.objects.order_by("created_at", "pk").prefetch_related("domains"):
                addresses = ", ".join(domain.domain for domain in tenant.domains.all()) or "-"
                self.stdout.write(
                    f"{tenant.schema_name}\t{tenant.status}\t{addresses}\t{tenant.name}"
                )
