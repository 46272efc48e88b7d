"""What the tests about the code itself read: the files that are, or are about to be, committed."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent.parent
PRODUCT = ("api", "billing", "compliance", "config", "core", "crm", "plugins", "tenants")
type Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files(*suffixes: str) -> tuple[str, ...]:
    """Return the paths of all files with these endings, from the project's folder on."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=BASE, capture_output=True, text=True, check=True).stdout
    names = sorted(set(listed.splitlines()))
    return tuple(name for name in names if name.endswith(suffixes) and (BASE / name).is_file())


@cache
def text_of(name: str) -> str:
    return (BASE / name).read_text(encoding="utf-8")


def product_code() -> tuple[str, ...]:
    """Return the product's Python files, without tests and migrations."""
    return tuple(
        name for name in files(".py") if name.startswith(PRODUCT) and "/migrations/" not in name
    )


def functions(name: str) -> Iterator[Function]:
    """Yield every function and method of a file."""
    for node in ast.walk(ast.parse(text_of(name))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def module_of(name: str) -> str:
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
