"""The inbox, to be read: mail of meetings as messages (operations.md §4)."""

import base64
import dataclasses
import uuid
from urllib.parse import parse_qsl, urlencode

from outlook_sandbox.http import Answer, Json
from outlook_sandbox.mail import Mail, MailKind
from outlook_sandbox.mailbox import odata
from outlook_sandbox.mailbox.exceptions import bad_request, item_not_found
from outlook_sandbox.mailbox.models.body import stored_body
from outlook_sandbox.mailbox.models.items import Item
from outlook_sandbox.mailbox.models.letters import answer_of
from outlook_sandbox.mailbox.models.mailbox import check_id
from outlook_sandbox.mailbox.models.render import render
from outlook_sandbox.mailbox.models.times import write_instant
from outlook_sandbox.mailbox.visit import Visit

EXPANDED = "microsoft.graph.eventmessage/event"
_TYPES = {
    MailKind.INVITATION: ("eventMessageRequest", "meetingRequest"),
    MailKind.UPDATE: ("eventMessageRequest", "meetingRequest"),
    MailKind.CANCELLATION: ("eventMessage", "meetingCancelled"),
}
_ANSWERS = {
    "accepted": "meetingAccepted",
    "tentativelyAccepted": "meetingTenativelyAccepted",  # Microsoft's own spelling
    "declined": "meetingDeclined",
}


def message_id(mail: Mail) -> str:
    code = base64.urlsafe_b64encode(uuid.UUID(mail.id).bytes).decode().rstrip("=")
    return f"AAMkA{code}AAA="


def _inbox(visit: Visit) -> list[Mail]:
    """What has arrived, newest first."""
    now, address = visit.sandbox.now(), visit.account.email.casefold()
    assert visit.mailbox  # an account without a mailbox is refused here
    return [
        mail
        for mail in reversed(visit.sandbox.state.mail)
        if mail.recipient.casefold() == address and mail.due_at <= now
    ]


def _person(visit: Visit, address: str) -> Json:
    account = visit.sandbox.directory.account_by_email(address)
    name = account.name if account else address
    return {"emailAddress": {"name": name, "address": address}}


def _kind(mail: Mail) -> Json:
    if mail.kind is MailKind.NOTICE:
        return {"@odata.type": "#microsoft.graph.message"}
    if mail.kind is MailKind.RESPONSE:
        kind, meaning = "eventMessageResponse", _ANSWERS[answer_of(mail.subject)]
    else:
        kind, meaning = _TYPES[mail.kind]
    return {"@odata.type": f"#microsoft.graph.{kind}", "meetingMessageType": meaning}


def render_message(visit: Visit, mail: Mail) -> Json:
    own_id = message_id(mail)
    sender = _person(visit, mail.sender)
    kind = _kind(mail)
    text = mail.text if mail.comment is None else mail.comment
    return {
        "@odata.type": kind.pop("@odata.type"),
        "@odata.etag": f'W/"{own_id[5:29]}"',
        "id": own_id,
        "createdDateTime": write_instant(mail.due_at),
        "lastModifiedDateTime": write_instant(mail.due_at),
        "changeKey": own_id[5:29],
        "categories": [],
        "receivedDateTime": write_instant(mail.due_at),
        "sentDateTime": write_instant(mail.at),
        "hasAttachments": False,
        "internetMessageId": f"<{mail.id}@{visit.account.domain}>",
        "subject": mail.subject,
        "bodyPreview": text[:255],
        "importance": "normal",
        "parentFolderId": visit.mailbox.default_calendar.id,
        "conversationId": own_id,
        "conversationIndex": own_id[5:27],
        "isDeliveryReceiptRequested": None,
        "isReadReceiptRequested": False,
        "isRead": False,
        "isDraft": False,
        "webLink": f"{visit.call.base_url}/outlook/{visit.account.email}/mail/{mail.id}",
        "inferenceClassification": "focused",
        **kind,
        "body": {"contentType": "html", "content": stored_body("text", text)},
        "sender": sender,
        "from": sender,
        "toRecipients": [_person(visit, mail.recipient)],
        "ccRecipients": [],
        "bccRecipients": [],
        "replyTo": [],
        "flag": {"flagStatus": "notFlagged"},
    }


def _options(visit: Visit) -> tuple[odata.Options, bool]:
    """The query options, and whether the event is to be expanded."""
    query = parse_qsl(visit.call.query_string, keep_blank_values=True)
    expands = [text.casefold() for name, text in query if name.casefold() == "$expand"]
    if any(text != EXPANDED for text in expands):
        raise bad_request(f"Could not find a property to expand in '{expands[0]}'.")
    rest = urlencode([pair for pair in query if pair[0].casefold() != "$expand"])
    call = dataclasses.replace(visit.call, query_string=rest)
    options = odata.read_options(visit.sandbox, call)
    options.given = query
    return options, bool(expands)


def _shown(visit: Visit, mail: Mail, options: odata.Options, *, expands: bool) -> Json:
    value = odata.selected(render_message(visit, mail), options.select)
    uid = mail.ical_uid
    copies = visit.mailbox.copies_of(f"{uid[:32]}00000000{uid[40:]}") if uid else []
    if expands and copies:
        value["event"] = render(Item(copies[0]), visit.prefer)
        value["event@odata.context"] = (
            f"{visit.call.base_url}/v1.0/$metadata#{visit.context('messages')}"
            f"('{value['id']}')/microsoft.graph.eventMessage/event/$entity"
        )
    return value


def list_messages(visit: Visit) -> Answer:
    options, expands = _options(visit)
    mails = {message_id(mail): mail for mail in _inbox(visit)}
    rendered = [render_message(visit, mail) for mail in mails.values()]
    found = odata.arranged(rendered, options)
    end = options.skip + (options.top or odata.DEFAULT_PAGE)
    page = found[options.skip : end]
    body: Json = {
        "@odata.context": f"{visit.call.base_url}/v1.0/$metadata#{visit.context('messages')}",
        "value": [_shown(visit, mails[one["id"]], options, expands=expands) for one in page],
    }
    if end < len(found):
        body["@odata.nextLink"] = odata.next_link(visit.call, options, end)
    return Answer.json(body, headers=visit.prefer.header())


def get_message(visit: Visit) -> Answer:
    options, expands = _options(visit)
    check_id(visit.parts[0])
    for mail in _inbox(visit):
        if message_id(mail) == visit.parts[0]:
            context = f"{visit.call.base_url}/v1.0/$metadata#{visit.context('messages/$entity')}"
            value = _shown(visit, mail, options, expands=expands)
            return Answer.json({"@odata.context": context} | value, headers=visit.prefer.header())
    raise item_not_found()
