"""Small files and functions are how the code stays readable."""

from tests.architecture.sizes import problems


def test_no_file_function_or_download_has_grown_too_big():
    assert list(problems()) == []
