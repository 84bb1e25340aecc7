from datetime import UTC, datetime
from typing import Any

import pytest

from leansoft.events.fields import Field, Value
from leansoft.graph.codec import MARKER_ID, Kind, event_from_graph, meeting_uid

UID = "040000008200E00074C5B7101A82E00800000000DA2B357D94B5D201000000000000000010000000EC4597557F0C"


def person(address: str | None, name: str = "") -> dict[str, Any]:
    return {"emailAddress": {"name": name, "address": address}}


def attendee(address: str | None, *, type: str = "required", response: str = "none") -> Any:
    return {
        "type": type,
        "status": {"response": response, "time": "0001-01-01T00:00:00Z"},
        **person(address, "Somebody"),
    }


def moment(text: str, zone: str = "UTC") -> dict[str, str]:
    return {"dateTime": text, "timeZone": zone}


def full_event(**changes: Any) -> dict[str, Any]:
    """An event as Graph sends it in full (event.md §1)."""
    return {
        "@odata.etag": 'W/"one"',
        "id": "AAMk=",
        "createdDateTime": "2026-11-24T03:00:50.7579581Z",
        "lastModifiedDateTime": "2026-11-24T03:00:51.245372Z",
        "changeKey": "one",
        "categories": ["Blue category"],
        "transactionId": None,
        "originalStartTimeZone": "W. Europe Standard Time",
        "originalEndTimeZone": "W. Europe Standard Time",
        "iCalUId": UID,
        "reminderMinutesBeforeStart": 15,
        "isReminderOn": True,
        "hasAttachments": False,
        "subject": "Lunch",
        "bodyPreview": "At noon?",
        "importance": "normal",
        "sensitivity": "normal",
        "isAllDay": False,
        "isCancelled": False,
        "isOrganizer": True,
        "responseRequested": True,
        "seriesMasterId": None,
        "showAs": "busy",
        "type": "singleInstance",
        "webLink": "https://outlook.office365.com/owa/",
        "onlineMeetingUrl": None,
        "isOnlineMeeting": False,
        "onlineMeetingProvider": "unknown",
        "allowNewTimeProposals": True,
        "isDraft": False,
        "hideAttendees": False,
        "recurrence": None,
        "onlineMeeting": None,
        "responseStatus": {"response": "organizer", "time": "0001-01-01T00:00:00Z"},
        "body": {
            "contentType": "html",
            "content": "<html><head></head><body>\r\nAt noon?</body></html>",
        },
        "start": moment("2026-12-01T11:00:00.0000000"),
        "end": moment("2026-12-01T12:00:00.0000000"),
        "location": {"displayName": "Harry's Bar", "locationType": "default"},
        "locations": [],
        "attendees": [attendee("Bob@Example.com", response="tentativelyAccepted")],
        "organizer": person("Alice@Example.com", "Alice"),
        **changes,
    }


def values_of(**changes: Any) -> dict[Field, Value]:
    return event_from_graph(full_event(**changes)).values


def test_full_event_becomes_values() -> None:
    event = event_from_graph(full_event())
    assert event.values == {
        Field.SUBJECT: "Lunch",
        Field.BODY: "At noon?",
        Field.LOCATION: "Harry's Bar",
        Field.WHEN: {
            "start": "2026-12-01T11:00:00Z",
            "end": "2026-12-01T12:00:00Z",
            "zone": "Europe/Berlin",
            "all_day": False,
        },
        Field.IMPORTANCE: "normal",
        Field.SENSITIVITY: "normal",
        Field.ATTENDEES: [{"email": "bob@example.com", "name": "Somebody", "type": "required"}],
        Field.ONLINE_MEETING: False,
        Field.ONLINE_MEETING_URL: None,
        Field.TALLY: {"bob@example.com": "tentatively_accepted"},
        Field.PROPOSALS: {},
        Field.SHOW_AS: "busy",
        Field.REMINDER: 15,
        Field.CATEGORIES: ["Blue category"],
        Field.RESPONSE: "organizer",
    }
    assert (event.id, event.etag, event.kind) == ("AAMk=", 'W/"one"', Kind.SINGLE)
    assert event.organizer == {"email": "alice@example.com", "name": "Alice"}
    assert (event.is_organizer, event.is_cancelled, event.complete) == (True, False, True)
    assert event.modified_at == datetime(2026, 11, 24, 3, 0, 51, 245372, tzinfo=UTC)
    assert event.created_at == datetime(2026, 11, 24, 3, 0, 50, 757958, tzinfo=UTC)
    assert (event.transaction_id, event.marker, event.series_master_id) == (None, None, None)
    assert event.html == "<html><head></head><body>\r\nAt noon?</body></html>"


