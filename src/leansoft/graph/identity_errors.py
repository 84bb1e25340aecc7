"""What Microsoft's sign-in refuses, and who can mend it (identity.md §2 and §5).

Microsoft asks clients to branch on `error`, not on the AADSTS number; the numbers are used where
nothing else tells the administrator's fault from the user's, and for the sentences.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from leansoft.graph.errors import (
    GraphError,
    OperatorFault,
    ReconnectRequired,
    Refused,
    TransientError,
)
from leansoft.graph.wire import Unreadable, json_object, retry_after_seconds

PASSING_ERRORS = {"server_error", "temporarily_unavailable"}
PASSING_NUMBERS = {90033, 90006, 90024, 50033, 50196}
OPERATOR_ERRORS = {"invalid_client", "unauthorized_client", "invalid_scope", "invalid_resource"}
RECONNECT_ERRORS = {
    "invalid_grant",
    "interaction_required",
    "consent_required",
    "login_required",
    "access_denied",
}

WRONG_AUDIENCE = (
    "The application at Microsoft is not registered for this kind of account. Enter its tenant in "
    "Leansoft, or allow more account types under “Authentication” in its registration."
)
WRONG_REDIRECT = (
    "The redirect URI that Leansoft shows in its settings is missing in the application's "
    "registration at Microsoft. Add it there, as platform “Web”."
)
WRONG_SCOPE = (
    "The application at Microsoft does not allow the permissions that Leansoft asks for. Add "
    "Calendars.ReadWrite, User.Read and offline_access as delegated permissions."
)
DISABLED = "The application is switched off at Microsoft. Enable it there for users to sign in."

OPERATOR_SENTENCES = {
    7000215: (
        "The client secret is wrong. Paste the secret's value (not its ID) into the settings, or "
        "create a new secret at Microsoft."
    ),
    7000222: (
        "The client secret has expired. Create a new one at Microsoft and paste its value into "
        "the settings."
    ),
    7000218: "Microsoft asks for a client secret. Enter one in the settings.",
    700025: (
        "The application is registered as a public client. Register the redirect URI under the "
        "platform “Web”."
    ),
    700016: (
        "Microsoft does not know this client ID in this tenant. Compare the client ID and the "
        "tenant in the settings with the application's registration."
    ),
    7000112: DISABLED,
    70001: DISABLED,
    90002: "Microsoft does not know this tenant. Correct the tenant in the settings.",
    50194: WRONG_AUDIENCE,
    9002332: WRONG_AUDIENCE,
    90130: WRONG_AUDIENCE,
    50011: WRONG_REDIRECT,
    500112: WRONG_REDIRECT,
    70011: WRONG_SCOPE,
    28002: WRONG_SCOPE,
    28003: WRONG_SCOPE,
}
"""The administrator's, whatever `error` says beside the number."""

NOT_FOR_THESE_ACCOUNTS = {50194, 9002332, 90130, 700016}
"""The application exists, but not for the accounts of the tenant that was asked."""

BLOCKED = (
    "A policy of your organization does not let Leansoft in. Ask your administrator at Microsoft."
)
NOT_LET_IN = {
    50105: "Your account is not assigned to this application. Ask your administrator at Microsoft.",
    **dict.fromkeys([53000, 53001, 53002, 53003, *range(530030, 530040)], BLOCKED),
}
"""A rule of the organization, at the sign-in or later."""

RECONNECT_SENTENCES = {
    **NOT_LET_IN,
    65001: "Leansoft no longer has your consent at Microsoft. Please sign in again.",
    50057: "Your Microsoft account is disabled. Ask your administrator at Microsoft.",
    50173: "Your sessions at Microsoft were ended. Please sign in again.",
    50076: "Microsoft asks for a second factor now. Please sign in again.",
    50079: "Microsoft asks for a second factor now. Please sign in again.",
    50074: "Microsoft asks for a second factor now. Please sign in again.",
    700082: "Leansoft was not used for so long that Microsoft ended it. Please sign in again.",
}

SENTENCE_END = re.compile(r"\s*(\r|\n|Trace ID:)")


