"""Photos of members: checked, made small, and kept sealed."""
