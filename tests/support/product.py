"""The whole product as separate processes, on a database of its own; and people who use it
without a browser."""

import os
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import psycopg
from psycopg import sql

from support.outlook import CLIENT_ID, SECRET, Sandbox
from support.person import sign_in
from support.waiting import free_port, wait_for

PASSWORD = "correct horse battery"


class Product:
    """Started and stopped by its test: `migrate`, `web`, `worker` are the command line's."""

    def __init__(self, data_dir: Path, sandbox: Sandbox) -> None:
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.sandbox = sandbox
        self.database_url = _new_database(os.environ["LEANSOFT_DATABASE_URL"])
        self.processes: list[subprocess.Popen[bytes]] = []
        self.environment = {
            **os.environ,
            "LEANSOFT_DATA_DIR": str(data_dir),
            "LEANSOFT_DATABASE_URL": self.database_url,
            "LEANSOFT_BASE_URL": self.url,
            "LEANSOFT_MICROSOFT_LOGIN_URL": sandbox.url,
            "LEANSOFT_MICROSOFT_GRAPH_URL": f"{sandbox.url}/v1.0",
            "DJANGO_SETTINGS_MODULE": "leansoft.settings",
        }

    def run(self, *arguments: str, stdin: str = "") -> str:
        done = subprocess.run(
            _command(*arguments),
            env=self.environment,
            input=stdin.encode(),
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(_command(*arguments), env=self.environment)
        self.processes.append(process)
        return process

    def start_web(self) -> None:
        self.start("web", "--port", str(self.port))
        wait_for(self._answers, what="the web server")

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(timeout=20)

    def add_user(self, email: str, name: str) -> "Colleague":
        self.run("user", "create", email, "--name", name, "--password-stdin", stdin=PASSWORD)
        token = self.run("token", "create", email).strip()
        self.sandbox.add_account(email, name)
        return Colleague(self, email, token)

    def configure(self) -> None:
        back = f"{self.url}/microsoft_account/authentication"
        self.sandbox.register_app(CLIENT_ID, SECRET, back)
        arguments = ("outlook", "configure", "--client-id", CLIENT_ID, "--client-secret-stdin")
        self.run(*arguments, stdin=SECRET)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz").is_success
        except httpx.TransportError:
            return False


@contextmanager
def running_product(data_dir: Path, sandbox: Sandbox) -> Iterator[Product]:
    product = Product(data_dir, sandbox)
    try:
        product.run("migrate")
        product.configure()
        product.start_web()
        yield product
    finally:
        product.stop()


class Colleague:
    """A user of Leansoft: the API by token, the pages by a session."""

    def __init__(self, product: Product, email: str, token: str) -> None:
        self.email = email
        self._product = product
        self._api = httpx.Client(base_url=f"{product.url}/api/v1", timeout=30)
        self._api.headers["Authorization"] = f"Bearer {token}"

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        response = self._api.request(method, path, json=body)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        return response.json() if response.content else None

    def connect_outlook(self) -> None:
        """Signs in here, presses Outlook, signs in at Microsoft, and comes back."""
        with httpx.Client(base_url=self._product.url, timeout=30) as pages:
            self._sign_in(pages)
            data = {"csrfmiddlewaretoken": pages.cookies["leansoft_csrf"]}
            away = pages.post("/outlook/connect", data=data)
            assert away.is_redirect, away.text
            back_to = f"{self._product.url}/microsoft_account/authentication"
            back = sign_in(away.headers["location"], email=self.email, back_to=back_to)
            landed = pages.get("/microsoft_account/authentication", params=back)
            assert landed.headers.get("location") == "/outlook/start", landed.text

    def start_sync(self, *, existing: str = "push", invitations: str = "send") -> str:
        choices = {"existing": existing, "invitations": invitations}
        run: str = self.ask("POST", "/outlook/start", choices)["run"]
        return run

    def _sign_in(self, pages: httpx.Client) -> None:
        page = pages.get("/accounts/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token, page.text
        data = {"login": self.email, "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
        answer = pages.post("/accounts/login/", data=data)
        assert answer.is_redirect, answer.text


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "leansoft.cli", *arguments]


def _new_database(server_url: str) -> str:
    """A database of this test's own on the tests' server."""
    name = f"product_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    parts = urlsplit(server_url)
    return urlunsplit(parts._replace(path=f"/{name}"))
