"""System query options on collections of events (operations.md §7)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urlencode

from outlook_sandbox.http import Answer, Call, Json
from outlook_sandbox.mailbox.exceptions import GraphError, access_denied, bad_request
from outlook_sandbox.mailbox.expand import Expansion, expand, parse_expand
from outlook_sandbox.mailbox.models.event import Event
from outlook_sandbox.mailbox.models.filter import Filter, parse_filter, value_at
from outlook_sandbox.mailbox.models.items import Item
from outlook_sandbox.mailbox.models.render import render
from outlook_sandbox.mailbox.models.rows import Row
from outlook_sandbox.mailbox.visit import Visit

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.sandbox import Sandbox

T = TypeVar("T")
DEFAULT_PAGE = 10
MAXIMUM_PAGE = 1000
LISTS = 16
"""How many answers are remembered while they are being paged through."""
_FINDING = frozenset({"$filter", "$orderby", "startdatetime", "enddatetime"})
"""The options that decide what is found and in which order."""
ON_REQUEST = frozenset({"cancelledoccurrences", "exceptionoccurrences"})
_NOT_BASIC = ("body", "bodyPreview")
"""What Calendars.ReadBasic does not show (identity.md §6)."""
_KNOWN = frozenset(
    name.casefold()
    for name in ("$select", "$filter", "$orderby", "$top", "$skip", "$count", "$expand", "$format")
)


@dataclass(slots=True)
class Options:
    select: list[str] = field(default_factory=list)
    filter: Filter | None = None
    order: list[tuple[str, bool]] = field(default_factory=list)
    """Paths, and whether each is descending."""
    top: int | None = None
    skip: int = 0
    count: bool = False
    expand: list[Expansion] = field(default_factory=list)
    given: list[tuple[str, str]] = field(default_factory=list)
    """Everything of the query string, for the nextLink."""


def read_options(sandbox: "Sandbox", call: Call) -> Options:
    options = Options()
    query = call.query
    for name, text in query.items():
        folded = name.casefold()
        if folded.startswith("$") and folded not in _KNOWN:
            raise bad_request(f"The query option '{name}' is not supported.")
        options.given.append((name, text))
    given = {name.casefold(): text for name, text in query.items()}
    if "$select" in given:
        options.select = [name.strip() for name in given["$select"].split(",") if name.strip()]
    if given.get("$filter"):
        options.filter = parse_filter(given["$filter"])
    if given.get("$orderby"):
        options.order = _order(given["$orderby"])
    options.top = _number(given, "$top", 1, MAXIMUM_PAGE)
    options.skip = _number(given, "$skip", 0, 2**31) or 0
    options.count = given.get("$count", "").casefold() == "true"
    if given.get("$expand"):
        options.expand = parse_expand(given["$expand"])
    _check_order(sandbox, options)
    return options


def _order(text: str) -> list[tuple[str, bool]]:
    order = []
    for part in text.split(","):
        path, _, direction = part.strip().partition(" ")
        if direction.strip().casefold() not in ("", "asc", "desc"):
            raise bad_request(f"Invalid $orderby clause: {text}")
        order.append((path, direction.strip().casefold() == "desc"))
    return order


def _number(given: dict[str, str], name: str, low: int, high: int) -> int | None:
    if name not in given:
        return None
    text = given[name]
    if not text.isdecimal() or not low <= int(text) <= high:
        raise bad_request(f"Invalid value '{text}' for the query option '{name}'.")
    return int(text)


def _check_order(sandbox: "Sandbox", options: Options) -> None:
    if not sandbox.switches.inefficient_filter or not options.filter or not options.order:
        return
    if (options.filter.first_path or "").casefold() != options.order[0][0].casefold():
        message = "The restriction or sort order is too complex for this operation."
        raise GraphError(400, "InefficientFilter", message)


def selected(value: Json, select: list[str], *, hidden: frozenset[str] = frozenset()) -> Json:
    """Id and etag always come (operations.md §7)."""
    if not select or select == ["*"]:
        return value
    wanted = {name.casefold() for name in select} | {"id"}
    if "onlinemeeting" in wanted and "isonlinemeeting" not in wanted and "view" in hidden:
        wanted.discard("onlinemeeting")
    wanted -= hidden
    return {
        name: part
        for name, part in value.items()
        if name.casefold() in wanted or name.startswith("@") or name.split("@")[0] in _EXPANDED
    }


_EXPANDED = ("singleValueExtendedProperties", "extensions", "exceptionOccurrences", "attachments")


def show(
    visit: Visit, item: Item, options: Options, *, hidden: frozenset[str] = frozenset()
) -> Json:
    value = render(item, visit.prefer)
    names = {name.casefold() for name in options.select}
    if visit.reads_basics_only:
        if options.expand:
            raise access_denied()
        for name in _NOT_BASIC:
            del value[name]
    expand(value, item, options.expand, names & ON_REQUEST, visit.prefer)
    return selected(value, options.select, hidden=hidden)


def filtered(items: Iterable[Item], options: Options) -> Iterator[Item]:
    if options.filter is None and not options.order:
        return iter(items)
    return (row.item for row in arranged([Row(item) for item in items], options))


def arranged(elements: list[T], options: Options) -> list[T]:
    """What the filter accepts of JSON objects or rows, in the order that is asked for."""
    if options.filter is not None:
        elements = [element for element in elements if options.filter.accepts(element)]
    for path, descending in reversed(options.order):
        elements.sort(key=lambda element: _sortable(value_at(element, path)), reverse=descending)
    return elements


def _sortable(value: Any) -> tuple[bool, Any]:
    return value is not None, value if isinstance(value, datetime) else str(value).casefold()


def page_of_items(
    visit: Visit,
    items: Callable[[], Iterable[Item]],
    *,
    context: str,
    hidden: frozenset[str] = frozenset(),
) -> Answer:
    """One page, with a nextLink that uses `$skip` (operations.md §7)."""
    call, prefer = visit.call, visit.prefer
    options = read_options(visit.sandbox, call)
    size = options.top or prefer.page_size or DEFAULT_PAGE
    end = options.skip + size
    total = None
    if options.skip or options.filter or options.order or options.count:
        everything = _remembered(visit, items, options)
        total = len(everything) if options.count else None
        page = [Item(event, day) for event, day in everything[options.skip : end + 1]]
    else:
        page = list(islice(items(), size + 1))
    suffix = f"({','.join(options.select)})" if options.select else ""
    body: Json = {"@odata.context": f"{call.base_url}/v1.0/$metadata#{context}{suffix}"}
    if total is not None:
        body["@odata.count"] = total
    body["value"] = [show(visit, i, options, hidden=hidden) for i in page[:size]]
    if len(page) > size:
        body["@odata.nextLink"] = next_link(call, options, end)
    return Answer.json(body, headers=prefer.header())


def _remembered(
    visit: Visit, items: Callable[[], Iterable[Item]], options: Options
) -> list[tuple[Event, date | None]]:
    """Everything that is paged through, kept while the mailbox does not change: the pages after
    the first cost what is on them, however large the mailbox is."""
    mailbox, lists = visit.mailbox, visit.sandbox.lists
    question = tuple(pair for pair in options.given if pair[0].casefold() in _FINDING)
    key = (mailbox.account_id, mailbox.seq, visit.call.path, question)
    if key not in lists:
        found = filtered(items(), options)
        if len(lists) >= LISTS:
            del lists[next(iter(lists))]
        lists[key] = [(item.event, item.day) for item in found]
    return lists[key]


def next_link(call: Call, options: Options, skip: int) -> str:
    given = [(n, v) for n, v in options.given if n.casefold() != "$skip"]
    given.append(("$skip", str(skip)))
    encoded = urlencode(given, quote_via=quote, safe="$:/,'")
    return f"{call.base_url}{quote(call.path, safe='/()=:,@')}?{encoded}"
