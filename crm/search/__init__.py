"""Finding records by what a person remembers of them."""
