"""What every client here needs: an application, people, and somebody who signs in.

Runs where the sandbox itself is not installed, too.
"""

from dataclasses import dataclass
from pathlib import Path

from support.outlook import Sandbox
from support.person import sign_in

CLIENT_ID = "33333333-0000-4000-8000-000000000000"
SECRET = "a client's secret"
REDIRECT = "http://localhost:5000/signed-in"
ANA, BOB = "ana@contoso.com", "bob@contoso.com"
ZONE = "Europe/Berlin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Microsoft:
    url: str
    certificate: Path
    sandbox: Sandbox

    def prepare(self) -> None:
        """An empty world with the application, Ana and Bob."""
        self.sandbox.reset()
        self.sandbox.register_app(CLIENT_ID, SECRET, REDIRECT)
        self.sandbox.add_account(ANA, "Ana Alves")
        self.sandbox.add_account(BOB, "Bob Brandt")

    def visit(
        self, authorize_url: str, email: str = ANA, decision: str = "Accept"
    ) -> dict[str, str]:
        """Signs in and decides; answers what comes back to the application."""
        return sign_in(authorize_url, email=email, back_to=REDIRECT, decision=decision)

    def trust(self) -> dict[str, str]:
        """The environment in which clients believe the certificate."""
        path = str(self.certificate)
        return {
            "SSL_CERT_FILE": path,
            "REQUESTS_CA_BUNDLE": path,
            "NODE_EXTRA_CA_CERTS": path,
            "NO_PROXY": "localhost,127.0.0.1",
        }
