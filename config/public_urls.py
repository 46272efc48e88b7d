"""Pages of the public host: the way in, legal texts, the outbox where people try the product."""

from django.urls import include, path

from config import env, health
from core.platform_pages import views

urlpatterns = [
    path("livez/", health.live, name="live"),
    path("readyz/", health.ready, name="ready"),
    path("language/", views.language, name="language"),
    path("", include("tenants.signup.urls")),
]
if not env.IS_PRODUCTION:
    urlpatterns += [
        path("outbox/", views.outbox_list, name="outbox"),
        path("outbox/<str:message_id>/", views.outbox_message, name="outbox-message"),
    ]

handler400 = "core.error_pages.bad_request"
handler403 = "core.error_pages.forbidden"
handler404 = "core.error_pages.not_found"
handler500 = "core.error_pages.broken"
