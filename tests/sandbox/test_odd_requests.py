"""Every other endpoint, whatever is sent to it: taken or refused, never a fault of the sandbox."""

import json
from typing import Any
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.ledger import covers
from sandbox.test_strictness import json_values
from sandbox.world import CLIENT, REDIRECT, SCOPE, World, at, event

world = World()
world.switch(request_budget=0)
ana = world.sign_in(world.account("ana@contoso.com")["email"], scope=SCOPE + " Mail.Read")
EVENT = f"/me/events/{ana.create(event('Odd'))['id']}"
ana.post(EVENT + "/extensions", {"extensionName": "com.x"}, 201)
CATEGORY = ana.post("/me/outlook/masterCategories", {"displayName": "Red"}, 201)["id"]
CALENDAR = ana.post("/me/calendars", {"name": "Side"}, 201)["id"]
WHOLE: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", EVENT + "/extensions"): {"extensionName": "com.y", "colour": "red"},
    ("PATCH", EVENT + "/extensions/com.x"): {"colour": "red"},
    ("POST", EVENT + "/attachments"): {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": "a",
        "contentType": "text/plain",
        "isInline": False,
        "contentBytes": "aGVsbG8=",
    },
    ("PATCH", "/me/mailboxSettings"): {"timeZone": "UTC", "workingHours": {}, "language": {}},
    ("POST", "/me/outlook/masterCategories"): {"displayName": "Blue", "color": "preset1"},
    ("PATCH", f"/me/outlook/masterCategories/{CATEGORY}"): {"color": "preset2"},
    ("POST", "/me/calendars"): {"name": "Other", "color": "lightBlue"},
    ("PATCH", f"/me/calendars/{CALENDAR}"): {"name": "Side", "color": "auto", "hexColor": ""},
    ("POST", "/me/translateExchangeIds"): {
        "inputIds": [EVENT.rpartition("/")[2]],
        "sourceIdType": "restId",
        "targetIdType": "restImmutableEntryId",
    },
    ("POST", "/me/calendar/getSchedule"): {
        "schedules": ["ana@contoso.com"],
        "startTime": at("2026-12-01T08:00"),
        "endTime": at("2026-12-01T12:00"),
        "availabilityViewInterval": 30,
    },
    ("POST", "/subscriptions"): {
        "changeType": "created",
        "resource": "me/events",
        "notificationUrl": "http://127.0.0.1:9/hook",
        "expirationDateTime": "2026-12-01T00:00:00Z",
        "clientState": "x",
        "latestSupportedTlsVersion": "v1_2",
        "includeResourceData": False,
    },
    ("POST", EVENT + "/forward"): {"toRecipients": [{"emailAddress": {"address": "x@y.z"}}]},
    ("POST", EVENT + "/snoozeReminder"): {"newReminderTime": at("2026-12-01T08:00")},
}
fuzz = settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)


@covers("operations.never-500")
@fuzz
@given(where=st.sampled_from(sorted(WHOLE)), data=st.data())
def test_bodies(where: tuple[str, str], data: st.DataObject) -> None:
    method, path = where
    value: Any = data.draw(json_values)
    if data.draw(st.booleans()):
        name = data.draw(st.sampled_from(sorted(WHOLE[where])))
        value = WHOLE[where] | {name: value}
    response = ana.request(method, path, value)
    assert response.status_code < 500, response.text
    for read in ("/me/mailboxSettings", "/me/calendars", "/me/outlook/masterCategories"):
        assert ana.request("GET", read).status_code == 200
    assert ana.request("GET", EVENT + "?$expand=extensions,attachments").status_code == 200


@covers("operations.robust")
@fuzz
@given(
    path=st.sampled_from(
        [
            "/me/messages",
            "/me/calendars",
            "/me/reminderView",
            "/me",
            EVENT,
            EVENT + "/instances",
            "/me/calendarView/delta",
            "/me/outlook/supportedTimeZones",
        ]
    ),
    name=st.sampled_from(
        ["$select", "$expand", "$filter", "$orderby", "$top", "$skip", "$deltatoken", "$skiptoken"]
    ),
    text=st.text(max_size=20),
)
def test_queries(path: str, name: str, text: str) -> None:
    assert ana.request("GET", f"{path}?{name}={quote(text)}").status_code in (200, 400)


@covers("operations.robust")
@fuzz
@given(text=st.text(max_size=30))
def test_paths(text: str) -> None:
    for prefix in ("/me/", "/users/", "/me/events/", "/me/calendars/", "/me/messages/", "/"):
        response = ana.request("GET", prefix + quote(text, safe="/()'"))
        assert response.status_code in (200, 400, 403, 404, 405)


FORM = CLIENT | {
    "grant_type": "authorization_code",
    "code": "x",
    "redirect_uri": REDIRECT,
    "scope": SCOPE,
    "refresh_token": ana.refresh_token,
    "code_verifier": "v" * 43,
}


@covers("identity.robust")
@fuzz
@given(
    grant=st.sampled_from(["authorization_code", "refresh_token"]),
    name=st.sampled_from(sorted(FORM)),
    text=st.text(max_size=30),
    raw=st.binary(max_size=40),
)
def test_token_requests(grant: str, name: str, text: str, raw: bytes) -> None:
    url = "/common/oauth2/v2.0/token"
    response = world.http.post(url, data=FORM | {"grant_type": grant} | {name: text})
    assert response.status_code < 500
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert world.http.post(url, content=raw, headers=headers).status_code < 500
    basic = {"Authorization": "Basic " + json.dumps(text)}
    assert world.http.post(url, data=FORM, headers=basic).status_code < 500


@covers("identity.robust")
@fuzz
@given(
    name=st.sampled_from(
        [
            "response_type",
            "response_mode",
            "prompt",
            "login_hint",
            "domain_hint",
            "scope",
            "state",
            "nonce",
            "code_challenge",
            "code_challenge_method",
            "redirect_uri",
            "client_id",
        ]
    ),
    text=st.text(max_size=30),
    raw=st.binary(max_size=40),
)
def test_authorize_requests(name: str, text: str, raw: bytes) -> None:
    url = "/common/oauth2/v2.0/authorize"
    query = world.authorize_parameters() | {name: text}
    assert world.http.get(url, params=query).status_code in (200, 302, 400)
    for path in (url, "/common/sign-in", "/common/consent", "/common/v2.0/adminconsent"):
        assert world.http.post(path, content=raw).status_code in (200, 302, 400)
