"""Names for addresses, as people here know them."""

from collections.abc import Iterable
from typing import Any

from leansoft.accounts.domain.users import find_users
from leansoft.contacts.models import Contact


def names_of(mails: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Names by address of everybody who would be mailed."""
    return names_by_address({mail["to"] for mail in mails})


def names_by_address(emails: Iterable[str]) -> dict[str, str]:
    emails = set(emails)
    contacts = Contact.objects.filter(email__in=emails).values_list("email", "name")
    names = {email: name for email, name in contacts if email}
    return names | {email: user.name for email, user in find_users(emails).items()}
