"""Which versions of the terms and the privacy notice are in force."""

TERMS_VERSION = "2026-11-01"
PRIVACY_VERSION = "2026-11-01"
