"""The switches as the console shows them: grouped, with their default and kind of control."""

from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin, get_type_hints

from outlook_sandbox.switches import Switches

_GROUPS = (
    ("Sign-in and clock", "freeze_clock"),
    ("Mail and meetings", "delivery_seconds"),
    ("Events", "accept_offset_in_date_time"),
    ("Series", "series_start_moves"),
    ("Delta", "delta_page_size"),
    ("Throttling", "mailbox_concurrency"),
    ("Notifications", "notify_http_loopback"),
)


@dataclass(frozen=True, slots=True)
class SwitchControl:
    name: str
    label: str
    kind: str
    value: Any
    changed: bool
    options: tuple[Any, ...] = ()


def switch_groups(switches: Switches) -> list[tuple[str, list[SwitchControl]]]:
    """In the order of their declaration; each group begins with the switch that it names."""
    starts = {first: title for title, first in _GROUPS}
    groups: list[tuple[str, list[SwitchControl]]] = []
    for name, kind in get_type_hints(Switches).items():
        if name in starts:
            groups.append((starts[name], []))
        groups[-1][1].append(_control(switches, name, kind))
    return groups


def _control(switches: Switches, name: str, kind: Any) -> SwitchControl:
    value = getattr(switches, name)
    label = name.replace("_", " ").capitalize()
    changed = value != getattr(Switches(), name)
    if kind is bool:
        return SwitchControl(name, label, "checkbox", value, changed)
    if get_origin(kind) is Literal:
        return SwitchControl(name, label, "select", value, changed, get_args(kind))
    if kind in (int, float):
        return SwitchControl(name, label, "number", f"{value:g}", changed)
    return SwitchControl(name, label, "text", ", ".join(value), changed)
