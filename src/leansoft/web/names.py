"""Names for addresses, as people here know them."""

from collections.abc import Iterable
from typing import Any

from leansoft.accounts.domain.users import find_users
from leansoft.calendars.models import Participant
from leansoft.contacts.models import Contact


def names_of(mails: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Names by address of everybody who would be mailed."""
    return names_by_address({mail["to"] for mail in mails})


def names_by_address(emails: Iterable[str]) -> dict[str, str]:
    """Colleagues and contacts; others as an event calls them."""
    emails = set(emails)
    named = Participant.objects.filter(email__in=emails).exclude(name="")
    names = dict(named.order_by("pk").values_list("email", "name"))
    contacts = Contact.objects.filter(email__in=emails).values_list("email", "name")
    names |= {email: name for email, name in contacts if email}
    return names | {email: user.name for email, user in find_users(emails).items()}
