"""`make bench`: one table, printed and written to benchmarks/README.md."""

import argparse
import os
import platform
import shutil
import sys
from pathlib import Path

os.environ.setdefault("ATRIUM_ENV", "development")
os.environ.setdefault("ATRIUM_HOME", "var/bench")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")
HOME = Path(os.environ["ATRIUM_HOME"])
README = Path(__file__).parent / "README.md"


def main() -> None:
    arguments = _arguments()
    # A benchmark begins with an empty server; another run's leftovers would count.
    shutil.rmtree(HOME, ignore_errors=True)
    from config import embedded

    embedded.start()
    import django

    django.setup()
    from benchmarks.suite import run

    rows = run(companies=arguments.companies, workspaces=arguments.workspaces)
    from benchmarks.report import as_markdown, as_text

    print(as_text(rows))
    if arguments.write:
        README.write_text(
            as_markdown(rows, machine=_machine(), arguments=arguments), encoding="utf-8"
        )
    if arguments.strict and not all(row.is_within for row in rows):
        sys.exit("Some figures are past what is allowed.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the product beside the bare database.")
    parser.add_argument("--companies", type=int, default=4000, help="about 2.4 contacts each")
    parser.add_argument("--workspaces", type=int, default=200)
    parser.add_argument("--strict", action="store_true", help="fail when a ratio is missed")
    parser.add_argument("--write", action="store_true", help="write benchmarks/README.md")
    return parser.parse_args()


def _machine() -> str:
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"


if __name__ == "__main__":
    main()
