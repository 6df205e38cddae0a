"""Documents whose next commit carries an audit entry: so that a deed and the record of it happen both or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from provisioning.ports import Create, Documents, Query, Snapshot, Write


@dataclass(frozen=True, slots=True)
class AuditedDocuments:
    """The port `Documents` for one deed, which is one commit; a second commit conflicts with the entry of the first."""

    documents: Documents
    entry: Create

    def get(self, path: str) -> Snapshot:
        return self.documents.get(path)

    def get_all(self, paths: Sequence[str]) -> list[Snapshot]:
        return self.documents.get_all(paths)

    def query(self, query: Query) -> list[Snapshot]:
        return self.documents.query(query)

    def count(self, query: Query) -> int:
        return self.documents.count(query)

    def commit(self, writes: Sequence[Write]) -> tuple[datetime, ...]:
        return self.documents.commit([*writes, self.entry])[:-1]

    def watch(self, path: str, on_change: Callable[[Snapshot], None]) -> Callable[[], None]:
        return self.documents.watch(path, on_change)
