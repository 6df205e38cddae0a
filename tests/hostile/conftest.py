"""One platform for each module: opening it takes longer than most inputs do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.functions.conftest import Output
from tests.hostile.stage import CANARY, Stage, open_stage


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with open_stage(tmp_path_factory.mktemp("stage")) as stage:
        yield stage


@pytest.fixture
def output(capfd: pytest.CaptureFixture[str]) -> Iterator[Output]:
    """All that the process prints; no test may leave a secret or a traceback in it."""
    with Output() as output:
        yield output
        printed = "".join(capfd.readouterr())
        output.stream.write(printed)
    assert CANARY not in output.text
    assert "Traceback" not in output.text
