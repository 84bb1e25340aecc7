"""Notices a database that was restored from a backup, copied, or moved to another address.

Two programs that sync the same mailboxes, or one that has forgotten what it did yesterday, must not
write on. So every database has a key of its own and a number that rises with its rounds, and every
data folder keeps a file for each database that it has served, with the highest number seen. The
database commits first, the file follows: a file that is ahead has seen a later state of the
database than the database itself. Copies share the key and differ in folder or address.

When in doubt nothing is synced until an administrator says that this is the database to go on
with. Then every mailbox has a full round, with all that both sides agreed on: what Leansoft alone
held since the backup is gone, and everything else comes in from Outlook.
"""

import json
import logging
import os
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef

from leansoft.accounts.models import User
from leansoft.calendars.models import Event
from leansoft.connections.models import Installation, Mailbox, Subscription
from leansoft.sync.models import EventLink

logger = logging.getLogger(__name__)

Doubt = Installation.Doubt

BEAT_EVERY = timedelta(seconds=1)
SILENT_FOR = timedelta(hours=1)
"""A folder that joins a database in use is another server; one that finds a database long unused
was given a copy."""
LEAP = 10_000_000
"""Beats of a hundred days: further than any folder can have seen."""
LOOPBACK = "localhost"
INCARNATIONS_AHEAD = 1_000
"""More than anybody can have brought back one event since a backup."""


def in_doubt() -> Installation.Doubt | None:
    """Why nothing may be synced now; None when all is well."""
    return _doubt_of(Installation.current())


def sentence(doubt: Installation.Doubt) -> str:
    return f"{doubt.label} The sync is paused until an administrator confirms."


def look_around(now: datetime) -> Installation.Doubt | None:
    """Checks that this is the database that was seen before, and leaves a sign for the next look.

    Answers as `in_doubt`. Called before every round.
    """
    row = Installation.current()
    if row.doubt:
        return _doubt_of(row)
    found = _examine(row, now)
    if found is not None:
        logger.error("%s", sentence(found))
        Installation.objects.filter(pk=row.pk, doubt="").update(doubt=found)
        return found
    if row.beat_at is None or now - row.beat_at >= BEAT_EVERY or not row.base_url:
        _beat(row, now)
    return None


@transaction.atomic
def confirm() -> list[Mailbox]:
    """This is the database to go on with: answers the mailboxes that are to have a full round."""
    if not settle_doubt():
        return []
    _pass_used_incarnations()
    Subscription.objects.update(due_at=None)
    Mailbox.objects.update(delta_link="", next_sync_at=None)
    return list(Mailbox.objects.filter(status=Mailbox.Status.CONNECTED).order_by("pk"))


@transaction.atomic
def settle_doubt() -> bool:
    """The address is learned anew, and every folder's file is behind again. False without doubt."""
    row = Installation.objects.select_for_update().get(pk=Installation.current().pk)
    if not row.doubt:
        return False
    row.doubt, row.base_url, row.beats = "", "", row.beats + LEAP
    row.save()
    transaction.on_commit(lambda: _remember(row))
    return True


def who_confirms(user: User) -> str:
    if user.is_administrator:
        return "Confirm it on the Outlook page, once no other Leansoft uses these mailboxes."
    return "Ask your administrator to confirm it."


def _examine(row: Installation, now: datetime) -> Installation.Doubt | None:
    seen = _seen(row)
    if seen is None and row.beat_at is not None and now - row.beat_at > SILENT_FOR:
        return Doubt.UNKNOWN
    if seen is not None and seen > row.beats:
        # Another process may have gone on between the two looks.
        row.refresh_from_db()
        if seen > row.beats:
            return Doubt.RESTORED
    if settings.BASE_URL_GIVEN and row.base_url and _place(row.base_url) != _place():
        return Doubt.MOVED
    return None


def _place(base_url: str = "") -> str:
    """Another port of one's own machine is the same place: somebody tries Leansoft out."""
    address = urlsplit(base_url or settings.BASE_URL)
    return LOOPBACK if address.hostname in {LOOPBACK, "127.0.0.1", "::1"} else address.geturl()


def _beat(row: Installation, now: datetime) -> None:
    change = {"base_url": settings.BASE_URL} if settings.BASE_URL_GIVEN else {}
    own = Installation.objects.filter(pk=row.pk, doubt="")
    own.update(beats=F("beats") + 1, beat_at=now, **change)
    row.refresh_from_db()
    _remember(row)


def _pass_used_incarnations() -> None:
    """Names under which events were created since the backup are used up, and nobody knows them:
    the next creation of an event takes a name that is free. A creation that had not been answered
    keeps its name, because Outlook may hold it under that."""
    spent = EventLink.objects.filter(
        event=OuterRef("pk"), remote_id__isnull=False, incarnation=OuterRef("incarnation")
    )
    keys = list(Event.objects.filter(Exists(spent)).values_list("pk", flat=True))
    raised = F("incarnation") + INCARNATIONS_AHEAD
    EventLink.objects.filter(event__in=keys).update(incarnation=raised)
    Event.objects.filter(pk__in=keys).update(incarnation=raised)


def _doubt_of(row: Installation) -> Installation.Doubt | None:
    return Doubt(row.doubt) if row.doubt else None


def _file(row: Installation) -> Path:
    return Path(settings.DATA_DIR) / "databases" / f"{row.key}.json"


def _seen(row: Installation) -> int | None:
    """The highest number that this folder has seen of the database."""
    try:
        return int(json.loads(_file(row).read_text())["beats"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        logger.warning("%s cannot be read, and is written anew: %s", _file(row), error)
        return None


def _remember(row: Installation) -> None:
    """Without a folder to write to, a restored backup goes unnoticed, but the sync works."""
    file = _file(row)
    draft = file.with_suffix(f".{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps({"beats": row.beats}))
        draft.replace(file)
    except OSError as error:
        logger.warning("%s cannot be written: %s", file, error)
