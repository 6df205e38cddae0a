"""How Python takes turns and collects in a process that delivers."""

from __future__ import annotations

import gc
import sys
from collections.abc import Generator
from contextlib import contextmanager

#: How long a thread that computes keeps one waiting that has its answer from disk or network. Python's own 5 ms, a hundred times in
#: an activation, are what a merchant would feel of another's.
SWITCH_SECONDS = 0.0005
#: New containers until the collector looks, and how often it looks further: a step makes thousands that need no collector.
COLLECTED_AFTER = (20_000, 20, 50)


@contextmanager
def tuned() -> Generator[None]:
    """Meanwhile threads take short turns, and the collector looks seldom, and never at what is loaded by now."""
    switch_interval, collected_after = sys.getswitchinterval(), gc.get_threshold()
    gc.freeze()
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.set_threshold(*COLLECTED_AFTER)
    try:
        yield
    finally:
        sys.setswitchinterval(switch_interval)
        gc.set_threshold(*collected_after)
