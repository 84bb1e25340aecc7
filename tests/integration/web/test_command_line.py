"""The command line as a person types it, on a data folder of its own."""

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.shell import Shell, ask, free_port, wait_until_up

PASSWORD = "correct horse battery"
CLIENT_ID = "11111111-0000-4000-8000-000000000000"


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "data")


@pytest.fixture
def migrated(shell: Shell) -> Shell:
    done = shell("migrate")
    assert (done.returncode, done.stderr) == (0, "")
    return shell


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield int(holder.getsockname()[1])


def test_user_and_token(migrated: Shell) -> None:
    create = ("user", "create", "Ana@Example.com", "--name", "Ana", "--admin", "--password-stdin")

    created = migrated(*create, stdin=f"{PASSWORD}\n")
    again = migrated(*create, stdin=PASSWORD)
    token = migrated("token", "create", "ana@example.com")
    link = migrated("user", "link", "ana@example.com")

    assert created.stdout == "Created ana@example.com (Administrator).\n"
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr == "Error: There is a user with the address ana@example.com already.\n"
    assert re.fullmatch(r"leansoft_[\w-]{43}\n", token.stdout)
    assert token.stderr == ""
    assert re.fullmatch(r"http\S+/accounts/password/reset/key/1-\S+/\n", link.stdout)


def test_wrong_use_and_wrong_values(migrated: Shell) -> None:
    assert migrated("user", "create", "ana@example.com").returncode == 2
    assert migrated("nonsense").returncode == 2
    unknown = migrated("token", "create", "nobody@example.com")
    assert unknown.returncode == 1
    assert unknown.stderr == "Error: There is no user with the address nobody@example.com.\n"
    empty = migrated("user", "create", "ana@example.com", "--password-stdin", stdin="")
    assert (empty.returncode, empty.stderr) == (1, "Error: Give a password.\n")


def test_outlook_is_configured_and_shown(migrated: Shell) -> None:
    before = json.loads(migrated("outlook", "status", "--json").stdout)
    configured = migrated(
        "outlook", "configure", "--client-id", CLIENT_ID, "--client-secret-stdin",
        "--secret-expires", "2031-01-31", stdin="s3cret\n",
    )  # fmt: skip
    after = json.loads(migrated("outlook", "status", "--json").stdout)

    assert before == {"enabled": False, "mailboxes": []}
    assert configured.returncode == 0
    assert "/microsoft_account/authentication" in configured.stdout
    assert after == {"enabled": True, "mailboxes": []}


def test_doctor_names_every_fault(migrated: Shell) -> None:
    migrated.environment["LEANSOFT_MICROSOFT_LOGIN_URL"] = "http://127.0.0.1:9"

    found = migrated("outlook", "doctor", "--json")

    report = json.loads(found.stdout)
    faults = [check["name"] for check in report["checks"] if not check["ok"]]
    assert (found.returncode, report["ok"]) == (1, False)
    assert faults == ["worker", "integration", "sign-in"]


def test_mail_server_that_makes_no_sense_ends_the_start(shell: Shell) -> None:
    shell.environment["LEANSOFT_EMAIL_URL"] = "mail.example"

    refused = shell("migrate")

    assert refused.returncode == 1
    assert refused.stderr == (
        "leansoft: LEANSOFT_EMAIL_URL has to look like submission://user:password@mail.example\n"
    )


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("BASE_URL", "our calendar", "has to look like https://host.example, not our calendar"),
        ("MICROSOFT_LOGIN_URL", "login.example", "has to look like https://host.example"),
        ("MICROSOFT_GRAPH_URL", "ftp://graph.example", "has to look like https://host.example"),
        ("DATABASE_URL", "mysql://db.example/leansoft", "has to look like postgresql://"),
        ("SECRET_KEY_FILE", "/nowhere/key", "names /nowhere/key, and there is no such file"),
    ],
)
def test_a_setting_that_makes_no_sense_ends_the_start(
    shell: Shell, name: str, value: str, complaint: str
) -> None:
    shell.environment |= {"LEANSOFT_DATABASE_URL": "postgresql:///never-opened"}
    shell.environment[f"LEANSOFT_{name}"] = value

    refused = shell("outlook", "status")

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"leansoft: LEANSOFT_{name} {complaint}")
    assert len(refused.stderr.splitlines()) == 1


def test_sync_of_somebody_who_is_not_connected(migrated: Shell) -> None:
    migrated("user", "create", "ana@example.com", "--password-stdin", stdin=PASSWORD)

    refused = migrated("outlook", "sync", "ana@example.com")

    assert refused.returncode == 1
    assert refused.stderr.startswith("leansoft: ana@example.com: Outlook is not connected")


def test_serve_answers_while_other_commands_run_and_stops_cleanly(
    migrated: Shell, port: int
) -> None:
    migrated("user", "create", "ana@example.com", "--password-stdin", stdin=PASSWORD)
    server = migrated.start("serve", "--port", str(port))
    try:
        wait_until_up(f"http://localhost:{port}/healthz")
        token = migrated("token", "create", "ana@example.com").stdout.strip()

        assert ask(f"http://localhost:{port}/api/v1/events", token)["count"] == 0
    finally:
        server.terminate()
    _, errors = server.communicate(timeout=30)
    assert (server.returncode, errors) == (0, "")
    assert postgres_of(migrated) is None


def test_serve_recovers_from_being_killed(migrated: Shell, port: int) -> None:
    first = migrated.start("serve", "--port", str(port))
    wait_until_up(f"http://localhost:{port}/healthz")
    first.kill()
    first.wait()

    again = migrated.start("serve", "--port", str(port + 1))
    try:
        wait_until_up(f"http://localhost:{port + 1}/healthz")
    finally:
        again.terminate()
        again.communicate(timeout=30)
    with pytest.raises(OSError, match="refused"):
        ask(f"http://localhost:{port}/healthz")


def test_port_in_use_is_one_clear_line(shell: Shell, taken_port: int) -> None:
    refused = shell("serve", "--port", str(taken_port))

    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert "choose another one with --port" in refused.stderr


def test_broken_data_folder_is_one_clear_line(shell: Shell, tmp_path: Path, port: int) -> None:
    (tmp_path / "data").write_text("a file, not a folder")

    refused = shell("serve", "--port", str(port))

    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert "LEANSOFT_DATA_DIR" in refused.stderr


def postgres_of(shell: Shell) -> str | None:
    """The process file of the database server in the data folder, while it runs."""
    file = Path(shell.environment["LEANSOFT_DATA_DIR"]) / "postgres" / "postmaster.pid"
    return file.read_text() if file.exists() else None
