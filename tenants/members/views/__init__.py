"""Pages about members: coming in, one's own settings, colleagues."""
