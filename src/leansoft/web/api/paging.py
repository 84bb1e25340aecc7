"""How much of a list is asked for."""

from typing import Annotated

from pydantic import Field

Limit = Annotated[int, Field(ge=1, le=1000)]
# The database cannot skip more rows than it can count.
Offset = Annotated[int, Field(ge=0, le=2**31 - 1)]
