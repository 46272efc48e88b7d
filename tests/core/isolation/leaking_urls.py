"""The product's pages, and one that somebody got wrong."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import *  # noqa: F403
from config.urls import urlpatterns as ours


def everybodys_members(request: HttpRequest, schema: str) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT email FROM "{schema}".members_user')
        return HttpResponse(", ".join(email for (email,) in cursor.fetchall()))


urlpatterns = [path("leak/<str:schema>/", everybodys_members), *ours]
