"""Everything that can be done to what was done."""
