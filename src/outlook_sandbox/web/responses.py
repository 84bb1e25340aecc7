"""The pages over HTTP: mailboxes."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec
from werkzeug.exceptions import HTTPException

from outlook_sandbox.http import Answer, Call, Refusal
from outlook_sandbox.identity.accounts import AccountWish, save_account
from outlook_sandbox.identity.models import Account
from outlook_sandbox.mailbox.exceptions import GraphError
from outlook_sandbox.mailbox.models.body import as_text
from outlook_sandbox.mailbox.models.create import create_event
from outlook_sandbox.mailbox.models.delete import delete_item
from outlook_sandbox.mailbox.models.items import Item, find_item
from outlook_sandbox.mailbox.models.letters import place_text, when_text
from outlook_sandbox.mailbox.models.mailbox import Mailbox
from outlook_sandbox.mailbox.models.respond import RESPONSES, Reply, respond
from outlook_sandbox.mailbox.models.update import update_item
from outlook_sandbox.mailbox.models.zones import iana_names
from outlook_sandbox.web import event_form
from outlook_sandbox.web.calendar_page import LIST_DAYS, build_days, shown_hours, week_of, zone_of
from outlook_sandbox.web.templating import page, static_file

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.sandbox import Sandbox

CAUSE = "Outlook page"
_TYPES = {"css": "text/css; charset=utf-8", "svg": "image/svg+xml"}


def _open(sandbox: "Sandbox", email: str) -> tuple[Account, Mailbox]:
    account = sandbox.directory.account_by_email(email)
    mailbox = sandbox.state.mailboxes.get(account.id) if account else None
    if account is None or mailbox is None or not account.mailbox:
        text = f"There is no mailbox {email} in this sandbox."
        raise Refusal(page("problem.html", 404, title="No such mailbox", text=text))
    sandbox.cause = CAUSE
    return account, mailbox


def _find(mailbox: Mailbox, item_id: str) -> Item:
    try:
        return find_item(mailbox, item_id)
    except GraphError as failure:
        text = "It may have been deleted, or declined."
        answer = page("problem.html", 404, title="This event is no longer here", text=text)
        raise Refusal(answer) from failure


def _page(
    sandbox: "Sandbox", account: Account, name: str, status: int = 200, **values: Any
) -> Answer:
    """A page inside the frame of a mailbox."""
    return page(
        name,
        status,
        account=account,
        base=f"/outlook/{quote(account.email)}",
        mailbox=sandbox.state.mailboxes[account.id],
        zone=zone_of(sandbox.state.mailboxes[account.id]),
        received=len(_received(sandbox, account)),
        names={a.email.casefold(): a.name for a in sandbox.directory.accounts.values()},
        **values,
    )


def _go(path: str) -> Answer:
    return Answer.redirect(path, 303)


def home(sandbox: "Sandbox", call: Call) -> Answer:
    problem = call.query.get("problem")
    accounts = sorted(sandbox.directory.accounts.values(), key=lambda a: a.name.casefold())
    return page("home.html", accounts=accounts, problem=problem)


def add_account(sandbox: "Sandbox", call: Call) -> Answer:
    form = call.form
    try:
        wish = AccountWish(
            email=form.get("email", "").strip(),
            name=form.get("name", "").strip() or None,
            kind="personal" if form.get("kind") == "personal" else "work",
        )
        save_account(sandbox, wish)
    except (ValueError, msgspec.MsgspecError) as failure:
        return _go("/?problem=" + quote(str(failure)))
    return _go("/")


def static(sandbox: "Sandbox", call: Call, name: str) -> Answer:  # noqa: ARG001 (same shape as the others)
    if name not in ("sandbox.css", "icon.svg"):
        raise Refusal(Answer(404))
    headers = {"Content-Type": _TYPES[name.rpartition(".")[2]], "Cache-Control": "no-cache"}
    return Answer(200, static_file(name), headers)


def problem(failure: HTTPException) -> Answer:
    text = "There is nothing at this address."
    return page("problem.html", failure.code or 500, title=failure.name, text=text)


def _today(sandbox: "Sandbox", mailbox: Mailbox) -> date:
    return sandbox.now().astimezone(zone_of(mailbox)).date()


def calendar(sandbox: "Sandbox", call: Call, email: str) -> Answer:
    account, mailbox = _open(sandbox, email)
    today = _today(sandbox, mailbox)
    try:
        on = date.fromisoformat(call.query.get("date", ""))
    except ValueError:
        on = today
    as_list = call.query.get("view") == "list"
    first = on if as_list else week_of(on)
    step = timedelta(days=LIST_DAYS if as_list else 7)
    days = build_days(mailbox, first, step.days)
    return _page(
        sandbox,
        account,
        "calendar.html",
        view="list" if as_list else "week",
        section="calendar",
        days=[day for day in days if day.blocks] if as_list else days,
        hours=shown_hours(days),
        first=first,
        last=first + step - timedelta(days=1),
        before=first - step,
        after=first + step,
        on=on,
        today=today,
        now=sandbox.now().astimezone(zone_of(mailbox)),
        zones=_zones(mailbox.time_zone),
    )


def _zones(present: str) -> list[str]:
    names = sorted(n for n in iana_names().values() if "/" in n or n == "UTC")
    return names if present in names else [present, *names]


def set_time_zone(sandbox: "Sandbox", call: Call, email: str) -> Answer:
    account, mailbox = _open(sandbox, email)
    zone = call.form.get("zone", "UTC")
    if zone in _zones(mailbox.time_zone):
        mailbox.time_zone = zone
    return _go(f"/outlook/{quote(account.email)}/calendar")


def _form_page(
    sandbox: "Sandbox", account: Account, form: event_form.EventForm, **values: Any
) -> Answer:
    mailbox = sandbox.state.mailboxes[account.id]
    status = 400 if values.get("problem") else 200
    return _page(
        sandbox,
        account,
        "event_form.html",
        status,
        form=form,
        section="calendar",
        zones=_zones(form.zone),
        calendars=list(mailbox.calendars.values()),
        choices=event_form,
        **({"problem": None, "item": None} | values),
    )


def new_event(sandbox: "Sandbox", call: Call, email: str) -> Answer:
    account, mailbox = _open(sandbox, email)
    if call.method == "GET":
        start = _suggested(sandbox, mailbox, call)
        calendar_id = mailbox.default_calendar.id
        blank = event_form.blank_form(start, mailbox.time_zone, calendar_id)
        return _form_page(sandbox, account, blank)
    form = event_form.read_form(call.form)
    try:
        folder = mailbox.calendars.get(form.calendar) or mailbox.default_calendar
        event = create_event(sandbox, account, mailbox, folder, event_form.new_event(form))
    except GraphError as failure:
        return _form_page(sandbox, account, form, problem=failure.message)
    except ValueError as failure:
        return _form_page(sandbox, account, form, problem=str(failure))
    return _shown_in_calendar(account, Item(event))


def _suggested(sandbox: "Sandbox", mailbox: Mailbox, call: Call) -> datetime:
    try:
        return datetime.fromisoformat(call.query.get("start", "")).replace(tzinfo=None)
    except ValueError:
        now = sandbox.now().astimezone(zone_of(mailbox)).replace(tzinfo=None)
        return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def _shown_in_calendar(account: Account, item: Item) -> Answer:
    day = item.content["start"]["dateTime"][:10]
    return _go(f"/outlook/{quote(account.email)}/calendar?date={day}")


def show_event(sandbox: "Sandbox", call: Call, email: str, item_id: str) -> Answer:  # noqa: ARG001 (same shape as the others)
    account, mailbox = _open(sandbox, email)
    item = _find(mailbox, item_id)
    return _page(
        sandbox,
        account,
        "event.html",
        item=item,
        section="calendar",
        when=when_text(item),
        place=place_text(item),
        text=as_text(item.content["body"]).replace("\r\n", "\n"),
        folder=mailbox.calendars[item.event.calendar_id].name,
    )


def edit_event(sandbox: "Sandbox", call: Call, email: str, item_id: str) -> Answer:
    account, mailbox = _open(sandbox, email)
    item = _find(mailbox, item_id)
    before = event_form.form_of(item)
    if call.method == "GET":
        return _form_page(sandbox, account, before, item=item)
    form = event_form.read_form(call.form)
    try:
        change = event_form.with_join_block(event_form.changes(before, form), item)
        if change:
            item = update_item(sandbox, account, mailbox, item, change)
        if item.day is None and form.calendar not in ("", item.event.calendar_id):
            mailbox.move(sandbox, item.event, mailbox.calendar(form.calendar))
    except GraphError as failure:
        return _form_page(sandbox, account, form, item=item, problem=failure.message)
    except ValueError as failure:
        return _form_page(sandbox, account, form, item=item, problem=str(failure))
    return _shown_in_calendar(account, item)


def delete_event(sandbox: "Sandbox", call: Call, email: str, item_id: str) -> Answer:
    account, mailbox = _open(sandbox, email)
    item = _find(mailbox, item_id)
    comment = call.form.get("comment", "").strip() or None
    delete_item(sandbox, account, mailbox, item, comment=comment)
    return _shown_in_calendar(account, item)


def respond_event(sandbox: "Sandbox", call: Call, email: str, item_id: str) -> Answer:
    account, mailbox = _open(sandbox, email)
    item = _find(mailbox, item_id)
    response = RESPONSES.get(call.form.get("response", "").casefold())
    if response is None:
        raise Refusal(page("problem.html", 400, title="No such answer", text="Go back and choose."))
    comment = call.form.get("comment", "").strip() or None
    reply = Reply(response=response, comment=comment, send="send" in call.form)
    try:
        respond(sandbox, account, mailbox, item, reply)
    except GraphError as failure:
        answer = page("problem.html", 400, title="Not possible", text=failure.message)
        raise Refusal(answer) from failure
    return _shown_in_calendar(account, item)


def _received(sandbox: "Sandbox", account: Account) -> list[Any]:
    now, address = sandbox.now(), account.email.casefold()
    return [
        mail
        for mail in reversed(sandbox.state.mail)
        if mail.recipient.casefold() == address and mail.due_at <= now
    ]


def inbox(sandbox: "Sandbox", call: Call, email: str) -> Answer:  # noqa: ARG001 (same shape as the others)
    account, _ = _open(sandbox, email)
    mails = _received(sandbox, account)
    return _page(sandbox, account, "mails.html", section="inbox", title="Inbox", mails=mails)


def sent(sandbox: "Sandbox", call: Call, email: str) -> Answer:  # noqa: ARG001 (same shape as the others)
    account, _ = _open(sandbox, email)
    address = account.email.casefold()
    mails = [m for m in reversed(sandbox.state.mail) if m.sender.casefold() == address]
    return _page(sandbox, account, "mails.html", section="sent", title="Sent items", mails=mails)


def show_mail(sandbox: "Sandbox", call: Call, email: str, mail_id: str) -> Answer:  # noqa: ARG001 (same shape as the others)
    account, mailbox = _open(sandbox, email)
    address = account.email.casefold()
    for mail in sandbox.state.mail:
        if mail.id == mail_id and address in (mail.sender.casefold(), mail.recipient.casefold()):
            copies = mailbox.copies_of(
                f"{mail.ical_uid[:32]}00000000{mail.ical_uid[40:]}" if mail.ical_uid else ""
            )
            section = "inbox" if mail.recipient.casefold() == address else "sent"
            event = copies[0] if copies else None
            return _page(sandbox, account, "mail.html", section=section, mail=mail, event=event)
    raise Refusal(page("problem.html", 404, title="No such mail", text="It is not here."))
