"""Pages of API keys and of the service accounts that hold some."""
