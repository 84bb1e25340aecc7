"""The key that signs tokens, and the set of public keys that proves them."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from joserfc import jwt
from joserfc.jwk import RSAKey

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.sandbox import Sandbox


@lru_cache(maxsize=8)
def _load(pem: str) -> RSAKey:
    return RSAKey.import_key(pem)


@lru_cache(maxsize=1)
def _fresh_pem() -> str:
    """One key per process: making one takes longer than everything else here together."""
    pem = RSAKey.generate_key(2048, private=True).as_pem(private=True)
    return pem.decode()


def signing_key(sandbox: "Sandbox") -> RSAKey:
    directory = sandbox.directory
    if directory.signing_key is None:
        directory.signing_key = _fresh_pem()
    return _load(directory.signing_key)


def key_set(sandbox: "Sandbox") -> dict[str, Any]:
    key = signing_key(sandbox)
    public = key.as_dict(private=False)
    public |= {"kid": key.thumbprint(), "use": "sig", "alg": "RS256"}
    return {"keys": [public]}


def sign(sandbox: "Sandbox", claims: dict[str, Any]) -> str:
    key = signing_key(sandbox)
    header = {"typ": "JWT", "alg": "RS256", "kid": key.thumbprint()}
    return jwt.encode(header, claims, key)