def test_occurrence_stub_has_no_values_and_is_not_complete() -> None:
    event = event_from_graph(
        {
            "@odata.type": "#microsoft.graph.event",
            "@odata.etag": 'W/"two"',
            "id": "occurrence",
            "seriesMasterId": "master",
            "type": "occurrence",
            "start": moment("2026-12-01T11:00:00.0000000"),
            "end": moment("2026-12-01T12:00:00.0000000"),
        }
    )
    assert (event.kind, event.series_master_id) == (Kind.OCCURRENCE, "master")
    assert (event.values, event.complete, event.html) == ({}, False, None)


def test_partial_payload_has_only_its_own_fields() -> None:
    event = event_from_graph(
        {"id": "a", "@odata.etag": "e", "subject": "New", "isReminderOn": True}
    )
    assert event.values == {Field.SUBJECT: "New"}
    assert not event.complete


def test_all_day_event_is_dates_whatever_its_zone() -> None:
    when = values_of(
        isAllDay=True,
        originalStartTimeZone="Tokyo Standard Time",
        start=moment("2026-12-01T00:00:00.0000000", "Tokyo Standard Time"),
        end=moment("2026-12-02T00:00:00.0000000", "Tokyo Standard Time"),
    )[Field.WHEN]
    assert when == {"start": "2026-12-01", "end": "2026-12-02", "zone": None, "all_day": True}


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("UTC", "UTC"),
        ("tzone://Microsoft/Utc", "UTC"),
        ("America/New_York", "America/New_York"),
        ("India Standard Time", "Asia/Kolkata"),
        ("tzone://Microsoft/Custom", None),
        ("Customized Time Zone", None),
        ("", None),
    ],
)
def test_zone_is_iana_or_unknown(name: str, zone: str | None) -> None:
    assert values_of(originalStartTimeZone=name)[Field.WHEN]["zone"] == zone


@pytest.mark.parametrize(
    ("stored", "of_the_rule", "zone"),
    [
        ("tzone://Microsoft/Custom", "W. Europe Standard Time", "Europe/Berlin"),
        ("Pacific Standard Time", "W. Europe Standard Time", "America/Los_Angeles"),
        # The clock that everything is shown in when its own has no name.
        ("tzone://Microsoft/Custom", "tzone://Microsoft/Utc", None),
        ("tzone://Microsoft/Custom", "tzone://Microsoft/Custom", None),
        ("tzone://Microsoft/Custom", "", None),
    ],
)
def test_a_rule_names_the_zone_of_its_dates_when_the_start_names_none(
    stored: str, of_the_rule: str, zone: str | None
) -> None:
    when = values_of(
        type="seriesMaster",
        originalStartTimeZone=stored,
        recurrence={
            "pattern": {"type": "daily", "interval": 1},
            "range": {
                "type": "noEnd",
                "startDate": "2026-12-01",
                "recurrenceTimeZone": of_the_rule,
            },
        },
    )[Field.WHEN]
    assert (when["zone"], when["rrule"]) == (zone, "FREQ=DAILY")


def test_time_with_a_label_is_read_in_its_zone() -> None:
    when = values_of(
        start=moment("2026-07-01T09:00:00.0000000", "Pacific Standard Time"),
        end=moment("2026-07-01T19:00:00+02:00", "Nowhere Standard Time"),
    )[Field.WHEN]
    assert (when["start"], when["end"]) == ("2026-07-01T16:00:00Z", "2026-07-01T17:00:00Z")


def test_time_in_an_unknown_zone_stays_unknown() -> None:
    assert Field.WHEN not in values_of(start=moment("2026-07-01T09:00:00", "Nowhere"))


def test_end_before_the_start_is_read_as_the_start() -> None:
    when = values_of(
        start=moment("2026-07-01T09:00:00.0000000"), end=moment("2026-07-01T08:00:00.0000000")
    )[Field.WHEN]
    assert (when["start"], when["end"]) == ("2026-07-01T09:00:00Z", "2026-07-01T09:00:00Z")


def test_subject_and_names_are_cut_where_a_calendar_ends() -> None:
    long = {"emailAddress": {"name": "n" * 300, "address": "bob@example.com"}}
    event = event_from_graph(
        full_event(
            subject="s" * 300,
            attendees=[long],
            organizer=person("alice@example.com", "o" * 300),
        )
    )
    assert event.values[Field.SUBJECT] == "s" * 255
    assert event.values[Field.ATTENDEES] == [
        {"email": "bob@example.com", "name": "n" * 255, "type": "required"}
    ]
    assert event.organizer == {"email": "alice@example.com", "name": "o" * 255}


def test_address_too_long_to_be_one_is_none() -> None:
    longest, too_long = "a" * 248 + "@x.org", "a" * 249 + "@x.org"
    event = event_from_graph(
        full_event(attendees=[attendee(longest), attendee(too_long)], organizer=person(too_long))
    )
    assert [one["email"] for one in event.values[Field.ATTENDEES]] == [longest]
    assert event.organizer["email"] == ""


