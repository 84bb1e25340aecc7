"""A recurrence in words, for mails and pages."""

from datetime import date

from outlook_sandbox.http import Json

_UNITS = {
    "daily": "day",
    "weekly": "week",
    "absoluteMonthly": "month",
    "relativeMonthly": "month",
    "absoluteYearly": "year",
    "relativeYearly": "year",
}
_MONTHS = tuple(date(2000, number, 1).strftime("%B") for number in range(1, 13))
_WORKING_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]


def day_text(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def rule_text(recurrence: Json) -> str:
    """For instance "Every 2 weeks on Tuesday and Friday, until 31 March 2027"."""
    pattern, span = recurrence["pattern"], recurrence["range"]
    unit, interval = _UNITS[pattern["type"]], pattern["interval"]
    if pattern["type"] == "weekly" and interval == 1 and pattern["daysOfWeek"] == _WORKING_DAYS:
        return "Every weekday" + _end(span)
    every = f"Every {unit}" if interval == 1 else f"Every {interval} {unit}s"
    return every + _where(pattern) + _end(span)


def _where(pattern: Json) -> str:
    days = _days(pattern["daysOfWeek"])
    month = _MONTHS[pattern["month"] - 1] if pattern["month"] else ""
    match pattern["type"]:
        case "weekly":
            return f" on {days}"
        case "absoluteMonthly":
            return f" on day {pattern['dayOfMonth']}"
        case "relativeMonthly":
            return f" on the {pattern['index']} {days}"
        case "absoluteYearly":
            return f" on {pattern['dayOfMonth']} {month}"
        case "relativeYearly":
            return f" on the {pattern['index']} {days} of {month}"
    return ""


def _days(names: list[str]) -> str:
    if names == _WORKING_DAYS:
        return "weekdays"
    shown = [name.capitalize() for name in names]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _end(span: Json) -> str:
    if span["type"] == "endDate":
        return f", until {day_text(date.fromisoformat(span['endDate']))}"
    if span["type"] == "numbered":
        number = span["numberOfOccurrences"]
        return f", {number} time{'' if number == 1 else 's'}"
    return ""
