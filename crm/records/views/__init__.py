"""What people ask of records in a browser; each view parses, makes one call and answers."""
