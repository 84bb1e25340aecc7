"""The sandbox over https, because Microsoft's libraries refuse to sign in over anything else.

The certificate is made for one run and trusted by nobody else.
"""

import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from werkzeug.serving import WSGIRequestHandler, make_server

from outlook_sandbox.app import create_app
from outlook_sandbox.testing import start_sandbox


@dataclass(frozen=True, slots=True, kw_only=True)
class SecureSandbox:
    url: str
    plain_url: str
    """The same sandbox without TLS, for its controls."""
    certificate: Path


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """The sandbox has a ledger of its own."""


@contextmanager
def secure_sandbox(folder: Path) -> Iterator[SecureSandbox]:
    certificate, key = make_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with start_sandbox() as running:
        app = create_app(running.sandbox)
        server = make_server(
            "127.0.0.1", 0, app, threaded=True, request_handler=_Quiet, ssl_context=context
        )
        thread = threading.Thread(target=server.serve_forever, name="https", daemon=True)
        thread.start()
        try:
            yield SecureSandbox(
                url=f"https://localhost:{server.port}",
                plain_url=running.url,
                certificate=certificate,
            )
        finally:
            server.shutdown()
            thread.join(timeout=5)
            server.server_close()


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Writes a certificate for localhost, which signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = folder / "certificate.pem"
    certificate.write_bytes(_signed(key).public_bytes(serialization.Encoding.PEM))
    private = folder / "key.pem"
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, private


def _signed(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Sandbox of one test run")])
    now = datetime.now(UTC)
    places = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(places), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_USES, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return builder.sign(key, hashes.SHA256())


_USES = x509.KeyUsage(
    digital_signature=True,
    key_cert_sign=True,
    crl_sign=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    encipher_only=False,
    decipher_only=False,
)
