"""One platform and one caller for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioning.api import streams
from tests.api.world import Api, opened


@pytest.fixture
def api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    # What is followed and does not change would end after a minute.
    monkeypatch.setattr(streams, "STREAM_SECONDS", 0.3)
    with opened(tmp_path) as api:
        yield api
