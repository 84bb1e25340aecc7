"""The sandbox's one clock. Everything that expires, is due or is stamped reads it."""

from datetime import UTC, datetime, timedelta

import msgspec


class Clock(msgspec.Struct):
    """Real time, shifted. `frozen_at` makes it stand still (switch `freeze_clock`)."""

    shift_seconds: float = 0.0
    frozen_at: datetime | None = None

    def now(self) -> datetime:
        if self.frozen_at is not None:
            return self.frozen_at
        return datetime.now(UTC) + timedelta(seconds=self.shift_seconds)

    def advance(self, seconds: float) -> None:
        if self.frozen_at is not None:
            self.frozen_at += timedelta(seconds=seconds)
        else:
            self.shift_seconds += seconds

    def set(self, moment: datetime, *, freeze: bool) -> None:
        if freeze:
            self.frozen_at = moment
        else:
            self.frozen_at = None
            self.shift_seconds = (moment - datetime.now(UTC)).total_seconds()

    def follow_real_time(self) -> None:
        self.frozen_at = None
        self.shift_seconds = 0.0
