"""How secrets are kept that only have to be recognised again: links, tokens, keys of programs."""

from hashlib import sha256


def hash_of(secret: str) -> str:
    """Return what is stored. The secrets are random enough that a plain hash cannot be guessed back."""
    return sha256(secret.encode()).hexdigest()
