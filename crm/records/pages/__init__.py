"""What lists and record pages show, worked out for one person."""
