from typing import Any

from django import forms

from leansoft.contacts.models import Contact


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    class Meta:
        model = Contact
        fields = ("name", "email", "company", "phone")
        labels = {"email": "Email address"}
        help_texts = {
            "email": "Outlook invites people by it. Without one, the contact is only named on "
            "events.",
        }
        error_messages = {
            "name": {"required": "Enter a name."},
            "email": {
                "unique": "There is a contact with this address already.",
                "invalid": "This is no e-mail address: it looks like ana@example.com.",
            },
        }
        widgets: dict[str, Any] = {
            "name": forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        }

    def clean_email(self) -> str | None:
        return (self.cleaned_data["email"] or "").casefold() or None
