"""Faults as data: what goes wrong, for whom, how often."""

import re
from typing import Literal

import msgspec


class Fault(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    id: str = ""
    kind: Literal["request"] = "request"
    method: str | None = None
    path: str | None = None
    """A regular expression, searched in the path below /v1.0; items of a batch count too."""
    email: str | None = None
    skip: int = 0
    times: int = 1
    when: Literal["before", "after"] = "before"
    """`before`: the request is not carried out; `after`: it is, but its answer is replaced."""
    status: int | None = None
    code: str | None = None
    retry_after: float | None = None
    delay_seconds: float | None = None
    drop: bool = False

    def __post_init__(self) -> None:
        if self.path is not None:
            try:
                re.compile(self.path)
            except re.error as failure:
                raise ValueError(f"`path` is no regular expression: {failure}") from None

    @property
    def breaks(self) -> bool:
        """Whether the caller gets something else than the answer (not only a delay)."""
        return self.drop or self.status is not None or self.code is not None

    def matches(self, *, method: str, path: str, email: str | None) -> bool:
        return (
            (self.method is None or self.method.upper() == method)
            and (self.path is None or re.search(self.path, path) is not None)
            and (self.email is None or self.email.casefold() == (email or "").casefold())
        )


def take_fault(faults: list[Fault], *, method: str, path: str, email: str | None) -> Fault | None:
    """The first fault that strikes this request. Counts it, and drops the ones used up."""
    for fault in faults:
        if fault.times > 0 and fault.matches(method=method, path=path, email=email):
            if fault.skip > 0:
                fault.skip -= 1
                continue
            fault.times -= 1
            if fault.times == 0:
                faults.remove(fault)
            return fault
    return None
