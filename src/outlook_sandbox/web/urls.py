"""Paths of the pages."""

from werkzeug.routing import Map, Rule

_MAILBOX = "/outlook/<email>"

URLS = Map(
    [
        Rule("/", endpoint="home", methods=["GET"]),
        Rule("/outlook/", endpoint="home", methods=["GET"]),
        Rule("/outlook/accounts", endpoint="add_account", methods=["POST"]),
        Rule("/static/<name>", endpoint="static", methods=["GET"]),
        Rule(_MAILBOX, endpoint="calendar", methods=["GET"]),
        Rule(f"{_MAILBOX}/calendar", endpoint="calendar", methods=["GET"]),
        Rule(f"{_MAILBOX}/time-zone", endpoint="set_time_zone", methods=["POST"]),
        Rule(f"{_MAILBOX}/events/new", endpoint="new_event", methods=["GET", "POST"]),
        Rule(f"{_MAILBOX}/events/<item_id>", endpoint="show_event", methods=["GET"]),
        Rule(f"{_MAILBOX}/events/<item_id>/edit", endpoint="edit_event", methods=["GET", "POST"]),
        Rule(f"{_MAILBOX}/events/<item_id>/delete", endpoint="delete_event", methods=["POST"]),
        Rule(f"{_MAILBOX}/events/<item_id>/respond", endpoint="respond_event", methods=["POST"]),
        Rule(f"{_MAILBOX}/inbox", endpoint="inbox", methods=["GET"]),
        Rule(f"{_MAILBOX}/sent", endpoint="sent", methods=["GET"]),
        Rule(f"{_MAILBOX}/mail/<mail_id>", endpoint="show_mail", methods=["GET"]),
        Rule("/console", endpoint="requests", methods=["GET"]),
        Rule("/console/requests", endpoint="requests", methods=["GET"]),
        Rule("/console/requests/clear", endpoint="clear_requests", methods=["POST"]),
        Rule("/console/faults", endpoint="faults", methods=["GET", "POST"]),
        Rule("/console/faults/clear", endpoint="clear_faults", methods=["POST"]),
        Rule("/console/switches", endpoint="switches", methods=["GET", "POST"]),
        Rule("/console/clock", endpoint="clock", methods=["GET", "POST"]),
    ],
    strict_slashes=False,
)
