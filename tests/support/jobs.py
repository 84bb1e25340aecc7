"""A worker without a process: does the jobs that are due, here and now."""

import json

from django.db import connection
from procrastinate.contrib.django import app


def forget_jobs() -> None:
    """Jobs outlive a test that commits: their tables are not Django's to empty."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def do_jobs(*, but: str = "") -> list[str]:
    """Does what is due until nothing is, leaving out one task; answers the names of the jobs."""
    done = []
    while (job := _take(but)) is not None:
        name, arguments = job
        app.tasks[name].func(**json.loads(arguments))
        done.append(name.removeprefix("leansoft."))
    return done


def _take(but: str) -> tuple[str, str] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE id = (SELECT id FROM procrastinate_jobs"
            " WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())"
            " AND task_name <> %s ORDER BY id LIMIT 1) RETURNING task_name, args",
            [but],
        )
        found: tuple[str, str] | None = cursor.fetchone()
        return found
