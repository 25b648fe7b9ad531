#!/bin/sh
# Run once by the postgres image: the owner of the schema, the application's role, and the extensions that search uses.
set -eu
psql -v ON_ERROR_STOP=1 -v owner="$HAAT_OWNER_PASSWORD" -v app="$HAAT_APP_PASSWORD" -U postgres <<'SQL'
CREATE ROLE haat_owner LOGIN PASSWORD :'owner';
CREATE ROLE haat_app LOGIN PASSWORD :'app';
CREATE DATABASE haat OWNER haat_owner;
\connect haat
CREATE EXTENSION pg_trgm;
CREATE EXTENSION unaccent;
SQL
