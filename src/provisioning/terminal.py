"""How the command line shows a provisioning: the seven steps live, and the outcome."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from datetime import datetime

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from provisioning.ports import Documents, Snapshot, document_path
from provisioning.workflow.records import Provisioning, StepRecord, StepStatus, read_provisioning

_MARKS = {
    StepStatus.PENDING: ("·", "dim"),
    StepStatus.IN_PROGRESS: ("▸", "cyan"),
    StepStatus.COMPLETED: ("✓", "green"),
    StepStatus.FAILED: ("✗", "red"),
    StepStatus.SKIPPED: ("–", "dim"),
    StepStatus.UNDONE: ("↺", "yellow"),
}
_REFRESH_SECONDS = 0.1


def follow(
    console: Console, documents: Documents, provisioning_id: str, *, timeout: float | None = None
) -> Provisioning | None:
    """
    Show a provisioning live until it is over; its last state, or None where it did not end in `timeout` seconds.

    It may be followed before it exists: the portal, too, listens the moment it has written its request.
    """
    news: queue.SimpleQueue[Snapshot] = queue.SimpleQueue()
    stop = documents.watch(document_path("provisionings", provisioning_id), news.put)
    try:
        with Live(console=console, refresh_per_second=12, transient=False) as live:
            return _follow(news, live.update, None if timeout is None else time.monotonic() + timeout)
    finally:
        stop()
        if not console.is_terminal:
            # Only a terminal's cursor ends on a line of its own.
            console.print()


def _follow(
    news: queue.SimpleQueue[Snapshot], show: Callable[[RenderableType], None], until: float | None
) -> Provisioning | None:
    record: Provisioning | None = None
    seen_at = time.monotonic()
    read_at: datetime | None = None
    while until is None or time.monotonic() < until:
        try:
            found = news.get(timeout=_REFRESH_SECONDS)
        except queue.Empty:
            found = None
        if found is not None and found.data is not None:
            record, read_at, seen_at = read_provisioning(found.data), found.read_time, time.monotonic()
        if record is None or read_at is None:
            show(Text("Waiting for the request to be picked up …", style="dim"))
            continue
        show(render(record, (time.monotonic() - seen_at), read_at))
        if record.over:
            return record
    return None


def render(record: Provisioning, age: float = 0.0, read_at: datetime | None = None) -> Group:
    """The bar, and a line for each step with its time; `age` is the seconds since the record was read."""
    table = Table.grid(padding=(0, 2))
    for step in record.steps:
        mark, style = _MARKS[step.status]
        tries = f"attempt {step.attempts}" if step.attempts > 1 else ""
        table.add_row(
            Text(mark, style=style),
            Text(step.title, style=style if step.status == StepStatus.IN_PROGRESS else ""),
            Text(_seconds(step, age, read_at), style="dim"),
            Text(tries, style="yellow"),
        )
    bar = Table.grid(padding=(0, 2))
    bar.add_row(
        Text(record.store_name or "", style="bold"),
        ProgressBar(total=100, completed=record.completion_percent, width=36),
        Text(f"{record.completion_percent:3d} %"),
        Text(str(record.status), style="bold"),
    )
    return Group(bar, table, *_explain(record))


def _seconds(step: StepRecord, age: float, read_at: datetime | None) -> str:
    if step.started_at is None or step.status in (StepStatus.PENDING, StepStatus.SKIPPED):
        return ""
    end = step.finished_at or read_at
    if end is None:
        return ""
    running = age if step.finished_at is None else 0.0
    return f"{max(0.0, (end - step.started_at).total_seconds() + running):5.2f} s"


def _explain(record: Provisioning) -> list[RenderableType]:
    """Why it stands still, and what to do."""
    if record.error is None:
        return []
    lines: list[RenderableType] = [Text(f"{record.error.title} ({record.error.code})", style="bold red")]
    if record.error.fields:
        lines += [Text(f"  {problem.field} {problem.message}") for problem in record.error.fields]
    elif record.error.detail:
        lines.append(Text(f"  {record.error.detail}"))
    if record.error.action:
        lines.append(Text(f"  {record.error.action}", style="yellow"))
    return lines
