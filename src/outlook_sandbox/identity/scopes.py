"""Scopes: which exist, how they are written, what they allow (identity.md §6)."""

from outlook_sandbox.identity.exceptions import AadError

OIDC_SCOPES = ("openid", "profile", "email", "offline_access")
GRAPH = "https://graph.microsoft.com/"

# Name → (needs an administrator, exists for personal accounts)
GRAPH_SCOPES: dict[str, tuple[bool, bool]] = {
    "User.Read": (False, True),
    "User.ReadBasic.All": (False, False),
    "User.Read.All": (True, False),
    "People.Read": (False, True),
    "Contacts.Read": (False, True),
    "Contacts.ReadWrite": (False, True),
    "Mail.Read": (False, True),
    "Mail.ReadWrite": (False, True),
    "Mail.Send": (False, True),
    "Calendars.ReadBasic": (True, True),
    "Calendars.Read": (False, True),
    "Calendars.ReadWrite": (False, True),
    "Calendars.Read.Shared": (False, True),
    "Calendars.ReadWrite.Shared": (False, False),
    "MailboxSettings.Read": (False, True),
    "MailboxSettings.ReadWrite": (False, True),
    "OnlineMeetings.Read": (False, False),
    "OnlineMeetings.ReadWrite": (False, False),
}
_BY_FOLDED = {name.casefold(): name for name in GRAPH_SCOPES}

IMPLIED = {
    "User.Read": {"User.ReadBasic.All"},
    "Calendars.ReadWrite": {"Calendars.Read", "Calendars.ReadBasic"},
    "Calendars.Read": {"Calendars.ReadBasic"},
    "MailboxSettings.ReadWrite": {"MailboxSettings.Read"},
    "Mail.ReadWrite": {"Mail.Read"},
}


def split_scopes(text: str) -> list[str]:
    """The scopes as they were written; raises AADSTS70011 for one that does not exist."""
    scopes = text.split()
    for scope in scopes:
        if scope not in OIDC_SCOPES and not is_default(scope) and graph_scope(scope) is None:
            raise AadError(70011, scope=scope)
    if any(map(is_default, scopes)) and any(graph_scope(s) for s in scopes):
        raise AadError(70011, scope=text)
    return scopes


def is_default(scope: str) -> bool:
    return scope in (".default", GRAPH + ".default")


def graph_scope(scope: str) -> str | None:
    """The short name: a scope without a resource belongs to Graph."""
    return _BY_FOLDED.get(scope.removeprefix(GRAPH).casefold())


def graph_scopes(scopes: list[str]) -> list[str]:
    return [name for name in map(graph_scope, scopes) if name]


def needs_admin(scopes: list[str]) -> bool:
    return any(GRAPH_SCOPES[name][0] for name in graph_scopes(scopes))


def for_kind(scopes: list[str], kind: str) -> list[str]:
    """A personal account gets the part that exists for it."""
    if kind == "work":
        return scopes
    return [s for s in scopes if (g := graph_scope(s)) is None or GRAPH_SCOPES[g][1]]


def allows(granted: list[str], needed: str) -> bool:
    held = set(graph_scopes(granted))
    return needed in held or any(needed in IMPLIED.get(name, ()) for name in held)
