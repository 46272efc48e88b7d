"""Notes people write on records."""
