"""Pages that every host has, or that only builders see."""
