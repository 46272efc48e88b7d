"""Documents that point somewhere must point at something."""

from tests.architecture.links import documents, problems


def test_every_relative_link_and_every_path_named_in_documents_exists():
    assert len(documents()) > 10
    assert list(problems()) == []
