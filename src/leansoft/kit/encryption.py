"""Sealing of secrets that the database keeps: refresh tokens and the client secret.

The key is derived from `LEANSOFT_SECRET_KEY`. A seal that was made with another key cannot be
opened: `SealBroken` says so, and whoever owns the secret has to enter it again.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class SealBroken(Exception):
    """The secret was sealed with another key, or the stored bytes are damaged."""


class Sealer:
    def __init__(self, secret_key: str) -> None:
        derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"leansoft sealed secrets")
        self._fernet = Fernet(base64.urlsafe_b64encode(derive.derive(secret_key.encode())))

    def seal(self, text: str) -> bytes:
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        try:
            return self._fernet.decrypt(bytes(sealed)).decode()
        except InvalidToken as error:
            raise SealBroken("This secret was sealed with another LEANSOFT_SECRET_KEY.") from error
