"""Everything that changes people: guests, accounts, passwords, recovery codes.

Each function is one transaction. What belongs to a person (sessions) is known to other apps; they
move it when ``transfer`` of ``belongings`` is called.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone

from playground.accounts import belongings, devices, exporting
from playground.accounts.models import User

#: Without letters and digits that look alike.
_CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_CODE_GROUPS = 5
_CODE_GROUP_LENGTH = 4

#: How long a code works that an administrator made.
HELP_CODE_LIFE = timedelta(days=1)


def create_guest() -> User:
    """Make a person without an account, known by the cookie of one browser."""
    guest = User(
        username=f"guest-{secrets.token_hex(8)}",
        display_name=f"Guest {secrets.randbelow(9000) + 1000}",
        is_guest=True,
    )
    guest.set_unusable_password()
    guest.save(force_insert=True)
    return guest


def create_pupil(name: str) -> User:
    """Make a pupil of a class: a guest under the name that the class knows, without a password."""
    pupil = User(
        username=f"pupil-{secrets.token_hex(8)}",
        display_name=name,
        is_guest=True,
        is_pupil=True,
    )
    pupil.set_unusable_password()
    pupil.save(force_insert=True)
    return pupil


def sign_up(guest: User | None, username: str, password: str, email: str = "") -> tuple[User, str]:
    """Give a guest (or a newcomer) an account; return it with its recovery code in clear.

    The guest keeps its row, and with it everything it has.

    Raises:
        ValueError: ``guest`` has an account already.
        django.db.IntegrityError: the name was taken a moment ago.
    """
    if guest is not None and not guest.is_guest:
        raise ValueError("This person has an account already.")
    with transaction.atomic():
        user = guest or User()
        user.username = User.normalize_username(username)
        user.display_name = ""
        user.email = email
        user.is_guest = user.is_pupil = False
        user.set_password(password)
        code = _new_code(user)
        user.save()
    return user, code


def reset_password(user: User, password: str) -> str:
    """Set a new password after a recovery; return the new recovery code."""
    with transaction.atomic():
        user.set_password(password)
        code = _new_code(user)
        user.help_code, user.help_code_until = "", None
        user.save(update_fields=["password", "recovery_code", "help_code", "help_code_until"])
    return code


def make_help_code(user: User) -> str:
    """Give an administrator a code for somebody who has lost theirs; it works once, for a day."""
    code = _random_code()
    user.help_code = make_password(_plain(code))
    user.help_code_until = timezone.now() + HELP_CODE_LIFE
    user.save(update_fields=["help_code", "help_code_until"])
    return code


def delete_person(user: User) -> None:
    """Remove a person with all that is theirs, at once and for good."""
    belongings.remove_all(user)
    devices.sign_out(user)
    exporting.remove(user)
    user.delete()


def renew_recovery_code(user: User) -> str:
    """Replace the recovery code; the old one is of no use any more."""
    code = _new_code(user)
    user.save(update_fields=["recovery_code"])
    return code


def recovery_code_fits(user: User, code: str) -> bool:
    """Say whether ``code``, however it was typed, is the person's code or an administrator's."""
    plain = _plain(code)
    until = user.help_code_until
    helped = until is not None and until > timezone.now() and check_password(plain, user.help_code)
    return helped or (bool(user.recovery_code) and check_password(plain, user.recovery_code))


def _new_code(user: User) -> str:
    code = _random_code()
    user.recovery_code = make_password(_plain(code))
    return code


def _random_code() -> str:
    groups = [
        "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_GROUP_LENGTH))
        for _ in range(_CODE_GROUPS)
    ]
    return "-".join(groups)


def _plain(code: str) -> str:
    return "".join(letter for letter in code.lower() if letter.isalnum())
