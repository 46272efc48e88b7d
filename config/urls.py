"""Pages of a workspace."""

from django.urls import include, path

from config import env
from core.platform_pages import views

urlpatterns = [
    path("language/", views.language, name="language"),
    path("", include("allauth.account.urls")),
    path("", include("tenants.members.urls")),
    path("", include("crm.home.urls")),
    path("", include("crm.search.urls")),
    path("import/", include("crm.transfer.urls")),
    path("", include("crm.transfer.export_urls")),
    path("notifications/", include("crm.notifications.urls")),
    path("", include("crm.history.urls")),
    path("views/", include("crm.views.urls")),
    path("", include("crm.records.urls")),
    path("", include("api.urls")),
]
if not env.IS_PRODUCTION:
    urlpatterns += [path("_design/", include("core.design.urls"))]

handler400 = "core.error_pages.bad_request"
handler403 = "core.error_pages.forbidden"
handler404 = "core.error_pages.not_found"
handler500 = "core.error_pages.broken"
