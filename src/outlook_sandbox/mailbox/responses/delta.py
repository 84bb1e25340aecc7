"""calendarView/delta over HTTP (delta.md §2, §3)."""

from urllib.parse import quote

from outlook_sandbox.http import Answer, Json
from outlook_sandbox.mailbox.exceptions import bad_request, sync_state_not_found
from outlook_sandbox.mailbox.models.delta import (
    first_cursor,
    next_round,
    read_page,
    read_token,
)
from outlook_sandbox.mailbox.models.times import read_window
from outlook_sandbox.mailbox.visit import Visit

_REFUSED = ("$expand", "$filter", "$orderby", "$search", "$top")


def calendar_view_delta(visit: Visit) -> Answer:
    given = {name.casefold(): text for name, text in visit.call.query.items()}
    for name in _REFUSED:
        if name in given:
            raise bad_request(f"The query option '{name}' is not supported with delta.")
    sandbox, mailbox = visit.sandbox, visit.mailbox
    if "$skiptoken" in given:
        if sandbox.switches.delta_expires_mid_round:
            raise sync_state_not_found()
        cursor = read_token(mailbox, given["$skiptoken"])
    elif "$deltatoken" in given:
        cursor = next_round(sandbox, mailbox, read_token(mailbox, given["$deltatoken"]))
    else:
        low = read_window(given.get("startdatetime"), "StartDateTime")
        high = read_window(given.get("enddatetime"), "EndDateTime")
        cursor = first_cursor(sandbox, mailbox, visit.calendar.id, low, high)
    page = read_page(sandbox, mailbox, cursor, visit.prefer)
    link, parameter = ("deltaLink", "deltatoken") if page.done else ("nextLink", "skiptoken")
    path = quote(visit.call.path, safe="/()=:,@")
    body: Json = {
        "@odata.context": f"{visit.call.base_url}/v1.0/$metadata#Collection(event)",
        f"@odata.{link}": f"{visit.call.base_url}{path}?${parameter}={page.cursor.token()}",
        "value": page.items,
    }
    visit.prefer.applied.insert(0, "odata.track-changes")
    return Answer.json(body, headers=visit.prefer.header())