def test_attendees_are_without_organizer_doubles_and_people_without_address() -> None:
    people = [
        attendee("ALICE@example.com"),
        attendee("bob@example.com", type="optional"),
        attendee("BOB@example.com"),
        attendee(None),
        attendee(""),
        {"type": "resource", "status": None, "emailAddress": {"address": "Room@Example.com"}},
    ]
    values = values_of(attendees=people)
    assert values[Field.ATTENDEES] == [
        {"email": "bob@example.com", "name": "Somebody", "type": "optional"},
        {"email": "room@example.com", "name": "", "type": "resource"},
    ]
    assert values[Field.TALLY] == {"bob@example.com": "none"}


def test_attendees_copy_has_no_tally_and_no_proposals() -> None:
    assert not {Field.TALLY, Field.PROPOSALS} & values_of(isOrganizer=False).keys()


PACIFIC = "Pacific Standard Time"


def test_proposed_times_are_instants_by_address() -> None:
    span = {
        "start": moment("2019-08-16T12:00:00.0000000", PACIFIC),
        "end": moment("2019-08-16T14:00:00", PACIFIC),
    }
    values = values_of(attendees=[{**attendee("Bob@example.com"), "proposedNewTime": span}])
    proposed = {"start": "2019-08-16T19:00:00Z", "end": "2019-08-16T21:00:00Z"}
    assert values[Field.PROPOSALS] == {"bob@example.com": proposed}


@pytest.mark.parametrize(
    "proposal",
    [
        None,
        {},
        {"start": moment("2019-08-16T12:00:00"), "end": None},
        {"start": moment("2019-08-16T12:00:00"), "end": moment("2019-08-16T12:00:00", "Nowhere")},
    ],
)
def test_a_proposal_that_names_no_time_is_none(proposal: Any) -> None:
    values = values_of(attendees=[{**attendee("bob@example.com"), "proposedNewTime": proposal}])
    assert values[Field.PROPOSALS] == {}


@pytest.mark.parametrize(
    ("is_on", "minutes", "reminder"), [(True, 0, 0), (True, 30, 30), (False, 15, "off")]
)
def test_reminder_is_minutes_or_off(is_on: bool, minutes: int, reminder: int | str) -> None:
    values = values_of(isReminderOn=is_on, reminderMinutesBeforeStart=minutes)
    assert values[Field.REMINDER] == reminder


@pytest.mark.parametrize(
    ("word", "ours"),
    [("workingElsewhere", "working_elsewhere"), ("oof", "oof"), ("unknown", "unknown")],
)
def test_words_are_in_our_spelling(word: str, ours: str) -> None:
    assert values_of(showAs=word)[Field.SHOW_AS] == ours


def test_word_that_we_do_not_know_gives_no_value() -> None:
    assert Field.SHOW_AS not in values_of(showAs="onAnotherPlanet")


def test_plain_text_body_has_no_html() -> None:
    event = event_from_graph(full_event(body={"contentType": "text", "content": "a\r\nb"}))
    assert (event.values[Field.BODY], event.html) == ("a\nb", None)


def test_join_text_is_left_out_of_the_body_and_kept_in_the_html() -> None:
    fence = "_" * 80
    html = f"<body>Mine<br><div>{fence}</div><p>Join Teams</p><div>{fence}</div></body>"
    event = event_from_graph(
        full_event(
            isOnlineMeeting=True,
            onlineMeeting={"joinUrl": "https://teams.example/1"},
            body={"contentType": "html", "content": html},
        )
    )
    assert event.values[Field.BODY] == "Mine"
    assert event.values[Field.ONLINE_MEETING_URL] == "https://teams.example/1"
    assert event.html == html


def test_cancelled_copy_keeps_its_subject() -> None:
    event = event_from_graph(full_event(isCancelled=True, subject="Canceled: Canceled: Lunch"))
    assert event.is_cancelled
    assert event.values[Field.SUBJECT] == "Canceled: Canceled: Lunch"


def test_marker_is_found_whatever_the_case_of_its_guid() -> None:
    extra = [{"id": "String {0} Name Other", "value": "x"}, {"id": MARKER_ID.upper(), "value": "m"}]
    assert event_from_graph(full_event(singleValueExtendedProperties=extra)).marker == "m"


def test_meeting_uid_has_no_date_of_an_instance() -> None:
    occurrence = UID[:32] + "07EA0C01" + UID[40:]
    assert meeting_uid(occurrence) == meeting_uid(UID) == UID
    assert meeting_uid(occurrence.lower()) == UID


@pytest.mark.parametrize("uid", ["abc@google.com", "0400", None, ""])
def test_meeting_uid_of_another_form_is_left_alone(uid: str | None) -> None:
    assert meeting_uid(uid) == (uid or None)
