"""The local adapters, each in a folder of its own."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing, contextmanager
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from provisioning.local.accounts import SqliteAccounts
from provisioning.local.documents import SqliteDocuments
from provisioning.local.files import FolderSiteFiles
from provisioning.local.mailer import EmlMailer
from provisioning.local.messages import SqliteMessages
from provisioning.ports import Documents, SiteFiles
from tests.contracts.rigs import AccountsRig, MailerRig, MessagesRig, Received, ReceivedMail


@contextmanager
def local_documents(folder: Path) -> Generator[Documents]:
    with closing(SqliteDocuments(folder / "documents.db")) as documents:
        yield documents


@contextmanager
def local_messages(folder: Path) -> Generator[MessagesRig]:
    with closing(SqliteMessages(folder / "documents.db")) as messages:

        def receive(timeout: float) -> Received | None:
            messages.wait(timeout)
            for delivery in messages.lease(1, 60):
                messages.acknowledge(delivery.id)
                return Received(delivery.data, delivery.attributes)
            return None

        yield MessagesRig(messages, "provision-step", receive)


@contextmanager
def local_files(folder: Path) -> Generator[SiteFiles]:
    yield FolderSiteFiles(folder / "files")


@contextmanager
def local_mailer(folder: Path) -> Generator[MailerRig]:
    def received() -> list[ReceivedMail]:
        return [_read(path) for path in (folder / "mail").glob("*.eml")]

    yield MailerRig(EmlMailer(folder / "mail", "stores@example.com", "Upfront Stores"), received)


@contextmanager
def local_accounts(folder: Path) -> Generator[AccountsRig]:
    with closing(SqliteAccounts(folder / "accounts.db", "a secret for tests")) as accounts:
        yield AccountsRig(accounts, accounts.issue_token, lambda uid: accounts.set_disabled(uid, True))


def _read(path: Path) -> ReceivedMail:
    message = message_from_bytes(path.read_bytes(), policy=default)
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    # Lines of a mail end in CR LF on the wire.
    bodies = [part.get_content().replace("\r\n", "\n") for part in (text, html)]
    return ReceivedMail(message["To"], message["Subject"], *bodies)
