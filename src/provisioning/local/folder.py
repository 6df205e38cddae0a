"""The data folder of a local runtime: one runtime at a time works in it."""

from __future__ import annotations

import fcntl
import time
from pathlib import Path
from typing import TextIO

from provisioning.errors import Misconfigured

LOCK = "lock"


def functions_log(data: Path) -> Path:
    """What the functions say; its folder is made."""
    (data / "logs").mkdir(parents=True, exist_ok=True)
    return data / "logs" / "functions.log"


def lock_folder(data: Path, patience: float = 0.0) -> TextIO:
    """Make the folder ours until we end, and whoever has the lock from us; it goes with the processes, however they end."""
    data.mkdir(parents=True, exist_ok=True)
    lock = (data / LOCK).open("w")
    give_up_at = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() < give_up_at:
                time.sleep(0.02)
                continue
            lock.close()
            raise Misconfigured(
                f"another runtime works in {data}: end it, or choose another folder with --data"
            ) from None
        return lock
