"""Named switches: every behaviour that the facts leave open, with its default.

A default is the documented or the observed behaviour; where neither exists, the stricter guess.
"""

from typing import Literal

import msgspec


class Switches(msgspec.Struct, forbid_unknown_fields=True):
    # The clock
    freeze_clock: bool = False
    """A clock that is set by `{"now": …}` stands still until it is moved."""

    # Sign-in
    refresh_token_single_use: bool = False
    """Using a refresh token kills it. Stricter than the real service (identity.md §4)."""
    user_consent_allowed: bool = True
    """Off: the tenant wants an administrator to approve every application (identity.md §6)."""
    revocation_kills_access_tokens: bool = True
    """Off: access tokens outlive `revoke_tokens` until they expire by themselves."""

    # Mail and meetings
    delivery_seconds: float = 0.0
    """How long a mail travels to another mailbox, on the sandbox's clock."""
    silent_properties: list[str] = msgspec.field(
        default_factory=lambda: [
            "categories",
            "showAs",
            "isReminderOn",
            "reminderMinutesBeforeStart",
            "sensitivity",
            "singleValueExtendedProperties",
            "extensions",
        ]
    )
    """A PATCH of only these mails nobody (operations.md §3: believed, not documented)."""
    mail_on_unchanged_patch: bool = True
    """A PATCH that repeats the present values mails like any other."""
    mail_per_exception: bool = True
    """A PATCH of a series also mails once per changed instance (operations.md §3)."""
    attendee_delete_mails_organizer: bool = False
    """An attendee's DELETE tells the organizer (operations.md §4: not documented)."""
    attendee_copy_lists_organizer: bool = True
    """The copy of an attendee names the organizer among its attendees (event.md §5)."""
    time_change_resets_responses: bool = True
    """An update with another time asks everybody again (operations.md §4)."""
    updates_restore_copies: bool = True
    """An update puts a meeting back on the calendar of somebody who declined or deleted it."""
    cancelled_copy_shows_free: bool = True
    attendees_need_address: bool = True
    """Off: an attendee may have a name only, and nobody is mailed for it. Not documented."""
    secondary_calendars_tally: bool = False
    """Responses are counted in calendars other than the primary one (operations.md §2)."""

    # Events
    accept_offset_in_date_time: bool = True
    """`dateTime` may carry `Z` or an offset, which is honoured (event.md §2)."""
    zero_length_events: bool = True
    subject_limit: int = 255
    duplicate_transaction_status: Literal[400, 409] = 400
    all_day_shows_free: bool = False
    """An all-day event created without `showAs` is free instead of busy (event.md §1)."""
    custom_time_zones: bool = False
    """New events report `tzone://Microsoft/Custom` as their stored zone (event.md §2)."""
    join_url_delayed: bool = False
    """The answer to a create has no join URL yet; the next GET has it (event.md §10)."""
    inefficient_filter: bool = False
    """`$orderby` beside `$filter` must begin with the filter's property (operations.md §7)."""

    # Series
    series_start_moves: bool = True
    """The master's start becomes the first date that the pattern yields (event.md §4)."""
    series_change_drops_exceptions: Literal["always", "pattern", "never"] = "always"
    """What a new time (`always`) or only a new rule (`pattern`) drops (operations.md §5)."""
    exceptions_follow_master: bool = True
    """An exception takes over what changes on the master, field by field; off: it is frozen."""
    refuse_overlapping_series: bool = True
    """A series whose occurrences overlap each other is refused."""
    deleted_occurrence_code: Literal[
        "ErrorItemNotFound", "ErrorCalendarOccurrenceIsDeletedFromRecurrence"
    ] = "ErrorItemNotFound"

    # Delta (delta.md §4)
    delta_page_size: int = 10
    delta_stubs: bool = True
    delta_masters: bool = True
    delta_removed_outside_window: bool = True
    delta_removed_in_first_round: bool = False
    delta_removed_for_deleted_occurrence: bool = False
    delta_series_tombstones: Literal["master", "all"] = "master"
    delta_replays: bool = False
    """A round begins with changes that an earlier one has already told."""
    delta_shuffle: bool = False
    delta_duplicates: bool = False
    """Some items come twice in one round."""
    delta_empty_pages: bool = False
    """A round begins with an empty page that has a nextLink."""
    delta_expires_mid_round: bool = False
    """Every skiptoken answers 410 (delta.md §5)."""
    delta_lag_seconds: float = 0.0
    """Changes are told only when they are this old."""

    # Throttling (batch-and-throttling.md §2, §3)
    mailbox_concurrency: int = 4
    """Requests at one time per application and mailbox; 0 = no limit."""
    request_budget: int = 10_000
    """Requests in ten minutes per application and mailbox; 0 = no limit."""
    retry_after_fraction: bool = False
    """`Retry-After` carries a decimal number."""

    # Notifications (notifications.md)
    notify_http_loopback: bool = True
    """Notification URLs may be plain http on the loopback."""
    notify_duplicates_refused: bool = True
    notify_calendar_resources: bool = False
    """`/me/calendars/{id}/events` may be subscribed to."""
    notification_delay_seconds: float = 0.0
    notifications_lost: float = 0.0
    """The part of all notifications that is never sent, 0 to 1."""
    notifications_doubled: bool = False
    notifications_reordered: bool = False


def parse_switches(present: Switches, changes: dict[str, object]) -> Switches:
    """`present` with `changes`; raises msgspec.ValidationError for a wrong name or type."""
    return msgspec.convert(msgspec.to_builtins(present) | changes, Switches)
