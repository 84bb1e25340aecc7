"""The Prefer header (event.md §2, §6, §8; delta.md §2)."""

import re
from dataclasses import dataclass, field

from outlook_sandbox.mailbox.models.zones import find_zone

_PART = re.compile(r'\s*([A-Za-z.\-]+)\s*(?:=\s*(?:"([^"]*)"|([^",;\s]+)))?\s*(?:[,;]|$)')


@dataclass(slots=True)
class Preferences:
    time_zone: str = "UTC"
    text_body: bool = False
    immutable_ids: bool = False
    page_size: int | None = None
    minimal: bool = False
    applied: list[str] = field(default_factory=list)

    def header(self) -> dict[str, str]:
        return {"Preference-Applied": ", ".join(self.applied)} if self.applied else {}


def read_preferences(header: str) -> Preferences:
    """Unknown preferences are ignored; an unknown time zone is refused."""
    prefer = Preferences()
    for match in _PART.finditer(header):
        name, value = match[1].casefold(), match[2] if match[2] is not None else match[3] or ""
        if name == "outlook.timezone":
            find_zone(value)
            prefer.time_zone = value
            prefer.applied.append(f'outlook.timezone="{value}"')
        elif name == "outlook.body-content-type" and value.casefold() in ("text", "html"):
            prefer.text_body = value.casefold() == "text"
            prefer.applied.append(f'outlook.body-content-type="{value}"')
        elif name == "idtype" and value.casefold() == "immutableid":
            prefer.immutable_ids = True
            prefer.applied.append('IdType="ImmutableId"')
        elif name == "odata.maxpagesize" and value.isdecimal() and int(value) > 0:
            prefer.page_size = min(int(value), 1000)
            prefer.applied.append(f"odata.maxpagesize={value}")
        elif name == "return" and value.casefold() == "minimal":
            prefer.minimal = True
    return prefer
