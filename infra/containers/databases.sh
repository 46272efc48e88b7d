#!/bin/sh
# Makes the log-ins and databases when PostgreSQL starts for the first time.
set -eu
psql --username postgres --set ON_ERROR_STOP=1 \
    --set app="$APP_PASSWORD" --set owner="$OWNER_PASSWORD" --set vault="$VAULT_PASSWORD" <<'SQL'
CREATE ROLE atrium_app LOGIN NOINHERIT PASSWORD :'app';
CREATE ROLE atrium_owner LOGIN CREATEROLE PASSWORD :'owner';
CREATE ROLE atrium_vault LOGIN NOINHERIT PASSWORD :'vault';
CREATE DATABASE atrium OWNER atrium_owner TEMPLATE template0 ENCODING 'UTF8'
    LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8';
CREATE DATABASE atrium_vault OWNER atrium_vault TEMPLATE template0 ENCODING 'UTF8'
    LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8';
REVOKE TEMPORARY, CONNECT ON DATABASE atrium FROM PUBLIC;
REVOKE TEMPORARY, CONNECT ON DATABASE atrium_vault FROM PUBLIC;
GRANT CONNECT ON DATABASE atrium TO atrium_app, atrium_owner;
GRANT CONNECT ON DATABASE atrium_vault TO atrium_vault;
\connect atrium
REVOKE EXECUTE ON FUNCTION pg_catalog.set_config FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pg_catalog.set_config TO atrium_owner;
\connect atrium_vault
REVOKE EXECUTE ON FUNCTION pg_catalog.set_config FROM PUBLIC;
SQL
