"""Names for addresses, as people here know them."""

from collections.abc import Iterable, Sequence
from typing import Any

from leansoft.accounts.domain.users import find_users
from leansoft.calendars.models import Participant
from leansoft.contacts.models import Contact
from leansoft.sync.preview.forecast import sentence


def names_of(mails: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Names by address of everybody who would be mailed: colleagues and contacts, others as the
    event calls them that they are mailed about."""
    mails = list(mails)
    emails = {mail["to"] for mail in mails}
    events = {mail["event"] for mail in mails if mail["event"]}
    named = Participant.objects.filter(event__in=events, email__in=emails).exclude(name="")
    by_event = {email: name for email, name in named.values_list("email", "name") if email}
    return by_event | names_by_address(emails)


def mailed(mails: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What a page says of a plan's mails. One per person is what people count, however many events
    it is about; one that is certain counts more than one that may come."""
    by_person = {mail["to"]: mail for mail in sorted(mails, key=lambda mail: mail["certain"])}
    return {
        "people": len(by_person),
        "mails": len(mails),
        "sentence": sentence(list(by_person.values()), names_of(mails)),
    }


def names_by_address(emails: Iterable[str]) -> dict[str, str]:
    emails = set(emails)
    contacts = Contact.objects.filter(email__in=emails).values_list("email", "name")
    names = {email: name for email, name in contacts if email}
    return names | {email: user.name for email, user in find_users(emails).items()}
