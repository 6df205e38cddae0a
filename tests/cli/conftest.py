"""The command line as it is typed, beside a runtime that serves."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import pytest
from rich.console import Console
from typer.testing import CliRunner

from provisioning import cli
from provisioning.cli import console
from provisioning.errors import InvalidInput, ProvisioningError
from tests.e2e.conftest import Served, serving


@dataclass
class Typed:
    """What a command printed, and how it ended."""

    code: int
    text: str
    error: str = ""

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class Desk:
    """Who types, and the runtime that they type to."""

    served: Served
    type: Callable[..., Typed]

    def open_store(self, subdomain: str, theme: str = "upfront-modern") -> str:
        """A store that sells; its id."""
        words = f"--merchant m-{subdomain} --store-name Juniper --email {subdomain}@example.com --subdomain {subdomain}"
        words += f" --category fashion --plan professional --theme {theme} --launch immediately --wait --json"
        done = self.type("activate", *words.split())
        assert done.code == 0, done
        self.until(subdomain, lambda page: "Opening soon" not in page)
        return str(done.json["store_id"])

    def see(self, address: str) -> str:
        """The page there as a visitor sees it: of a store by its subdomain, or behind a preview's link."""
        status, text = self._look(address)
        assert status == 200, (address, status)
        return text

    def until(self, address: str, shows: Callable[[str], bool]) -> None:
        """What visitors see changes within seconds: an instance keeps for two what it has looked up."""
        deadline = time.monotonic() + 20
        while True:
            status, text = self._look(address)
            if status == 200 and shows(text):
                return
            assert time.monotonic() < deadline, f"it did not show: {status}"
            time.sleep(0.1)

    def _look(self, address: str) -> tuple[int, str]:
        visitor = self.served.visitor()
        url = address if "://" in address else f"{self.served.store(address)}/"
        page = visitor.get(url)
        while page.status in (302, 303):
            url = urljoin(url, page.headers["Location"])
            page = visitor.get(url)
        return page.status, page.data.decode()


def _type(*words: str) -> Typed:
    result = CliRunner().invoke(cli.app, list(words))
    error = result.exception
    if isinstance(error, InvalidInput):
        return Typed(2, result.output, "; ".join(f"{f.field} {f.code}" for f in error.fields))
    if isinstance(error, ProvisioningError):
        return Typed(1, result.output, str(error))
    if error is not None and not isinstance(error, SystemExit):
        raise error
    return Typed(result.exit_code, result.output)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """`provisioning up` in a process of its own, and commands typed beside it."""
    with (
        pytest.MonkeyPatch.context() as patch,
        serving(tmp_path_factory.mktemp("desk"), emulators=False) as served,
    ):
        for module in (cli, console):
            patch.setattr(module, "out", Console(highlight=False, width=200))
        yield Desk(served, _type)
