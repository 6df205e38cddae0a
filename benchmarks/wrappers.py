"""Documents seen from outside: a port that lets every call through and tells what was committed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from provisioning.ports import Documents, Query, Snapshot, Write


class ToldDocuments:
    """The port `Documents` over another one; calls `on_commit` with the writes of each commit that succeeded."""

    def __init__(self, inner: Documents, on_commit: Callable[[Sequence[Write]], None]) -> None:
        self._inner = inner
        self._on_commit = on_commit

    def get(self, path: str) -> Snapshot:
        return self._inner.get(path)

    def get_all(self, paths: Sequence[str]) -> list[Snapshot]:
        return self._inner.get_all(paths)

    def query(self, query: Query) -> list[Snapshot]:
        return self._inner.query(query)

    def commit(self, writes: Sequence[Write]) -> tuple[datetime, ...]:
        times = self._inner.commit(writes)
        self._on_commit(writes)
        return times

    def watch(self, path: str, on_change: Callable[[Snapshot], None]) -> Callable[[], None]:
        return self._inner.watch(path, on_change)
