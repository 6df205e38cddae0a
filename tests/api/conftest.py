"""One platform and one caller for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from provisioning.api import streams
from provisioning.runtime import installed
from tests.api.world import Api, make_platform


@pytest.fixture
def api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    # What is followed and does not change would end after a minute.
    monkeypatch.setattr(streams, "STREAM_SECONDS", 0.3)
    platform = make_platform(tmp_path)
    ports: Any = platform.ports
    # Some tests put another adapter in the place of one of these.
    opened = (ports.messages, ports.documents, ports.accounts)
    with installed(platform):
        yield Api.open(platform)
    for adapter in opened:
        adapter.close()
