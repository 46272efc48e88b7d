"""Every command of the product: `manage.py help` lists them."""

import os
import sys

from django.core.management import execute_from_command_line

from config import embedded

# These read code alone; the others get a running server when none is named.
WITHOUT_DATABASE = {"help", "makemessages", "messages", "spectacular"}

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
if "DATABASE_URL" not in os.environ and not WITHOUT_DATABASE.intersection(sys.argv[1:2]):
    embedded.start()
execute_from_command_line(sys.argv)
