"""What a web server calls."""

import os

from django.core.wsgi import get_wsgi_application

from core.memory import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
settle()
