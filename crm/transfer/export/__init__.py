"""How records become files that are read back as the same records."""
