"""The application registered with Microsoft."""

from django import forms

from leansoft.connections.clouds import Cloud, named_by_environment
from leansoft.connections.domain.integration import (
    InvalidSetting,
    Registration,
    read_registration,
    save_integration,
)
from leansoft.connections.models import Integration


class IntegrationForm(forms.Form):
    enabled = forms.BooleanField(
        required=False,
        label="Outlook Calendar",
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text="Lets everybody here connect their Outlook calendar.",
    )
    client_id = forms.CharField(
        required=False,
        label="Client ID",
        help_text="Microsoft calls it “Application (client) ID”.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    client_secret = forms.CharField(
        required=False,
        label="Client Secret",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "spellcheck": "false"}),
    )
    secret_expires_on = forms.DateField(
        required=False,
        label="The secret expires on",
        help_text="Microsoft shows the date beside the secret. Leansoft warns you beforehand.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "This is no date: choose one, or leave it empty."},
    )
    tenant = forms.CharField(
        required=False,
        label="Tenant",
        help_text="It belongs to the account type of the registration: “common”, “organizations”, "
        "“consumers”, or the Directory (tenant) ID of your organization.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    cloud = forms.ChoiceField(
        required=False,
        choices=Cloud.choices,
        label="Microsoft cloud",
        help_text="Every cloud needs a registration of its own.",
    )

    def __init__(self, data: object, *, integration: Integration) -> None:
        initial = {
            "enabled": integration.enabled,
            "client_id": integration.client_id,
            "secret_expires_on": integration.secret_expires_on,
            "tenant": integration.tenant,
            "cloud": integration.cloud,
        }
        super().__init__(data, initial=initial)  # type: ignore[arg-type]  # a request's POST
        if named_by_environment():
            del self.fields["cloud"]
        kept = bool(integration.client_secret_sealed)
        secret = self.fields["client_secret"]
        secret.help_text = (
            "A secret is stored, encrypted; it is never shown again. Leave this empty to keep it."
            if kept
            else "Paste the secret's Value. It is stored encrypted and never shown again."
        )
        if kept:
            secret.widget.attrs["placeholder"] = "••••••••••••••••"

    def registration(self) -> Registration:
        """What is entered, saved or not. Raises `InvalidSetting`."""
        given = ("client_id", "client_secret", "tenant", "cloud")
        return read_registration(**{n: self[n].value() or "" for n in given if n in self.fields})

    def save(self) -> bool:
        """Whether the values could be saved; if not, the errors stand beside their fields."""
        try:
            save_integration(**self.cleaned_data)
        except InvalidSetting as error:
            self.add_error(error.field, error.sentence)
            self.fields[error.field].widget.attrs["autofocus"] = True
            return False
        return True
