"""Users, the addresses they are known by, and their API tokens."""

import hashlib
import secrets
from typing import ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").casefold())


class User(AbstractBaseUser):
    """A colleague. The e-mail address is the name for signing in, kept in lower case."""

    class Role(models.TextChoices):
        ADMINISTRATOR = "administrator", "Administrator"  # settings and everybody's connection
        USER = "user", "User"

    class Sharing(models.TextChoices):
        BUSY = "busy", "Only when I am busy"
        DETAILS = "details", "What my events are about"

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.USER)
    time_zone = models.CharField(max_length=64, default="UTC")
    sharing = models.CharField(max_length=10, choices=Sharing.choices, default=Sharing.BUSY)
    # Minutes before the start; null means no reminder.
    default_reminder_minutes = models.PositiveIntegerField(null=True, default=15)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_administrator(self) -> bool:
        return self.role == self.Role.ADMINISTRATOR

    def get_full_name(self) -> str:
        return self.name

    def known_addresses(self) -> set[str]:
        """Every address by which events may name this person, in lower case."""
        return {self.email, *self.addresses.values_list("email", flat=True)}


class Address(models.Model):
    """A further address of a user, such as the Microsoft account they connected."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="addresses")
    email = models.EmailField(unique=True)

    class Meta:
        verbose_name_plural = "addresses"

    def __str__(self) -> str:
        return self.email


class ApiToken(models.Model):
    """Lets a program act as a user. Only a digest is kept: a token is shown once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"token of {self.user}"

    @classmethod
    def issue(cls, user: User) -> str:
        token = f"leansoft_{secrets.token_urlsafe(32)}"
        cls.objects.create(user=user, digest=cls.digest_of(token))
        return token

    @classmethod
    def find(cls, token: str) -> Self | None:
        tokens = cls.objects.select_related("user").filter(user__is_active=True)
        return tokens.filter(digest=cls.digest_of(token)).first()

    @staticmethod
    def digest_of(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()
