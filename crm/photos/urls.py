"""Where photos of members are."""

from django.urls import path

from crm.photos import views

urlpatterns = [
    path("photos/<uuid:pk>/", views.photo, name="photo"),
    path("settings/profile/photo/", views.photo_set, name="photo-set"),
    path("settings/profile/photo/remove/", views.photo_remove, name="photo-remove"),
]
