from zoneinfo import available_timezones

from django import forms

from leansoft.accounts.models import User


def zone_choices() -> list[tuple[str, str]]:
    """Zones that people live in, by name: Etc and the old short names are left out."""
    names = [name for name in available_timezones() if "/" in name and not name.startswith("Etc/")]
    return [("UTC", "UTC"), *((name, zone_name(name)) for name in sorted(names))]


def zone_name(zone: str) -> str:
    """As the calendar says it: Berlin (Europe)."""
    *parts, city = zone.replace("_", " ").split("/")
    return f"{city} ({', '.join(parts)})" if parts else city


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    time_zone = forms.ChoiceField(
        choices=zone_choices,
        label="Time zone",
        help_text="Your calendar shows times in this zone; new events start with it.",
    )

    class Meta:
        model = User
        fields = ("name", "time_zone", "default_reminder_minutes", "sharing")
        labels = {
            "default_reminder_minutes": "Reminder, in minutes before the start",
            "sharing": "What colleagues see of your calendar",
        }
        help_texts = {
            "default_reminder_minutes": "For new events. Leave it empty for no reminder.",
            "sharing": "Private events never show more than that you are busy.",
        }
        error_messages = {
            "name": {"required": "Enter your name, as colleagues shall see it."},
            "default_reminder_minutes": dict.fromkeys(
                ("invalid", "min_value", "max_value"),
                "Enter a number of minutes, 0 for a reminder at the start, or nothing.",
            ),
        }
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        self.fields["default_reminder_minutes"].required = False
        zone = self.instance.time_zone
        field = self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)
        # A name that is not offered stays selectable for whoever has it.
        if zone not in dict(zone_choices()):
            field.choices = [(zone, zone), *zone_choices()]
