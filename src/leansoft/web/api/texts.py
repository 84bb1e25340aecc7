"""Kinds of text that requests carry."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def _storable(text: str) -> str:
    # PostgreSQL holds no NUL, and UTF-8 no half of a surrogate pair.
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ValueError("Contains a character that is no text: remove it.")
    return text


storable = AfterValidator(_storable)

Text = Annotated[str, storable]
Line = Annotated[str, StringConstraints(max_length=255), storable]
"""One line: a subject, a name."""
