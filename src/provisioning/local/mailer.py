"""Mail as `.eml` files that any mail program opens."""

from __future__ import annotations

import hashlib
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime
from pathlib import Path

from provisioning.errors import Permanent, Transient
from provisioning.local.files import create_file
from provisioning.ports import Mail, Sent

#: The header that carries the effect key.
KEY_HEADER = "X-Effect-Key"


class EmlMailer:
    """The port `Mailer`. It always knows what it sent: a second mail with the same key is not written, and `find` is exact."""

    def __init__(self, folder: Path, sender: str, sender_name: str) -> None:
        self._folder = folder
        self._sender = Address(display_name=sender_name, addr_spec=sender)
        self._unfinished = folder / ".unfinished"

    def path(self, key: str) -> Path:
        """Where the mail with this key is, once it is sent."""
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()}.eml"

    def send(self, mail: Mail) -> None:
        content = self._compose(mail)
        try:
            self._unfinished.mkdir(parents=True, exist_ok=True)
            create_file(self.path(mail.key), content, self._unfinished)
        except OSError as error:
            raise Transient(f"the mail folder does not work: {error.strerror}", code="FOLDER") from error

    def find(self, key: str) -> Sent:
        return Sent.SENT if self.path(key).is_file() else Sent.NOT_SENT

    def _compose(self, mail: Mail) -> bytes:
        message = EmailMessage(policy=SMTP)
        try:
            # The library refuses line breaks in headers and a second address in one.
            message["From"] = self._sender
            message["To"] = Address(addr_spec=mail.to)
            message["Subject"] = mail.subject
            message["Date"] = format_datetime(localtime())
            message[KEY_HEADER] = mail.key
            message.set_content(mail.text)
            message.add_alternative(mail.html, subtype="html")
            return message.as_bytes()
        except (ValueError, IndexError) as error:
            raise Permanent(
                "MAIL_REFUSED",
                "The mail could not be addressed",
                detail="Its address or one of its headers is not one that mail can carry.",
                action="Correct the owner's e-mail address and start over.",
            ) from error
