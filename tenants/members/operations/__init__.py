"""Everything that can be done to members, roles and teams. Import each from the module that does it."""
