from django.apps import AppConfig


class SsoConfig(AppConfig):
    """Members of a workspace sign in through providers of its own."""

    name = "tenants.sso"
    label = "sso"

    def ready(self) -> None:
        from core.settings_pages import add_settings_page
        from tenants.members.ways_in import offer_ways_in
        from tenants.sso import jobs  # noqa: F401
        from tenants.sso.enforcement import ways_in
        from tenants.sso.settings_pages import PAGE

        offer_ways_in(ways_in)
        add_settings_page(PAGE)
