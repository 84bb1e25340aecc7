"""Over a real socket and as a program of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from outlook_sandbox.testing import RunningSandbox, start_sandbox
from sandbox.ledger import covers

PROGRAM = [sys.executable, "-m", "outlook_sandbox"]


def wait_for(url: str) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            httpx.get(url + "/sandbox/clock")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"{url} does not answer")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(
    port: int, *arguments: str, env: dict[str, str] | None = None, keep: tuple[int, ...] = ()
) -> "subprocess.Popen[str]":
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | (env or {})
    command = [*PROGRAM, "--port", str(port), *arguments]
    return subprocess.Popen(
        command, env=environment, text=True, stderr=subprocess.PIPE, pass_fds=keep
    )


@pytest.fixture
def running() -> object:
    with start_sandbox() as sandbox:
        yield sandbox


@covers("control.faults-drop")
def test_dropped_connection_is_a_broken_one(running: RunningSandbox) -> None:
    httpx.post(running.url + "/sandbox/faults", json={"drop": True}).raise_for_status()
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(running.url + "/v1.0/me")
    assert httpx.get(running.url + "/v1.0/me").status_code == 401


@covers("control.clock")
def test_date_header_tells_the_sandboxs_time(running: RunningSandbox) -> None:
    clock = {"now": "2031-05-06T07:08:09Z"}
    httpx.put(running.url + "/sandbox/switches", json={"freeze_clock": True}).raise_for_status()
    httpx.post(running.url + "/sandbox/clock", json=clock).raise_for_status()
    for path in ("/v1.0/me", "/sandbox/clock", "/common/discovery/v2.0/keys"):
        dates = httpx.get(running.url + path).headers.get_list("Date")
        assert dates == ["Tue, 06 May 2031 07:08:09 GMT"]


@covers("control.faults-delay")
def test_delay_does_not_hold_up_others(running: RunningSandbox) -> None:
    fault = {"path": "^/me$", "delay_seconds": 1.5}
    httpx.post(running.url + "/sandbox/faults", json=fault).raise_for_status()
    with httpx.Client() as slow:
        request = slow.build_request("GET", running.url + "/v1.0/me")
        connection = socket.create_connection(("localhost", request.url.port or 80))
        connection.sendall(b"GET /v1.0/me HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(0.3)
        begun = time.monotonic()
        assert httpx.get(running.url + "/sandbox/clock").status_code == 200
        assert time.monotonic() - begun < 1
        connection.settimeout(5)
        assert connection.recv(12) == b"HTTP/1.1 401"
        connection.close()


@covers("control.program")
def test_server_ends_at_once_while_a_client_stays_connected() -> None:
    running = start_sandbox()
    with httpx.Client() as client:
        client.get(running.url + "/sandbox/clock").raise_for_status()
        begun = time.monotonic()
        running.stop()
        assert time.monotonic() - begun < 2
    assert not running._thread.is_alive()


@covers("control.state")
def test_killed_program_has_lost_nothing(tmp_path: Path) -> None:
    port, state = free_port(), tmp_path / "state.json"
    url = f"http://127.0.0.1:{port}"
    first = start(port, "--state", str(state))
    try:
        wait_for(url)
        httpx.post(url + "/sandbox/accounts", json={"email": "ana@contoso.com"})
    finally:
        first.kill()
        first.wait()
    second = start(port, "--state", str(state))
    try:
        wait_for(url)
        (account,) = httpx.get(url + "/sandbox/accounts").json()["value"]
        assert account["email"] == "ana@contoso.com"
        second.send_signal(signal.SIGTERM)
        assert second.wait(timeout=5) == 0
    finally:
        second.kill()
        second.wait()


@covers("control.program")
def test_port_in_use_is_one_clear_line(running: RunningSandbox) -> None:
    port = int(running.url.rpartition(":")[2])
    other = start(port)
    _, errors = other.communicate(timeout=20)
    assert other.returncode == 1
    assert errors == f"The sandbox cannot listen on 127.0.0.1:{port}: Address already in use\n"


@covers("control.program")
def test_broken_state_file_is_one_clear_line(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text("{")
    other = start(free_port(), "--state", str(state))
    _, errors = other.communicate(timeout=20)
    assert other.returncode == 1
    assert errors.startswith(f"The state file {state} cannot be read: ")
    assert errors.count("\n") == 1


@covers("control.program")
def test_program_ends_with_its_supervisor() -> None:
    ours, theirs = os.pipe()
    os.set_inheritable(ours, True)
    environment = {"LEANSOFT_LIFELINE_FD": str(ours)}
    port = free_port()
    program = start(port, env=environment, keep=(ours,))
    try:
        wait_for(f"http://127.0.0.1:{port}")
        os.close(theirs)
        assert program.wait(timeout=5) == 0
    finally:
        program.kill()
        program.wait()
        os.close(ours)
