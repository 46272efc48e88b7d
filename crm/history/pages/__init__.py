"""What the history's pages show."""
