"""The client secret ends on a day that only the administrator knows: they are warned before.

No interface tells the date (identity.md §10), so it is entered beside the secret.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from leansoft.accounts.models import User
from leansoft.connections.models import ExpiryNotice, Integration

STAGES = (1, 7, 30, 60)
"""Days before the expiry at which a warning is due, nearest first."""
EXPIRED = 0

REMEDY = "Create a new one with Microsoft and enter its value under Settings → Integrations."


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiryWarning:
    """`stage` is the threshold that was crossed last; `EXPIRED` after the day itself."""

    expires_on: date
    days_left: int
    stage: int

    @property
    def sentence(self) -> str:
        day = f"{self.expires_on:%-d %B %Y}"
        match self.days_left:
            case days if days < 0:
                return f"The client secret expired on {day}: nobody's calendar is kept in sync."
            case 0:
                return "The client secret expires today."
            case 1:
                return "The client secret expires tomorrow."
            case days:
                return f"The client secret expires in {days} days, on {day}."


def present_warning(now: datetime) -> ExpiryWarning | None:
    integration = Integration.current()
    expires_on = integration.secret_expires_on
    if not integration.is_configured or expires_on is None:
        return None
    days_left = (expires_on - now.date()).days
    crossed = [stage for stage in STAGES if days_left <= stage]
    if not crossed:
        return None
    stage = EXPIRED if days_left < 0 else crossed[0]
    return ExpiryWarning(expires_on=expires_on, days_left=days_left, stage=stage)


def warning_for(user: User, now: datetime) -> ExpiryWarning | None:
    """None for whom it does not concern, and who put this one away."""
    if not user.is_administrator:
        return None
    warning = present_warning(now)
    if warning is None or _notices(user, warning).filter(dismissed_at__isnull=False).exists():
        return None
    return warning


def dismiss_warning(user: User, now: datetime) -> None:
    """Until the next threshold."""
    warning = present_warning(now)
    if warning is not None:
        notice_of(user, warning)
        _notices(user, warning).update(dismissed_at=now)


def notice_of(user: User, warning: ExpiryWarning) -> ExpiryNotice:
    return ExpiryNotice.objects.get_or_create(
        user=user, expires_on=warning.expires_on, stage=warning.stage
    )[0]


def _notices(user: User, warning: ExpiryWarning) -> QuerySet[ExpiryNotice]:
    return user.expiry_notices.filter(expires_on=warning.expires_on, stage=warning.stage)
