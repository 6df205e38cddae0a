"""One fixture per port; each test runs over every adapter. Those on Google's emulators have the mark `emulators`."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import AbstractContextManager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from provisioning.ports import Documents, SiteFiles
from tests.contracts import local_adapters
from tests.contracts.rigs import AccountsRig, MailerRig, MessagesRig

_GOOGLE = "tests.contracts.google_adapters"
_ADAPTERS = ["local", pytest.param("google", marks=pytest.mark.emulators)]


def _adapter(kind: str, port: str, folder: Path) -> AbstractContextManager[Any]:
    if kind == "local":
        return getattr(local_adapters, f"local_{port}")(folder)
    if find_spec(_GOOGLE) is None:
        pytest.skip(f"{_GOOGLE} does not exist")
    factory = getattr(import_module(_GOOGLE), f"google_{port}", None)
    if factory is None:
        pytest.skip(f"{_GOOGLE} has no google_{port}")
    return factory()


@pytest.fixture(params=_ADAPTERS)
def documents(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Documents]:
    with _adapter(request.param, "documents", tmp_path) as documents:
        yield documents


@pytest.fixture(params=_ADAPTERS)
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[MessagesRig]:
    with _adapter(request.param, "messages", tmp_path) as rig:
        yield rig


@pytest.fixture(params=_ADAPTERS)
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[SiteFiles]:
    with _adapter(request.param, "files", tmp_path) as files:
        yield files


@pytest.fixture(params=_ADAPTERS)
def mail(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[MailerRig]:
    with _adapter(request.param, "mailer", tmp_path) as rig:
        yield rig


@pytest.fixture(params=_ADAPTERS)
def people(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[AccountsRig]:
    with _adapter(request.param, "accounts", tmp_path) as rig:
        yield rig
