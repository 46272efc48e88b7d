"""Where the API keys and service accounts of a workspace are managed."""

from django.urls import path

from api.keys.views import accounts, keys

urlpatterns = [
    path("settings/api-keys/", keys.key_list, name="api-keys"),
    path("settings/api-keys/<uuid:pk>/", keys.key_detail, name="api-key"),
    path("settings/api-keys/<uuid:pk>/rotate/", keys.key_rotate, name="api-key-rotate"),
    path("settings/api-keys/<uuid:pk>/revoke/", keys.key_revoke, name="api-key-revoke"),
    path("settings/service-accounts/", accounts.account_list, name="service-accounts"),
    path("settings/service-accounts/<uuid:pk>/", accounts.account_detail, name="service-account"),
    path(
        "settings/service-accounts/<uuid:pk>/keys/",
        accounts.account_key,
        name="service-account-key",
    ),
    path(
        "settings/service-accounts/<uuid:pk>/deactivate/",
        accounts.account_deactivate,
        name="service-account-deactivate",
    ),
    path(
        "settings/service-accounts/<uuid:pk>/reactivate/",
        accounts.account_reactivate,
        name="service-account-reactivate",
    ),
]
