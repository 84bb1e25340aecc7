"""A colleague, as an administrator adds and changes them."""

from django import forms
from django.core.exceptions import ValidationError

from leansoft.accounts.domain.users import NotPermitted, UserExists, change_role, create_user
from leansoft.accounts.models import User

ROLE_HELP = "Administrators change the settings that hold for everybody, and add people."


class PersonForm(forms.Form):
    name = forms.CharField(
        max_length=150,
        label="Name",
        help_text="As colleagues see it.",
        error_messages={"required": "Enter a name."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    email = forms.EmailField(
        label="Email address",
        help_text="They sign in with it, and events name them by it. It cannot be changed later, "
        "so take the one that their Outlook uses.",
        error_messages={
            "required": "Enter an address.",
            "invalid": "This is no e-mail address: it looks like ana@example.com.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(choices=User.Role.choices, label="Role", help_text=ROLE_HELP)

    def __init__(self, data: object, *, time_zone: str) -> None:
        super().__init__(data, initial={"role": User.Role.USER})  # type: ignore[arg-type]  # a request's POST
        self.time_zone = time_zone

    def save(self) -> User | None:
        """None when it could not be; then the reason stands beside its field."""
        given = self.cleaned_data
        try:
            return create_user(
                email=given["email"],
                password=None,
                name=given["name"],
                administrator=given["role"] == User.Role.ADMINISTRATOR,
                time_zone=self.time_zone,
            )
        except (UserExists, ValidationError) as error:
            self.add_error("email", error if isinstance(error, ValidationError) else str(error))
            return None


class RoleForm(forms.Form):
    name = forms.CharField(
        max_length=150, label="Name", error_messages={"required": "Enter a name."}
    )
    role = forms.ChoiceField(choices=User.Role.choices, label="Role", help_text=ROLE_HELP)

    def __init__(self, data: object = None, *, person: User) -> None:
        initial = {"name": person.name, "role": person.role}
        super().__init__(data, initial=initial)  # type: ignore[arg-type]  # a request's POST
        self.person = person

    def save(self, *, by: User) -> bool:
        try:
            change_role(self.person, User.Role(self.cleaned_data["role"]), by=by)
        except NotPermitted as error:
            self.add_error("role", str(error))
            return False
        User.objects.filter(pk=self.person.pk).update(name=self.cleaned_data["name"])
        return True
