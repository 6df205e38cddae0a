"""The simulator's documents keep the promises of the port: the same suite as every adapter's."""

from __future__ import annotations

import time

import pytest
from simulation.documents import MemoryDocuments

from tests.contracts.test_documents import *  # noqa: F403 - the suite itself


@pytest.fixture
def documents() -> MemoryDocuments:
    return MemoryDocuments(lambda: time.time_ns() // 1000)
