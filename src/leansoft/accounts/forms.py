"""allauth's forms in the words of the other pages."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, ResetPasswordKeyForm
from django.forms import Form

RULES = "Eight characters at least, and none that everybody uses."


def _in_our_words(form: Form) -> None:
    labels = {"oldpassword": "Your password now", "password1": "New password"}
    for name, field in form.fields.items():
        field.label = labels.get(name, "New password, once more")
    form.fields["password1"].help_text = RULES


class ChangePassword(ChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_our_words(self)
        self.fields["oldpassword"].help_text = ""


class ChoosePassword(ResetPasswordKeyForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_our_words(self)
