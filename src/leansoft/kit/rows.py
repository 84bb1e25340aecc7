"""Many rows of one table in one statement.

They travel as one JSON text, which PostgreSQL reads by the table's own types. That is far less work
on this side than a parameter for every value. Not for binary columns, which JSON cannot hold.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from django.db import connection
from django.db.models import AutoField, Model
from psycopg import Cursor


def insert_rows(rows: Iterable[Model]) -> None:
    """Inserts new rows of one model, and gives them the keys that the database makes."""
    held = list(rows)
    if not held:
        return
    meta: Any = held[0]._meta
    fields = [field for field in meta.concrete_fields if not isinstance(field, AutoField)]
    table, key = _quoted(meta.db_table), _quoted(meta.pk.column)
    columns = ", ".join(_quoted(field.column) for field in fields)
    keys = _execute(
        f"INSERT INTO {table} ({columns}) SELECT {columns}"
        f" FROM jsonb_populate_recordset(NULL::{table}, %s) RETURNING {key}",
        [{field.column: field.pre_save(row, add=True) for field in fields} for row in held],
    )
    for row, pk in zip(held, keys, strict=True):
        row.pk = pk
        row._state.adding, row._state.db = False, connection.alias


def update_rows(rows: Iterable[Model], names: Sequence[str]) -> None:
    """Changes these fields of rows that are there, in each to its own value."""
    held = list(rows)
    if not held:
        return
    meta: Any = held[0]._meta
    fields = [meta.get_field(name) for name in names]
    table, key = _quoted(meta.db_table), _quoted(meta.pk.column)
    columns = [_quoted(field.column) for field in fields]
    changes = ", ".join(f"{column} = new.{column}" for column in columns)
    _execute(
        f"UPDATE {table} AS old SET {changes}"
        f" FROM jsonb_populate_recordset(NULL::{table}, %s) AS new"
        f" WHERE old.{key} = new.{key} RETURNING old.{key}",
        [
            {field.column: getattr(row, field.attname) for field in (meta.pk, *fields)}
            for row in held
        ],
    )


def _execute(sql: str, rows: list[dict[str, Any]]) -> list[Any]:
    """The first column of what it answers."""
    connection.ensure_connection()
    # Django's own cursors write parameters into the statement, to be escaped and read once more.
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        cursor.execute(sql, [msgspec.json.encode(rows).decode()])
        return [found for (found,) in cursor.fetchall()]


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
