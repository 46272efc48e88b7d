"""What was done to many records at once, and taking it back."""
