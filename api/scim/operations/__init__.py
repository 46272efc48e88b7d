"""Everything a provider, and whoever lets it in, can do. Import each from the module that does it."""
