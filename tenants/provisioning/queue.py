"""The job queue's tables, in a schema of their own that workspaces can only add to."""

import re
from importlib import resources

import procrastinate
from django.db import connections, transaction
from procrastinate.schema import SchemaManager

from tenants.provisioning.sql import WORKER_ROLE

VERSION = procrastinate.__version__
# Only adding a job runs with the owner's rights; fetching and finishing stay the worker's.
WORKERS = f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA jobs TO {WORKER_ROLE};"
RIGHTS = """
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA jobs FROM PUBLIC;
DO $$ DECLARE f regprocedure; BEGIN
  FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = 'jobs' AND p.proname LIKE 'procrastinate\\_defer\\_%' LOOP
    EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path = jobs, pg_temp', f);
    IF f::text LIKE '%procrastinate\\_defer\\_jobs\\_%' THEN
      EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO PUBLIC', f);
    END IF;
  END LOOP;
END $$;
"""
# A job says which workspace it runs in: no workspace's transaction may name another.
GUARD = """
CREATE OR REPLACE FUNCTION jobs.refuse_foreign_job() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE asking text := current_setting('role');
BEGIN
  IF asking ~ '^t_[0-9]+$' THEN
    IF NOT EXISTS (SELECT FROM public.tenants_tenant
      WHERE schema_name = asking AND id::text = NEW.args->>'workspace_id') THEN
      RAISE insufficient_privilege USING MESSAGE = 'permission denied for jobs of others than ' || asking;
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER refuse_foreign_job BEFORE INSERT ON jobs.procrastinate_jobs
FOR EACH ROW EXECUTE FUNCTION jobs.refuse_foreign_job();
"""


def install_queue() -> None:
    """Create the queue's tables, or bring them from the version they were made by to today's."""
    connection = connections["owner"]
    with transaction.atomic(using="owner"), connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regnamespace('jobs'), 'pg_namespace')")
        installed = cursor.fetchone()[0]
        if installed != VERSION:
            cursor.execute("SET LOCAL search_path = jobs, pg_temp")
            for statements in (
                [SchemaManager.get_schema()] if installed is None else _since(installed)
            ):
                cursor.execute(statements)
            cursor.execute(f"COMMENT ON SCHEMA jobs IS '{VERSION}'")
        cursor.execute(GUARD + RIGHTS + WORKERS)


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
