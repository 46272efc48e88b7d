"""Pages of a workspace."""

from django.urls import include, path, re_path

from config import env
from core import error_pages
from core.platform_pages import views

urlpatterns = [
    path("language/", views.language, name="language"),
    # Addresses are proven by codes. A link's key would be good in every workspace.
    re_path(r"^confirm-email/.+", error_pages.not_found),
    # Before the library's own, which ask for less.
    path("", include("tenants.members.library_urls")),
    path("", include("allauth.account.urls")),
    path("", include("tenants.members.urls")),
    path("", include("crm.photos.urls")),
    path("", include("tenants.sso.urls")),
    path("", include("crm.home.urls")),
    path("", include("crm.search.urls")),
    path("import/", include("crm.transfer.urls")),
    path("", include("crm.transfer.export_urls")),
    path("notifications/", include("crm.notifications.urls")),
    path("", include("crm.history.urls")),
    path("views/", include("crm.views.urls")),
    path("", include("crm.sharing.urls")),
    path("", include("crm.records.urls")),
    path("", include("api.urls")),
]
if not env.IS_PRODUCTION:
    urlpatterns += [path("_design/", include("core.design.urls"))]

handler400 = "core.error_pages.bad_request"
handler403 = "core.error_pages.forbidden"
handler404 = "core.error_pages.not_found"
handler500 = "core.error_pages.broken"
