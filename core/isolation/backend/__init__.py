"""Django's name for this database backend is this package."""
