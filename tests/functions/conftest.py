from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import functions_framework
import pytest
import structlog
from flask.testing import FlaskClient

from provisioning import logs
from provisioning.runtime import installed
from tests.workflow.world import World

FUNCTIONS = Path(__file__).parents[2] / "functions"
#: Planted in everything that is sent; it must come out nowhere.
CANARY = "sk_live_CANARY"


class Output:
    """All that a process would print: our own events, and what the framework logs."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        self._handler = logging.StreamHandler(self.stream)

    def __enter__(self) -> Output:
        logs.configure("DEBUG", self.stream)
        logging.getLogger().addHandler(self._handler)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self._handler)
        structlog.reset_defaults()

    @property
    def text(self) -> str:
        return self.stream.getvalue()


@pytest.fixture
def output() -> Iterator[Output]:
    with Output() as output:
        yield output


@pytest.fixture
def world(tmp_path: Path, output: Output) -> Iterator[World]:
    """A platform whose documents, broker and steps are a test's world."""
    world = World(tmp_path)
    with installed(SimpleNamespace(engine=world.engine, ports=world.engine.ports)):
        yield world
    world.database.close()


@pytest.fixture
def serve() -> Callable[..., FlaskClient]:
    """A client of the function, built as the platform builds it."""

    def serve(name: str, signature: str = "http") -> FlaskClient:
        app = functions_framework.create_app(name, str(FUNCTIONS / name / "main.py"), signature)
        return app.test_client()

    return serve
