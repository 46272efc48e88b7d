"""Settings of the tests: the same product, on databases and folders of its own."""

import os

os.environ["ATRIUM_ENV"] = "test"
os.environ.setdefault("ATRIUM_HOME", "var/test")

from config.settings import *  # noqa: F403

# Hashing is slow on purpose; tests log in a thousand times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
