"""What all commands share: where they print, how they find the platform, how they wait for what they began."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from provisioning import logs
from provisioning.errors import Misconfigured
from provisioning.runtime import Platform, assemble
from provisioning.settings import Runtime, environment, read_settings, read_variables, set_variables
from provisioning.workflow.records import Provisioning, Status

if TYPE_CHECKING:
    from provisioning.api.store_themes import Previewed

out = Console(highlight=False)
err = Console(stderr=True, highlight=False, soft_wrap=True)

DataFolder = Annotated[
    Path, typer.Option("--data", help="Folder of the local runtimes.", envvar="PROVISIONING_DATA")
]
Wait = Annotated[bool, typer.Option("--wait", help="Show the steps, and end when it is over.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for another program.")]
DEFAULT_DATA = Path(".provisioning")
ACTOR = "command-line"


def open_platform(data: Path, *, served: bool = False) -> Platform:
    """
    The platform that the environment names, or the one that `up` serves from `data`.

    Where it is a local one, its folder must be there. `served`: somebody must be serving it, since the command waits for what it does.
    """
    from provisioning.serving import VARIABLES_FILE, is_served

    serving = is_served(data)
    if serving:
        given = environment()
        variables = read_variables(data / VARIABLES_FILE)
        set_variables({name: value for name, value in variables.items() if name not in given})
    logs.configure("ERROR", sys.stderr)
    settings = read_settings()
    if "PROVISIONING_DATA" not in environment():
        settings = read_settings(provisioning_data=data)
    if settings.provisioning_runtime is not Runtime.GOOGLE:
        _check_folder(settings.provisioning_data, served=served)
    return assemble(settings)


def _check_folder(data: Path, *, served: bool) -> None:
    from provisioning.serving import is_served

    if not data.is_dir():
        raise Misconfigured(f"there is no runtime in {data}: start one with: provisioning up --data {data}")
    if served and not is_served(data):
        raise Misconfigured(f"nothing serves {data} now: start it with: provisioning up --data {data}")


def wait_for(platform: Platform, provisioning: str, *, show: bool) -> Provisioning | None:
    """Wait until a provisioning is over, its steps shown live with `show`, and then where the store answers."""
    from provisioning.terminal import follow

    record = follow(out if show else Console(quiet=True), platform.ports.documents, provisioning)
    if show and record is not None:
        for name, address in record.links.items():
            out.print(f"{name:<10} {address}", soft_wrap=True)
    return record


def end_like(record: Provisioning | None, wanted: Status) -> None:
    """End with exit code 1 where what was waited for came out otherwise."""
    if record is not None and record.status != wanted:
        raise typer.Exit(1)


def end_ordered(
    platform: Platform,
    provisioning: str,
    *,
    wait: bool,
    as_json: bool,
    more: Mapping[str, object] | None = None,
) -> None:
    """Say which provisioning does what was ordered; with `wait`, show it until it is over."""
    record = wait_for(platform, provisioning, show=not as_json) if wait else None
    if as_json:
        ended = {"status": str(record.status)} if record else {}
        print_json({"provisioning_id": provisioning, **(more or {}), **ended})
    elif not wait:
        out.print(f"It goes on by itself; watch it: provisioning status {provisioning} --watch")
    end_like(record, Status.COMPLETED)


def end_previewed(platform: Platform, preview: Previewed, *, wait: bool, as_json: bool) -> None:
    """The same for a preview, and where it can be looked at."""
    shown = {"channel": preview.channel, "link": preview.link, "days": preview.days}
    if not as_json:
        out.print(f"{preview.channel} shows it for {preview.days} days: {preview.link}", soft_wrap=True)
    end_ordered(platform, preview.provisioning_id, wait=wait, as_json=as_json, more=shown)


def refuse(message: str) -> NoReturn:
    """End with a line that says what to do."""
    raise Misconfigured(message)


def print_json(value: object) -> None:
    """Print a value for another program."""
    out.print_json(json.dumps(value, default=_jsonable, ensure_ascii=False))


def _jsonable(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
