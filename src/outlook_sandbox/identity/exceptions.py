"""AADSTS errors: the table, the JSON of /token, redirects, and pages (identity.md §2, §5)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from outlook_sandbox.http import Answer, Json

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class Entry:
    error: str
    text: str
    suberror: str | None = None
    status: int = 400
    claims: bool = False


TABLE: dict[int, Entry] = {
    16000: Entry("interaction_required", "Several accounts are signed in; one must be chosen."),
    28002: Entry("invalid_request", "The scope asked for is not valid: {scope}."),
    28003: Entry("invalid_request", "The scope may not be empty when a token is asked for."),
    50011: Entry(
        "invalid_request",
        "The redirect URI '{redirect_uri}' specified in the request does not match the redirect "
        "URIs configured for the application '{client_id}'. Make sure the redirect URI sent in "
        "the request matches one added to your application.",
    ),
    50020: Entry("invalid_request", "User account '{email}' does not exist in tenant '{tenant}'."),
    50033: Entry("temporarily_unavailable", "A transient error has occurred.", status=503),
    50034: Entry("invalid_request", "The user account {email} does not exist."),
    50057: Entry("invalid_grant", "The user account is disabled."),
    50058: Entry("login_required", "A silent sign-in request was sent but no user is signed in."),
    50074: Entry("invalid_grant", "Strong authentication is required.", "basic_action"),
    50076: Entry(
        "invalid_grant",
        "Due to a configuration change made by your administrator, or because you moved to a new "
        "location, you must use multi-factor authentication to access "
        "'00000003-0000-0000-c000-000000000000'.",
        "basic_action",
    ),
    50079: Entry(
        "interaction_required",
        "The user is required to use multi-factor authentication.",
        "basic_action",
        claims=True,
    ),
    50105: Entry("access_denied", "The signed-in user is not assigned to a role for the app."),
    50126: Entry("invalid_grant", "Invalid username or password."),
    50173: Entry(
        "invalid_grant",
        "The provided grant has expired due to it being revoked, a fresh auth token is needed. "
        "The user might have changed or reset their password. The grant was issued on "
        "'{issued}' and the TokensValidFrom date (before which tokens are not valid) for this "
        "user is '{valid_from}'.",
        "bad_token",
    ),
    50194: Entry(
        "invalid_request",
        "Application '{client_id}' is not configured as a multi-tenant application. Usage of the "
        "/common endpoint is not supported for such apps.",
    ),
    50196: Entry("invalid_request", "The server terminated a loop of identical requests."),
    53000: Entry("interaction_required", "The device is not in the required state."),
    53001: Entry("interaction_required", "The device is not joined to the domain."),
    53002: Entry("access_denied", "The application is not approved for Conditional Access."),
    53003: Entry("access_denied", "Access has been blocked by Conditional Access policies."),
    54005: Entry(
        "invalid_grant",
        "OAuth2 Authorization code was already redeemed, please retry with a new valid code or "
        "use an existing refresh token.",
    ),
    65001: Entry(
        "invalid_grant",
        "The user or administrator has not consented to use the application with ID "
        "'{client_id}' named '{name}'. Send an interactive authorization request for this user "
        "and resource.",
        "consent_required",
    ),
    65004: Entry("access_denied", "User declined to consent to access the app."),
    70000: Entry("invalid_grant", "The provided grant is not valid or has been revoked."),
    70001: Entry("unauthorized_client", "The application is disabled."),
    70003: Entry("unsupported_grant_type", "The app requested an unsupported grant type."),
    70008: Entry(
        "invalid_grant",
        "The provided authorization code or refresh token has expired due to inactivity. Send a "
        "new interactive authorization request for this user and resource.",
    ),
    70011: Entry(
        "invalid_scope",
        "The provided value for the input parameter 'scope' is not valid. The scope {scope} is "
        "not valid.",
    ),
    70043: Entry(
        "invalid_grant",
        "The refresh token has expired or is invalid due to sign-in frequency checks.",
        "token_expired",
    ),
    90002: Entry(
        "invalid_request",
        "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are "
        "signing into the correct cloud.",
    ),
    90006: Entry("server_error", "An external server could not be reached.", status=500),
    90024: Entry("temporarily_unavailable", "The request budget was exceeded.", status=503),
    90033: Entry(
        "temporarily_unavailable", "A transient error has occurred. Please try again.", status=503
    ),
    90072: Entry("invalid_request", "User account '{email}' does not exist in the tenant."),
    90094: Entry("access_denied", "Admin consent is required for the permissions asked for."),
    90095: Entry("access_denied", "Admin consent is required for the permissions asked for."),
    90130: Entry(
        "unauthorized_client", "Application '{client_id}' is not for accounts of this kind."
    ),
    500112: Entry(
        "invalid_client",
        "The reply address '{redirect_uri}' does not match the reply address provided when "
        "requesting the authorization code.",
        status=401,
    ),
    501481: Entry(
        "invalid_grant",
        "The Code_Verifier does not match the code_challenge supplied in the authorization "
        "request.",
    ),
    700005: Entry(
        "invalid_grant",
        "The provided authorization code is intended to be used against another tenant.",
    ),
    700016: Entry(
        "unauthorized_client",
        "Application with identifier '{client_id}' was not found in the directory '{tenant}'.",
    ),
    700025: Entry("invalid_client", "A public client may not send a secret.", status=401),
    700054: Entry(
        "unsupported_response_type", "response_type '{response_type}' is not enabled for the app."
    ),
    530031: Entry("access_denied", "Access has been blocked by the policy for applications."),
    530032: Entry("access_denied", "Access has been blocked by a security policy."),
    700082: Entry(
        "invalid_grant",
        "The refresh token has expired due to inactivity. The token was issued on {issued} and "
        "was inactive for 90.00:00:00.",
    ),
    700084: Entry("invalid_grant", "The refresh token was issued to a single page app."),
    900144: Entry(
        "invalid_request",
        "The request body must contain the following parameter: '{parameter}'.",
    ),
    900561: Entry(
        "invalid_request", "The endpoint only accepts POST requests. Received a GET request."
    ),
    900971: Entry("invalid_request", "No reply address provided."),
    7000112: Entry("unauthorized_client", "Application '{client_id}' is disabled."),
    7000215: Entry(
        "invalid_client",
        "Invalid client secret provided. Ensure the secret being sent in the request is the "
        "client secret value, not the client secret ID, for a secret added to app "
        "'{client_id}'.",
        status=401,
    ),
    7000218: Entry(
        "invalid_client",
        "The request body must contain the following parameter: 'client_assertion' or "
        "'client_secret'.",
        status=401,
    ),
    7000222: Entry(
        "invalid_client",
        "The provided client secret keys for app '{client_id}' are expired. Visit the Azure "
        "portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider "
        "using certificate credentials for added security: https://aka.ms/certCreds.",
        status=401,
    ),
    9002313: Entry("invalid_request", "Invalid request. Request is malformed or invalid."),
    9002332: Entry(
        "invalid_request",
        "Application '{client_id}' is configured for use by Azure Active Directory users only. "
        "Please do not use the /consumers endpoint to serve this request.",
    ),
}


class AadError(Exception):
    """An error of the sign-in side; where it is shown depends on the endpoint it struck."""

    def __init__(self, number: int, *, error: str | None = None, **details: str) -> None:
        entry = TABLE.get(number) or Entry("invalid_grant", "The request was refused.")
        super().__init__(number)
        self.number = number
        self.entry = entry
        self.error = error or entry.error
        self.text = f"AADSTS{number}: " + entry.text.format_map(_Lenient(details))

    def description(self, sandbox: "Sandbox", trace_id: str, correlation_id: str) -> str:
        stamp = sandbox.now().strftime("%Y-%m-%d %H:%M:%SZ")
        return (
            f"{self.text}\r\nTrace ID: {trace_id}\r\n"
            f"Correlation ID: {correlation_id}\r\nTimestamp: {stamp}"
        )

    def token_answer(self, sandbox: "Sandbox", base_url: str) -> Answer:
        """The body of /token (identity.md §5)."""
        trace_id, correlation_id = sandbox.random.guid(), sandbox.random.guid()
        body: Json = {
            "error": self.error,
            "error_description": self.description(sandbox, trace_id, correlation_id),
            "error_codes": [self.number],
            "timestamp": sandbox.now().strftime("%Y-%m-%d %H:%M:%SZ"),
            "trace_id": trace_id,
            "correlation_id": correlation_id,
            "error_uri": f"{base_url}/error?code={self.number}",
        }
        if self.entry.suberror:
            body["suberror"] = self.entry.suberror
        if self.entry.claims:
            body["claims"] = (
                '{"access_token":{"capolids":{"essential":true,"values":["'
                + sandbox.random.guid()
                + '"]}}}'
            )
        headers = {"Retry-After": "1"} if self.entry.status >= 500 else {}
        return Answer.json(body, self.entry.status, headers=headers)


class _Lenient(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""
