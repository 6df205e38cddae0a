"""The data folder of a local runtime: one runtime at a time works in it."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import TextIO

from provisioning.errors import Misconfigured

LOCK = "lock"


def lock_folder(data: Path) -> TextIO:
    """Make the folder ours until we end; the lock goes with the process, however it ends."""
    data.mkdir(parents=True, exist_ok=True)
    lock = (data / LOCK).open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise Misconfigured(
            f"another runtime works in {data}: end it, or choose another folder with --data"
        ) from None
    return lock
