"""The vault: wrapped keys, in a database of their own with backups of their own."""
