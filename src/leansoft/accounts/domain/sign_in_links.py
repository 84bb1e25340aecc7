"""Links by which somebody chooses a password: a new colleague, or one who has lost theirs."""

import logging

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail

from leansoft.accounts.models import User

logger = logging.getLogger(__name__)


def sign_in_link(user: User) -> str:
    """Works once and for three days, as long as nobody signs in or chooses a password otherwise."""
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    link: str = get_adapter().get_reset_password_from_key_url(key)
    return link


def mail_sign_in_link(user: User, *, by: User) -> bool:
    """Whether a mail server took it; without one, the link has to be handed over."""
    if not settings.SENDS_MAIL:
        return False
    text = (
        f"Hello {user},\n\n"
        f"{by} lets you in to Leansoft, your team's calendar. Choose your password here, within "
        f"three days:\n\n{sign_in_link(user)}\n\nYou sign in as {user.email}.\n"
    )
    try:
        send_mail("Leansoft: choose your password", text, None, [user.email])
    except OSError as error:  # every fault of smtplib is one, too
        logger.warning("The mail server does not take a mail: %s", error)
        return False
    return True
