"""What people ask of the history in a browser; each view parses, makes one call and answers."""