def token_error_from(status: int, headers: Mapping[str, str], body: bytes) -> GraphError:
    """The error for an answer of the token endpoint that is no success."""
    answer = _answer(body)
    error = str(answer.get("error") or "")
    numbers = _numbers(answer)
    description = str(answer.get("error_description") or "")
    facts: dict[str, Any] = {
        "status": status,
        "code": _code(error, numbers),
        "request_id": str(answer.get("trace_id") or headers.get("x-ms-request-id") or ""),
    }
    message = SENTENCE_END.split(description)[0]
    if _passes(status, error, numbers):
        return TransientError(message, retry_after=retry_after_seconds(headers), **facts)
    operator = operator_sentence(numbers)
    if operator or error in OPERATOR_ERRORS:
        return OperatorFault(message, sentence=operator, **facts)
    if error in RECONNECT_ERRORS:
        return ReconnectRequired(message, sentence=_first(RECONNECT_SENTENCES, numbers), **facts)
    return Refused(message, sentence="Microsoft did not accept the sign-in.", **facts)


def _passes(status: int, error: str, numbers: list[int]) -> bool:
    if status == 429 or status >= 500 or status == 408 or status < 400:
        return True
    # Anything but Microsoft's own form comes from something on the way.
    return not error or error in PASSING_ERRORS or bool(PASSING_NUMBERS.intersection(numbers))


def _answer(body: bytes) -> dict[str, Any]:
    try:
        return json_object(body)
    except Unreadable:
        return {}


def _numbers(answer: Mapping[str, Any]) -> list[int]:
    listed = [number for number in answer.get("error_codes") or [] if isinstance(number, int)]
    return listed or aadsts_numbers(str(answer.get("error_description") or ""))


def aadsts_numbers(description: str) -> list[int]:
    return [int(number) for number in re.findall(r"AADSTS(\d+)", description)]


def _code(error: str, numbers: list[int]) -> str:
    return f"{error} AADSTS{numbers[0]}" if numbers else error


def operator_sentence(numbers: list[int]) -> str:
    """For the administrator; empty when it is not the application's fault."""
    return _first(OPERATOR_SENTENCES, numbers)


def _first(sentences: Mapping[int, str], numbers: list[int]) -> str:
    return next((sentences[number] for number in numbers if number in sentences), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRefused:
    """What the way back from Microsoft says instead of bringing a code.

    `title`, `sentence` and `remedy` are for the person; `details` are Microsoft's words.
    """

    title: str
    sentence: str
    remedy: str
    details: str


ADMIN_CONSENT = (
    "Your organization wants an administrator's approval",
    "Microsoft did not let you give Leansoft access to your calendar yourself.",
    "Ask your administrator at Microsoft to approve the application, then connect again.",
)
TRY_AGAIN = "Wait a minute, then press Outlook on the calendar again."
REFUSALS = {
    "access_denied": (
        "Leansoft was not given access",
        "The sign-in at Microsoft was ended, or the access to your calendar was declined.",
        "Press Outlook on the calendar again, and accept what Microsoft asks. "
        "Leansoft reads and writes your calendar and nothing else.",
    ),
    "consent_required": ADMIN_CONSENT,
    "login_required": ("You are not signed in at Microsoft", "Nobody signed in.", TRY_AGAIN),
    "server_error": ("Microsoft has a problem", "The sign-in could not be finished.", TRY_AGAIN),
    "temporarily_unavailable": (
        "Microsoft is busy",
        "The sign-in could not be finished.",
        TRY_AGAIN,
    ),
}
OTHER_REFUSAL = (
    "Microsoft refused the sign-in",
    "Microsoft did not accept what Leansoft asked for.",
    "Show the details below to the administrator of Leansoft.",
)
ASK_OPERATOR = "Ask the administrator of Leansoft to look at Settings → Integrations."


def sign_in_refused(params: Mapping[str, str]) -> SignInRefused | None:
    """What the redirect says, or None when it brings no error (identity.md §2)."""
    error = params.get("error")
    if not error:
        return None
    description = params.get("error_description", "")
    numbers = aadsts_numbers(description)
    title, sentence, remedy = REFUSALS.get(error, OTHER_REFUSAL)
    # A tenant that forbids its users to consent (identity.md §6).
    if {90094, 90095}.intersection(numbers):
        title, sentence, remedy = ADMIN_CONSENT
    elif operator := operator_sentence(numbers):
        title, sentence, remedy = OTHER_REFUSAL[0], operator, ASK_OPERATOR
    elif policy := _first(NOT_LET_IN, numbers):
        title, sentence, remedy = REFUSALS["access_denied"][0], policy, "Then connect again."
    details = f"{error}: {description}" if description else error
    return SignInRefused(title=title, sentence=sentence, remedy=remedy, details=details)
