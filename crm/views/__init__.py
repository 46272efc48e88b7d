"""Saved views: lists somebody set up once and opens again, alone or with everybody."""
