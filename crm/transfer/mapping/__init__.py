"""Which column of a file goes into which field: guessed, remembered, chosen."""
