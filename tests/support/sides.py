"""One person's events on both sides, and what a run wrote on them."""

from typing import Any

from leansoft.accounts.models import User
from leansoft.calendars.queries import events_for
from leansoft.sync.models import SyncRun
from support.company import Company

ANA, OLGA = "ana@elsewhere.org", "olga@elsewhere.org"
"""People outside."""

Mails = list[tuple[str, str, str]]


def in_step(company: Company, *users: User) -> None:
    for _ in range(2):
        for user in users:
            company.sync(user)


def here(user: User, *, archived: bool = False) -> list[str]:
    mine = events_for(user, archived=archived).filter(participants__user=user)
    return sorted(mine.values_list("subject", flat=True))


def there(company: Company, user: User) -> list[str]:
    return sorted(event["subject"] for event in company.outlook(user).events())


def done_by(run: SyncRun) -> list[tuple[str, ...]]:
    """(event, side, what, whom Outlook was to mail) of each write."""
    rows = run.actions.all()
    return sorted((a.subject, a.side, a.kind, *(m["to"] for m in a.mails)) for a in rows)


def lines_of(plan: dict[str, Any]) -> list[tuple[str, ...]]:
    """The same of a preview."""
    return sorted(
        (line["subject"], str(line["side"]), str(line["kind"]), *(m["to"] for m in line["mails"]))
        for line in plan["actions"]
    )


def new_mails(company: Company, before: Mails) -> Mails:
    return company.sandbox.mails()[len(before) :]
