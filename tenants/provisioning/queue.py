"""The job queue's tables, in a schema of their own that workspaces can only add to."""

import re
from importlib import resources

import procrastinate
from django.db import connections, transaction
from procrastinate.schema import SchemaManager

VERSION = procrastinate.__version__
# Only adding a job runs with the owner's rights; fetching and finishing stay the worker's.
DEFER_FUNCTIONS = """
DO $$ DECLARE f regprocedure; BEGIN
  FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = 'jobs' AND p.proname LIKE 'procrastinate\\_defer\\_%' LOOP
    EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path = jobs, pg_temp', f);
  END LOOP;
END $$;
"""


def install_queue() -> None:
    """Create the queue's tables, or bring them from the version they were made by to today's."""
    connection = connections["owner"]
    with transaction.atomic(using="owner"), connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regnamespace('jobs'), 'pg_namespace')")
        installed = cursor.fetchone()[0]
        if installed == VERSION:
            return
        cursor.execute("SET LOCAL search_path = jobs, pg_temp")
        for statements in [SchemaManager.get_schema()] if installed is None else _since(installed):
            cursor.execute(statements)
        cursor.execute(DEFER_FUNCTIONS)
        cursor.execute(f"COMMENT ON SCHEMA jobs IS '{VERSION}'")


def _since(installed: str) -> list[str]:
    """Return the library's own migrations newer than the installed version, in order."""
    folder = resources.files("procrastinate.sql.migrations")
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql"))
    return [
        (folder / name).read_text(encoding="utf-8")
        for name in names
        if _numbers(name.split("_")[0]) > _numbers(installed)
    ]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
