"""Jinja, set up once."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from outlook_sandbox.http import Answer
from outlook_sandbox.mailbox.models.rule_text import rule_text

_HERE = Path(__file__).parent
environment = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

_SCOPE_TEXTS = {
    "User.Read": "Sign you in and read your profile",
    "Calendars.ReadWrite": "Have full access to your calendars",
    "Calendars.Read": "Read your calendars",
    "Calendars.ReadWrite.Shared": "Read and write your and shared calendars",
    "Calendars.Read.Shared": "Read calendars you can access",
    "Calendars.ReadBasic": "Read basic details of your calendars",
    "MailboxSettings.Read": "Read your mailbox settings",
    "MailboxSettings.ReadWrite": "Read and write your mailbox settings",
    "OnlineMeetings.ReadWrite": "Read and create your online meetings",
}


def scope_text(scope: str) -> str:
    return _SCOPE_TEXTS.get(scope, "Use " + scope)


environment.globals |= {"scope_text": scope_text, "rule_text": rule_text}


def page(name: str, status: int = 200, **values: Any) -> Answer:
    return Answer.html(environment.get_template(name).render(**values), status)


def static_file(name: str) -> bytes:
    return (_HERE / "static" / name).read_bytes()
