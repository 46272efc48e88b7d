"""The translation files: what they must hold, how they are kept up to date, and what is wrong with them."""
