"""Creating users, finding them by address, and what an administrator may change of them."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction

from leansoft.accounts.models import Address, User


class UserExists(Exception):
    """Somebody has this address already."""


class NotPermitted(Exception):
    """So that there is always somebody who can let the others in."""


@transaction.atomic
def create_user(
    *,
    email: str,
    password: str | None,
    name: str = "",
    administrator: bool = False,
    time_zone: str = "UTC",
) -> User:
    """Without a password (None), a sign-in link lets them choose one.

    Raises `UserExists`, and Django's `ValidationError` for a bad address or an empty password.
    """
    if password == "":
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


@transaction.atomic
def change_role(user: User, role: User.Role, *, by: User) -> None:
    """Raises `NotPermitted`."""
    if user == by and role != user.role:
        raise NotPermitted("You cannot change your own role. Another administrator can.")
    _check_still_administrator(by, user)
    User.objects.filter(pk=user.pk).update(role=role)


@transaction.atomic
def switch_off(user: User, *, by: User) -> None:
    """Their browsers and programs are let out at once. Raises `NotPermitted`."""
    if user == by:
        raise NotPermitted("You cannot switch yourself off. Another administrator can.")
    _check_still_administrator(by, user)
    User.objects.filter(pk=user.pk).update(is_active=False)


def switch_on(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=True)


def _check_still_administrator(by: User, user: User) -> None:
    """Two who take the role from each other at once do so one after the other."""
    both = User.objects.select_for_update().filter(pk__in=[by.pk, user.pk]).order_by("pk")
    present = next(one for one in both if one.pk == by.pk)
    if not (present.is_administrator and present.is_active):
        raise NotPermitted("You are no administrator any more.")


def find_user(email: str) -> User | None:
    return find_users([email]).get(email.casefold())


def find_users(emails: Iterable[str]) -> dict[str, User]:
    """Users by each of these addresses that belongs to one, in lower case."""
    wanted = {email.casefold() for email in emails}
    found = {user.email: user for user in User.objects.filter(email__in=wanted)}
    for address in Address.objects.select_related("user").filter(email__in=wanted):
        found.setdefault(address.email, address.user)
    return found
