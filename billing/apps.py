from django.apps import AppConfig


class BillingConfig(AppConfig):
    """What workspaces may do by their plan."""

    name = "billing"

    def ready(self) -> None:
        from billing.entitlements import entitlement, seats
        from core.limits import allow_by
        from tenants.members.seats import count_seats_by

        count_seats_by(seats)
        allow_by(entitlement)
