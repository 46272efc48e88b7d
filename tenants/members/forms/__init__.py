"""What members tell of themselves, of those they invite, and of roles. Import each from its module."""
