"""Files people keep with records."""
