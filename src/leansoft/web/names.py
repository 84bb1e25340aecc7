"""Names for addresses, as people here know them."""

from collections.abc import Iterable
from typing import Any

from leansoft.accounts.domain.users import find_users
from leansoft.calendars.models import Participant
from leansoft.contacts.models import Contact


def names_of(mails: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Names by address of everybody who would be mailed: colleagues and contacts, others as the
    event calls them that they are mailed about."""
    mails = list(mails)
    emails = {mail["to"] for mail in mails}
    events = {mail["event"] for mail in mails if mail["event"]}
    named = Participant.objects.filter(event__in=events, email__in=emails).exclude(name="")
    by_event = {email: name for email, name in named.values_list("email", "name") if email}
    return by_event | names_by_address(emails)


def names_by_address(emails: Iterable[str]) -> dict[str, str]:
    emails = set(emails)
    contacts = Contact.objects.filter(email__in=emails).values_list("email", "name")
    names = {email: name for email, name in contacts if email}
    return names | {email: user.name for email, user in find_users(emails).items()}
