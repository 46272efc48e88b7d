"""Everything that can be done to single sign-on. Import each from the module that does it."""
