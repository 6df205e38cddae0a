"""The second process of the embedded runtime, with the empty steps of `overhead`."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.overhead import EMPTY
from provisioning.local.relief import listen
from provisioning.runtime import current, relieve

if __name__ == "__main__":
    told = listen()
    platform = current()
    relieve(replace(platform, engine=replace(platform.engine, workflows={"activation": EMPTY})), told)
