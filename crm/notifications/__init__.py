"""What happened that a member wants to know of."""
