"""What a web server calls."""

import os

from django.core.wsgi import get_wsgi_application

from core.memory import settle, with_room

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = with_room(get_wsgi_application())
settle()
