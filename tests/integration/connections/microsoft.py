"""What the tests of connecting share: the registered application, and the ways a sign-in ends."""

from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import httpx

from leansoft.accounts.models import User
from leansoft.connections.domain.integration import redirect_uri
from leansoft.connections.models import Mailbox
from support.outlook import Sandbox
from support.person import sign_in

CLIENT_ID = "6731de76-14a6-49ae-97bc-6eba6914391e"
SECRET = "qWgdYAmab0YSkuL1qKv5bPX"

Connect = Callable[[User, str], Mailbox]
"""Connects a user with the Microsoft account of this address."""


def accept(url: str, email: str) -> dict[str, str]:
    """What the way back carries after this person accepted."""
    return sign_in(url, email=email, back_to=redirect_uri())


def decline(url: str, email: str) -> dict[str, str]:
    """The same after choosing Cancel on the consent page."""
    place = urlsplit(url)
    base = f"{place.scheme}://{place.netloc}/{place.path.split('/')[1]}"
    form = {"request": place.query, "account": email}
    with httpx.Client() as browser:
        browser.post(f"{base}/sign-in", data=form).raise_for_status()
        answer = browser.post(f"{base}/consent", data={**form, "decision": "decline"})
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def token_requests(microsoft: Sandbox) -> int:
    return sum(path.endswith("/token") for _, path in microsoft.requests())
