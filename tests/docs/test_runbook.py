"""docs/runbook.md has a section for each alert that Terraform makes, and names only commands that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest

from provisioning.cli import app
from tests.terraform.configuration import resource, resources, value

from .pages import ROOT, headings, link_targets, section

TEXT = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
PARTS = ("**Means.**", "**Look at.**", "**Do.**")


def _alerts() -> Iterator[str]:
    """The names of all alerts, as they stand in a mail. One that is made in a new way fails here until it is known."""
    for policy in resources(type="google_monitoring_alert_policy"):
        yield from NAMES[policy.name](str(policy.body["display_name"]))
    (budget,) = resources(type="google_billing_budget")
    yield budget.body["display_name"].replace(" (${var.env})", " (budget)")


def _burning(_: str) -> Iterator[str]:
    for one in value("objectives").values():
        for speed in value("burn_rates"):
            yield f"{one['title']}: not often enough ({speed})"


def _down(_: str) -> Iterator[str]:
    checks = resource("google_monitoring_uptime_check_config.this")["for_each"]
    titles = [one["title"] for one in checks.values()]
    return (f"{title}: it does not" for title in titles)


NAMES = {
    "burning": _burning,
    "above": lambda _: (one["title"] for one in value("alerts").values()),
    "no_collecting": lambda name: iter([name]),
    "no_sweep": lambda name: iter([name]),
    "down": _down,
}
ALERTS = list(_alerts())


def test_there_are_alerts() -> None:
    """Each form of them was found."""
    assert len(ALERTS) == len(set(ALERTS)) >= 14


@pytest.mark.parametrize("alert", ALERTS)
def test_an_alert_has_its_section(alert: str) -> None:
    """It says what the alert means, what to look at and what to do, with a command."""
    text = section(TEXT, f"## {alert}")

    for before, after in pairwise(PARTS):
        assert 0 <= text.find(before) < text.find(after), alert
    assert len(text) > 200


def test_no_section_is_of_an_alert_that_is_gone() -> None:
    """What nobody is called for is not in the way of what they are."""
    assert set(headings(TEXT)) - set(ALERTS) == {"Runbook", "Disaster recovery"}


def test_commands_exist() -> None:
    """Whoever is woken can type what is said."""
    groups = {group.name for group in app.registered_groups}
    commands = {c.name or c.callback.__name__ for c in app.registered_commands if c.callback}
    named = set(re.findall(r"(?:^|`)provisioning ([\w-]+)", TEXT, re.MULTILINE))

    assert {"list", "dead-letters", "retry", "replay", "releases"} <= named
    assert named <= groups | commands


def test_files_exist() -> None:
    """The pages that it leads to, and the drills that it speaks of."""
    for target in link_targets(TEXT):
        assert (ROOT / "docs" / target.partition("#")[0]).exists(), target
    drills = re.findall(r"`(tests/\w+/test_restore\.py)`", TEXT)
    assert len(drills) == 2
    assert all((ROOT / drill).exists() for drill in drills)


def test_files_come_back_as_the_bucket_keeps_them() -> None:
    """What was removed is kept so many days, and no versions are."""
    sites = resource("google_storage_bucket.sites")
    days = int(sites["soft_delete_policy"][0]["retention_duration_seconds"]) // (24 * 3600)
    told = section(TEXT, "## Disaster recovery")

    assert "versioning" not in sites
    assert days == 7
    assert "keeps what was removed for seven days" in told
    assert "gcloud storage restore" in told
