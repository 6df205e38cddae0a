"""The audit log: who did what to which store, written in the same batch as the deed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from provisioning.errors import Conflict
from provisioning.ports import Create, Documents, Write, document_path


def audit_entry(
    *, at: datetime, actor: str, action: str, subject: str, detail: Mapping[str, Any] | None = None
) -> Create:
    """
    The write of one entry, `audit_log/{id}`.

    `actor` is a kind with an id, as `owner:u1`; `subject` is a document, as `stores/s1`; `action` is a dotted name, as `store.went_live`. `detail`
    holds facts, never a secret nor a whole e-mail address.
    """
    data = {"at": at, "actor": actor, "action": action, "subject": subject, "detail": dict(detail or {})}
    return Create(document_path("audit_log", secrets.token_hex(16)), data)


def commit_deed(documents: Documents, writes: Sequence[Write], entry: Create) -> None:
    """
    Commit a deed with its audit entry, all or nothing. Raises `Conflict` when a condition did not hold.

    Clients repeat a commit whose answer was lost, and so may conflict with themselves: the entry, whose name nobody else
    can know, then proves that the deed was ours.
    """
    try:
        documents.commit([*writes, entry])
    except Conflict:
        if not documents.get(entry.path).exists:
            raise
