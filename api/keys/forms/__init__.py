"""Forms of API keys and service accounts."""
