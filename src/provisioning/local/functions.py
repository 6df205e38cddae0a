"""The deployed functions, as a local runtime loads them: by the framework, from their own folders, as the cloud does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from flask import Flask

from provisioning.errors import Misconfigured


@dataclass(frozen=True, slots=True)
class Function:
    """A deployed function: its name (folder and target), and how the framework calls it."""

    name: str
    signature: Literal["http", "cloudevent"]


FUNCTIONS = (
    Function("activate_merchant", "cloudevent"),
    Function("republish", "cloudevent"),
    Function("provision_step", "http"),
    Function("status", "http"),
    Function("storefront", "http"),
    Function("sweep", "http"),
    Function("dead_letter", "http"),
)


def source_of(function: Function) -> Path:
    """Its `main.py`."""
    source = Path(__file__).parents[3] / "functions" / function.name / "main.py"
    if not source.exists():
        raise Misconfigured(f"functions/{function.name}/main.py is missing: run this from a whole checkout")
    return source


def load(function: Function) -> Flask:
    """The app that the platform would serve for it."""
    import functions_framework

    create_app = cast("Any", functions_framework).create_app
    return create_app(function.name, str(source_of(function)), function.signature)
