"""The one random source: a hash of a seed and a counter, so that it can be saved and resumed."""

import base64
import hashlib
import uuid
from typing import TypeVar

import msgspec

T = TypeVar("T")


class Randomness(msgspec.Struct):
    seed: int = 0
    drawn: int = 0

    def digest(self) -> bytes:
        self.drawn += 1
        return hashlib.sha256(f"{self.seed}:{self.drawn}".encode()).digest()

    def guid(self) -> str:
        return str(uuid.UUID(bytes=self.digest()[:16], version=4))

    def token(self, octets: int = 32) -> str:
        """URL-safe text: letters, digits, `-` and `_` only."""
        raw = b""
        while len(raw) < octets:
            raw += self.digest()
        return base64.urlsafe_b64encode(raw[:octets]).decode().rstrip("=")

    def fraction(self) -> float:
        return int.from_bytes(self.digest()[:6], "big") / 2**48

    def between(self, low: int, high: int) -> int:
        return low + int(self.fraction() * (high - low + 1))

    def shuffled(self, items: list[T]) -> list[T]:
        return [
            item
            for _, item in sorted(
                ((self.fraction(), item) for item in items), key=lambda pair: pair[0]
            )
        ]
