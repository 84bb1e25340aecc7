"""Online meetings: the join block in the body and the way back (event.md §10)."""

from typing import TYPE_CHECKING
from urllib.parse import quote

from outlook_sandbox.http import Json
from outlook_sandbox.mailbox.models.body import inner_html, wrap
from outlook_sandbox.mailbox.models.event import Event

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.identity.models import Account
    from outlook_sandbox.sandbox import Sandbox

_LINE = (
    '<div style="width:100%; height:20px"><span style="white-space:nowrap; color:gray">'
    + "_" * 80
    + "</span>\n</div>"
)


def settle_online_meeting(sandbox: "Sandbox", account: "Account", event: Event) -> None:
    """Gives an event that asks for it a Teams meeting; asking in vain is silently ignored."""
    content = event.content
    if event.online_meeting is not None:
        _keep_or_end(event)
        return
    if not content["isOnlineMeeting"]:
        content["onlineMeetingProvider"] = "unknown"
        return
    if not account.teams or not event.is_organizer:
        content["isOnlineMeeting"] = False
        content["onlineMeetingProvider"] = "unknown"
        return
    content["onlineMeetingProvider"] = "teamsForBusiness"
    event.online_meeting = _meeting(sandbox, account)
    content["body"] = wrap(inner_html(content["body"]) + "\n" + join_block(event.online_meeting))


def _keep_or_end(event: Event) -> None:
    """It cannot be switched off by property, only by taking the block out of the body."""
    assert event.online_meeting is not None
    if event.online_meeting["joinUrl"] in event.content["body"]:
        event.content["isOnlineMeeting"] = True
        event.content["onlineMeetingProvider"] = "teamsForBusiness"
    else:
        event.content["isOnlineMeeting"] = False
        event.content["onlineMeetingProvider"] = "unknown"
        event.online_meeting = None


def _meeting(sandbox: "Sandbox", account: "Account") -> Json:
    thread = sandbox.random.token(36)
    context = quote(f'{{"Tid":"{account.tenant_id}","Oid":"{account.id}"}}')
    number = sandbox.random.between(100_000_000, 999_999_999)
    return {
        "joinUrl": (
            f"https://teams.microsoft.com/l/meetup-join/19%3ameeting_{thread}%40thread.v2/0"
            f"?context={context}"
        ),
        "conferenceId": str(number),
        "tollNumber": "+1 323-555-0166",
    }


def join_block(meeting: Json) -> str:
    return (
        f'{_LINE}\n<div class="me-email-text">\n<div><a class="me-email-headline" '
        f'href="{meeting["joinUrl"]}" target="_blank" rel="noreferrer noopener">'
        "Join Microsoft Teams Meeting</a> </div>\n"
        f"<div>{meeting['tollNumber']} &nbsp; United States, Los Angeles (Toll)</div>\n"
        f"<div>Conference ID: {meeting['conferenceId']}# </div>\n</div>\n{_LINE}"
    )
