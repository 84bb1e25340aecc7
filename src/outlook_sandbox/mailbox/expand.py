"""`$expand`: extended properties, extensions, attachments, exceptions (operations.md §7)."""

import re
from dataclasses import dataclass
from datetime import date

from outlook_sandbox.http import Json
from outlook_sandbox.mailbox.exceptions import bad_request
from outlook_sandbox.mailbox.models.items import Item
from outlook_sandbox.mailbox.models.render import master_id, occurrence_key, render
from outlook_sandbox.mailbox.prefer import Preferences

_NAMES = {
    name.casefold(): name
    for name in (
        "singleValueExtendedProperties",
        "multiValueExtendedProperties",
        "extensions",
        "attachments",
        "exceptionOccurrences",
    )
}
_PART = re.compile(r"\s*([A-Za-z]+)\s*(?:\(((?:[^()']|'(?:[^']|'')*'|\([^()]*\))*)\))?\s*(?:,|$)")
_IDS = re.compile(r"id\s+eq\s+'((?:[^']|'')*)'", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Expansion:
    name: str
    ids: tuple[str, ...]
    select: tuple[str, ...]


def parse_expand(text: str) -> list[Expansion]:
    found, position = [], 0
    while position < len(text):
        match = _PART.match(text, position)
        if match is None or match[1].casefold() not in _NAMES:
            raise bad_request(f"Could not find a property to expand in '{text}'.")
        inner = match[2] or ""
        select = re.search(r"\$select=([\w,\s]+)", inner)
        found.append(
            Expansion(
                name=_NAMES[match[1].casefold()],
                ids=tuple(part.replace("''", "'") for part in _IDS.findall(inner)),
                select=tuple(select[1].replace(" ", "").split(",")) if select else (),
            )
        )
        position = match.end()
    return found


def with_properties(value: Json, item: Item) -> Json:
    """For `$filter` on extended properties."""
    value["singleValueExtendedProperties"] = [
        {"id": name, "value": text} for name, text in _extended(item).items()
    ]
    return value


def _extended(item: Item) -> dict[str, str]:
    if item.override is not None:
        return item.event.extended | item.override.extended
    return item.event.extended


def expand(
    value: Json,
    item: Item,
    expansions: list[Expansion],
    on_request: set[str] | frozenset[str],
    prefer: Preferences,
) -> None:
    series = item.day is None and item.event.is_series
    if "cancelledoccurrences" in on_request:
        series_id = master_id(item.event, prefer)
        days = item.event.deleted_dates if series else []
        value["cancelledOccurrences"] = [occurrence_key(series_id, day) for day in days]
    for expansion in expansions:
        if expansion.name == "singleValueExtendedProperties":
            _expand_properties(value, item, expansion)
        elif expansion.name == "extensions":
            value["extensions"] = _extensions(item, expansion.ids)
        elif expansion.name == "attachments":
            value["attachments"] = item.event.attachments
        elif expansion.name == "exceptionOccurrences" and "exceptionoccurrences" in on_request:
            # Needs both $select and $expand (event.md §1).
            value["exceptionOccurrences"] = _exceptions(item, expansion, prefer)


def _expand_properties(value: Json, item: Item, expansion: Expansion) -> None:
    """Names are case-sensitive (event.md §11); an absent property leaves no member."""
    found = [
        {"id": name, "value": text}
        for name, text in _extended(item).items()
        if name in expansion.ids
    ]
    value.pop("singleValueExtendedProperties", None)
    if found:
        value["singleValueExtendedProperties"] = found


def extension_id(name: str) -> str:
    return f"Microsoft.OutlookServices.OpenTypeExtension.{name}"


def show_extension(parts: Json) -> Json:
    return {
        "@odata.type": "#microsoft.graph.openTypeExtension",
        "id": extension_id(parts["extensionName"]),
        **parts,
    }


def _extensions(item: Item, ids: tuple[str, ...]) -> list[Json]:
    return [
        show_extension(parts)
        for name, parts in item.event.extensions.items()
        if not ids or name in ids or extension_id(name) in ids
    ]


def _exceptions(item: Item, expansion: Expansion, prefer: Preferences) -> list[Json]:
    if item.day is not None:
        return []
    shown = [
        render(Item(item.event, date.fromisoformat(day)), prefer)
        for day in sorted(item.event.overrides)
    ]
    if not expansion.select:
        return shown
    wanted = {name.casefold() for name in expansion.select} | {"id"}
    return [{k: v for k, v in one.items() if k.casefold() in wanted} for one in shown]
