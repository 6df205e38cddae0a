"""What `make docs` writes is what stands in the repository."""

from __future__ import annotations

import re

import pytest
from tools import document_costs, document_events, document_firestore, document_rules

from provisioning.api.reference import describe_api
from provisioning.settings import SECRETS, Settings, describe_environment
from provisioning.workflow.definition import WORKFLOWS

from .pages import ROOT

MADE = {
    ".env.example": describe_environment,
    "docs/api.md": describe_api,
    "docs/costs.md": lambda: document_costs.fill(document_costs.PAGE.read_text(encoding="utf-8")),
    "docs/firestore.md": lambda: document_firestore.fill(
        document_firestore.PAGE.read_text(encoding="utf-8"), document_firestore.read_described()
    ),
    "docs/observability.md": lambda: document_events.fill(document_events.PAGE.read_text(encoding="utf-8")),
    "docs/themes.md": lambda: document_rules.fill(document_rules.PAGE.read_text(encoding="utf-8")),
}


@pytest.mark.parametrize("name", MADE)
def test_is_up_to_date(name: str) -> None:
    """The committed file equals what is made now; else: `make docs`."""
    assert (ROOT / name).read_text(encoding="utf-8") == MADE[name]()


def test_the_portal_names_every_step_as_the_workflow_does() -> None:
    """Its pages and the list of a run's steps speak of the same things."""
    words = (ROOT / "portal" / "src" / "texts" / "platform.ts").read_text(encoding="utf-8")
    named = dict(re.findall(r"'stepTitle\.(\w+)': '([^']+)'", words))

    steps = {step.name: step.title for workflow in WORKFLOWS.values() for step in workflow.steps}

    assert {name: title.replace("’", "'") for name, title in named.items()} == steps


def test_every_setting_stands_in_the_example() -> None:
    """Each setting is one line, but for the one that only Cloud Run sets."""
    lines = (ROOT / ".env.example").read_text().splitlines()

    named = [line.partition("=")[0] for line in lines if line and not line.startswith("#")]

    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields if name != "k_service")


def test_the_example_holds_no_secret() -> None:
    """What signs or authorises is left empty."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    secrets = {name.upper() for name in SECRETS}

    assert {"SESSION_SECRET", "SENDGRID_API_KEY"} <= secrets
    assert {f"{name}=" for name in secrets} <= set(lines)


@pytest.mark.parametrize(
    ("change", "blamed"),
    [
        (lambda d: d["Problem"]["fields"].pop("retryable"), "retryable: missing from the meanings"),
        (
            lambda d: d["Problem"]["fields"].update(gone="No more."),
            "gone: missing from the fields of Problem",
        ),
        (lambda d: d.pop("Problem"), "Problem: missing from the described shapes"),
        (lambda d: d.update(New={"more": {}}), "New: missing from the tables of the page"),
    ],
    ids=[
        "a field without a meaning",
        "a meaning without a field",
        "a table of nothing",
        "a shape without a table",
    ],
)
def test_a_page_that_does_not_fit_the_models_is_refused(change: object, blamed: str) -> None:
    """Neither a model's field nor a meaning nor a table may stand alone, and the one that does is named."""
    described = document_firestore.read_described()
    change(described)  # type: ignore[operator]

    with pytest.raises(document_firestore.Mismatch, match=blamed):
        document_firestore.fill(document_firestore.PAGE.read_text(encoding="utf-8"), described)
