"""Where a member arrives."""
