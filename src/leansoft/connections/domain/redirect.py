"""Whether Microsoft takes the address of Leansoft as a redirect URI (identity.md §3)."""

from urllib.parse import urlsplit

LONGEST = 256
FORBIDDEN = "!$'(),;"
NUMBERS_OF_THIS_MACHINE = {"127.0.0.1", "::1"}


def fault_of_base_url(base_url: str, redirect_uri: str) -> str:
    """What is wrong with LEANSOFT_BASE_URL, and what to do; empty when it is suitable."""
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return "LEANSOFT_BASE_URL is no web address: set it to one like https://calendar.example."
    if parts.hostname in NUMBERS_OF_THIS_MACHINE:
        name = "localhost" if parts.port is None else f"localhost:{parts.port}"
        return f"Microsoft wants a name here: set LEANSOFT_BASE_URL to {parts.scheme}://{name}."
    if parts.scheme == "http" and parts.hostname != "localhost":
        return (
            "Microsoft takes http only for localhost: put a proxy with https in front of Leansoft, "
            f"and set LEANSOFT_BASE_URL to https://{parts.netloc}."
        )
    if parts.path or parts.query or parts.fragment:
        return f"Leansoft has a host to itself: set LEANSOFT_BASE_URL to {_root(base_url)}."
    if set(redirect_uri) & set(FORBIDDEN):
        found = " ".join(FORBIDDEN)
        return f"Leave {found} out of LEANSOFT_BASE_URL: Microsoft takes none of them."
    if len(redirect_uri) > LONGEST:
        return f"Microsoft takes {LONGEST} characters at most: choose a shorter LEANSOFT_BASE_URL."
    return ""


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
