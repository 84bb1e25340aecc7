"""The long-running programs: the web server, the worker, and both under one supervisor."""

import gc
import os
import sys

import waitress
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from procrastinate import PsycopgConnector
from procrastinate.connector import BaseConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.utils import connector_params

from leansoft.kit.clock import now
from leansoft.kit.processes import Program, end_with_supervisor, supervise, this_python
from leansoft.startup import end_on_sigterm, release_database
from leansoft.sync.moved import look_around

WEB_THREADS = 8
WORKER_JOBS_AT_ONCE = 4
WORKER_SHUTDOWN_SECONDS = 5
HEARTBEAT_SECONDS = 2
LOCKED_JOBS_SECONDS = 0.1
"""A new job is notified at once; one that waited for its mailbox's lock is found by looking."""


BEHIND_PROXY = {
    "trusted_proxy": "*",
    "trusted_proxy_headers": "x-forwarded-for x-forwarded-proto",
}
"""Behind https there is a proxy, and only it knows which scheme the browser used, and from where:
failed sign-ins are counted by address."""


def run_web(*, host: str, port: int) -> None:
    end_with_supervisor()
    end_on_sigterm()
    proxy = BEHIND_PROXY if settings.SECURE else {}
    server = waitress.create_server(
        get_wsgi_application(), host=host, port=port, threads=WEB_THREADS, ident=None, **proxy
    )
    server.run()


class WorkerConnector(PsycopgConnector):
    """Takes jobs on connections of its own, on which it can listen for new ones.

    What a job asks for in turn goes through Django's connection: a run's row and its job appear in
    one transaction. A worker that took the job first would find no run, and the run no worker.
    """

    def __init__(self, django: DjangoConnector) -> None:
        super().__init__(kwargs=connector_params(django.alias))
        self._django = django

    def get_sync_connector(self) -> BaseConnector:
        return self._django


def spare_collector() -> None:
    """What the program is made of stays: the garbage collector, which would search it again and
    again in a tenth of a large round's time, leaves it out."""
    gc.freeze()
    # From now on it counts what is left.
    gc.collect()


def run_worker() -> None:
    end_with_supervisor()
    look_around(now())
    spare_collector()
    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(WorkerConnector(app.connector)) as worker_app:
        worker_app.run_worker(
            concurrency=WORKER_JOBS_AT_ONCE,
            shutdown_graceful_timeout=WORKER_SHUTDOWN_SECONDS,
            fetch_job_polling_interval=LOCKED_JOBS_SECONDS,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            delete_jobs="successful",
        )
    # A request to Microsoft that is under way cannot be called off, and would keep the process for
    # as long as it takes. Whoever has the mailbox next settles it by reading.
    release_database()
    sys.stdout.flush()
    os._exit(0)


def serve(*, host: str, port: int, others: list[Program] | None = None) -> None:
    """Runs web, worker and the other programs until a signal. Raises `ProgramEnded`."""
    address = ("--host", host, "--port", str(port))
    programs = [
        *(others or []),
        Program(name="web server", command=this_python("-m", "leansoft.cli", "web", *address)),
        Program(name="worker", command=this_python("-m", "leansoft.cli", "worker")),
    ]
    supervise(programs, os.environ)
