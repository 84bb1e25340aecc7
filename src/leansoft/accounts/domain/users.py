"""Creating users and finding them by address."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction

from leansoft.accounts.models import Address, User


class UserExists(Exception):
    """Somebody has this address already."""


@transaction.atomic
def create_user(
    *,
    email: str,
    password: str,
    name: str = "",
    administrator: bool = False,
    time_zone: str = "UTC",
) -> User:
    """Raises `UserExists`, and Django's `ValidationError` for a bad address or no password."""
    if not password:
        raise ValidationError("Give a password.")
    email = email.strip().casefold()
    if find_user(email):
        raise UserExists(f"There is a user with the address {email} already.")
    role = User.Role.ADMINISTRATOR if administrator else User.Role.USER
    user = User(email=email, name=name or email.partition("@")[0], role=role, time_zone=time_zone)
    user.set_password(password)
    user.full_clean()
    user.save()
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    return user


def find_user(email: str) -> User | None:
    return find_users([email]).get(email.casefold())


def find_users(emails: Iterable[str]) -> dict[str, User]:
    """Users by each of these addresses that belongs to one, in lower case."""
    wanted = {email.casefold() for email in emails}
    found = {user.email: user for user in User.objects.filter(email__in=wanted)}
    for address in Address.objects.select_related("user").filter(email__in=wanted):
        found.setdefault(address.email, address.user)
    return found
