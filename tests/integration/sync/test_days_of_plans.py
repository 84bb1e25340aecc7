"""A plan for people: which events, and on which day by the reader's own clock."""

from datetime import date

from leansoft.accounts.models import User
from leansoft.kit.zones import zone
from leansoft.sync.preview.start import preview
from leansoft.web.plans import dated
from support.company import Company

LATE = {
    "start": "2030-03-04T23:30:00Z",
    "end": "2030-03-04T23:45:00Z",
    "zone": "Europe/Paris",
    "all_day": False,
}
WHOLE_DAY = {
    "start": "2030-03-06T00:00:00Z",
    "end": "2030-03-07T00:00:00Z",
    "zone": "UTC",
    "all_day": True,
}
CHOICES = {"existing": "push", "invitations": "send", "past": "quiet"}


def test_each_line_has_the_day_on_which_its_event_starts(company: Company, alice: User) -> None:
    company.sandbox.add_account(alice.email, alice.name)
    company.outlook(alice).create("From Outlook")
    company.create(alice, "Late", when=LATE)
    company.create(alice, "Whole day", when=WHOLE_DAY)

    lines = preview(company.connect(alice), **CHOICES)["actions"]

    def days(zone_name: str) -> dict[str, date]:
        return {line["subject"]: line["on"] for line in dated(lines, zone(zone_name))}

    whole, outlook = date(2030, 3, 6), date(2030, 3, 4)
    paris, honolulu = days("Europe/Paris"), days("Pacific/Honolulu")
    assert paris == {"From Outlook": outlook, "Late": date(2030, 3, 5), "Whole day": whole}
    assert (honolulu["Late"], honolulu["Whole day"]) == (date(2030, 3, 4), whole)
