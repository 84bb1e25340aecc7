"""One thing that was looked at, and how it is."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"  # it works, but not as well as it could, or not for long
    FAULT = "fault"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Unless all is well, `message` ends with what to do."""

    name: str
    level: Level
    message: str

    @property
    def ok(self) -> bool:
        return self.level is not Level.FAULT

    def report(self) -> dict[str, str | bool]:
        """The contract's shape of a check, with `warning` beside."""
        is_warning = self.level is Level.WARNING
        return {"name": self.name, "ok": self.ok, "warning": is_warning, "message": self.message}


def good(name: str, message: str) -> Check:
    return Check(name=name, level=Level.OK, message=message)


def warning(name: str, message: str) -> Check:
    return Check(name=name, level=Level.WARNING, message=message)


def fault(name: str, message: str) -> Check:
    return Check(name=name, level=Level.FAULT, message=message)
