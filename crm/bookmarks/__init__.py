"""What a member marked, follows or opened lately."""
