"""The deployed functions, as a local runtime loads them: by the framework, from their own folders, as the cloud does."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from flask import Flask, Request, Response

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
    Function("collect", "http"),
    Function("dead_letter", "http"),
)


def source_of(function: Function) -> Path:
    """Its `main.py`."""
    source = Path(__file__).parents[3] / "functions" / function.name / "main.py"
    if not source.exists():
        raise Misconfigured(f"functions/{function.name}/main.py is missing: run this from a whole checkout")
    return source


def load_handler(function: Function) -> Callable[[Request], Response]:
    """
    An HTTP function itself, without the framework's application around it.

    For the one that is called for each step: routing, hooks and an error page cost as much as its own work, and it uses none of them.
    """
    source = source_of(function)
    spec = importlib.util.spec_from_file_location(f"provisioning_function_{function.name}", source)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, function.name)


def load(function: Function) -> Flask:
    """The app that the platform would serve for it."""
    import functions_framework

    create_app = cast("Any", functions_framework).create_app
    return create_app(function.name, str(source_of(function)), function.signature)
