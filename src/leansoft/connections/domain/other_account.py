"""A sign-in with another Microsoft account than the connected one: kept until its owner decides.

It stays in the browser's session, sealed like every token, and is forgotten after an hour.
"""

from datetime import datetime, timedelta

import msgspec
from django.contrib.sessions.backends.base import SessionBase

from leansoft.accounts.models import User
from leansoft.connections.domain.mailboxes import Connection
from leansoft.connections.models import sealer
from leansoft.kit.clock import now
from leansoft.kit.encryption import SealBroken

SESSION_KEY = "outlook_other_account"
VALID_FOR = timedelta(hours=1)


def remember(session: SessionBase, user: User, connection: Connection) -> None:
    sealed = sealer().seal(msgspec.json.encode(connection).decode())
    session[SESSION_KEY] = {
        "user": user.pk,
        "sealed": sealed.decode(),
        "until": (now() + VALID_FOR).isoformat(),
    }


def remembered(session: SessionBase, user: User) -> Connection | None:
    kept = session.get(SESSION_KEY)
    if kept is None or kept["user"] != user.pk or datetime.fromisoformat(kept["until"]) < now():
        return None
    try:
        return msgspec.json.decode(sealer().open(kept["sealed"].encode()), type=Connection)
    except SealBroken:
        return None


def forget(session: SessionBase) -> None:
    session.pop(SESSION_KEY, None)
