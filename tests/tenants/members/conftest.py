"""Those who run a workspace also do it by programs."""

from tests.api.conftest import program_of

__all__ = ["program_of"]
