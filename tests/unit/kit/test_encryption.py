import pytest

from leansoft.kit.encryption import SealBroken, Sealer


def test_a_seal_opens_with_its_key_only() -> None:
    sealed = Sealer("one").seal("refresh-token")
    assert b"refresh-token" not in sealed
    assert Sealer("one").open(sealed) == "refresh-token"
    with pytest.raises(SealBroken):
        Sealer("two").open(sealed)


def test_damaged_bytes_say_so() -> None:
    with pytest.raises(SealBroken):
        Sealer("one").open(b"nonsense")
