"""A copy of the whole database, and going back to it, as an administrator restores a backup."""

from django.apps import apps
from django.db import connection, transaction
from psycopg import sql

Rows = dict[str, bytes]


def back_up() -> Rows:
    with connection.cursor() as cursor:
        return {table: _read(cursor, table) for table in _tables()}


@transaction.atomic
def restore(rows: Rows) -> None:
    """Every table as it was. Jobs are no part of it."""
    names = sql.SQL(", ").join(map(sql.Identifier, rows))
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))
        for table, held in rows.items():
            into = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
            with cursor.copy(into) as copy:
                copy.write(held)


def _read(cursor: object, table: str) -> bytes:
    out = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
    with cursor.copy(out) as copy:  # type: ignore[attr-defined]  # psycopg's, behind Django's
        return b"".join(bytes(block) for block in copy)


def _tables() -> list[str]:
    models = apps.get_models(include_auto_created=True)
    return [m._meta.db_table for m in models if m._meta.app_label != "procrastinate"]
