"""Being told by Microsoft: what the tests of notifications share."""

from datetime import timedelta

from leansoft.accounts.models import User
from leansoft.connections.calendar import open_subscriptions
from leansoft.connections.models import Mailbox
from leansoft.graph.subscriptions import RemoteSubscription
from leansoft.sync import tasks
from leansoft.sync.models import SyncRun
from support.company import Company
from support.jobs import do_jobs
from support.waiting import wait_for


def a_minute_passes() -> list[str]:
    """The periodic look at the subscriptions, and the jobs that come of it."""
    tasks.keep_subscriptions(0)
    return do_jobs()


def at_microsoft(mailbox: Mailbox) -> list[RemoteSubscription]:
    return open_subscriptions(mailbox).list_own()


def notified(user: User) -> bool:
    runs = SyncRun.objects.filter(mailbox__user=user, cause=SyncRun.Cause.NOTIFICATION)
    return runs.filter(state=SyncRun.State.QUEUED).exists()


def wait_until_notified(user: User) -> None:
    wait_for(lambda: notified(user), what="Microsoft to tell of a change")


def advance(company: Company, by: timedelta) -> None:
    company.sandbox.control("POST", "clock", {"advance": by.total_seconds()})
    # Whichever answer comes next shows what time it is there.
    for mailbox in Mailbox.objects.filter(status=Mailbox.Status.CONNECTED):
        company.sync(mailbox.user)


def lifecycle(company: Company, user: User, event: str) -> list[str]:
    """Microsoft sends this; the jobs that it makes are done."""
    company.sandbox.control(
        "POST", "faults", {"kind": "lifecycle", "email": user.email, "event": event}
    )
    done: list[str] = wait_for(do_jobs, what=event)
    return done
