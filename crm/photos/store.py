"""Where members' photos lie, sealed under the workspace's key."""

from compliance.encryption.stored_files import Shelf

PHOTOS = Shelf("photos", "members.user.photo")
