"""How files become companies and contacts."""
