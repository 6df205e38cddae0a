"""The settings: what is wrong is named, and nothing that is right on a laptop alone gets into production."""

from __future__ import annotations

import pytest

from provisioning.errors import Misconfigured
from provisioning.settings import EMULATOR_VARIABLES, WITHOUT_SESSION_SECRET, Runtime, read_settings

PRODUCTION = {
    "K_SERVICE": "status",
    "GOOGLE_CLOUD_PROJECT": "upfront-prod",
    "SITE_BUCKET": "upfront-prod-sites",
    "STORE_DOMAIN": "stores.example.com",
    "PUBLIC_SCHEME": "https",
    "PUBLIC_PORT": "",
    "DASHBOARD_HOST": "dashboard.example.com",
    "SESSION_SECRET": "0123456789abcdef0123456789abcdef",
    "MAIL_FROM": "stores@example.com",
}


def test_cloud_run_is_production_whatever_else_is_set() -> None:
    """A forgotten local variable must not choose local ports."""
    settings = read_settings(PRODUCTION | {"PROVISIONING_RUNTIME": "embedded"})

    assert settings.provisioning_runtime == Runtime.GOOGLE
    assert settings.public_port is None


@pytest.mark.parametrize("name", EMULATOR_VARIABLES)
def test_emulator_variable_stops_production(name: str) -> None:
    """With it a client would trust unsigned tokens, or write into nothing."""
    with pytest.raises(Misconfigured, match=name):
        read_settings(PRODUCTION | {name: "localhost:9"})


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "K_SERVICE"])
def test_local_default_stops_production(name: str) -> None:
    """A setting that was forgotten is named at the start, not found out by a merchant."""
    given = {key: value for key, value in PRODUCTION.items() if key != name}

    with pytest.raises(Misconfigured, match=name):
        read_settings(given)


@pytest.mark.parametrize("service", [*sorted(WITHOUT_SESSION_SECRET), None])
def test_who_signs_nothing_starts_without_the_secret(service: str | None) -> None:
    """And has none to sign with: neither that of a laptop, nor one that is there all the same."""
    given = PRODUCTION | {"PROVISIONING_RUNTIME": "google"}
    given = {name: value for name, value in given.items() if name not in {"K_SERVICE", "SESSION_SECRET"}}
    named = {} if service is None else {"K_SERVICE": service}

    assert read_settings(given | named).signing_secret is None
    assert (
        read_settings(PRODUCTION | given | {"K_SERVICE": "status"}).signing_secret
        == PRODUCTION["SESSION_SECRET"]
    )
    assert read_settings({}).signing_secret


def test_wrong_value_is_named_and_not_repeated() -> None:
    """The message names the variable; a value may be a secret in the wrong place."""
    with pytest.raises(Misconfigured, match="STEP_BUDGET_SECONDS") as caught:
        read_settings({"STEP_BUDGET_SECONDS": "sk_live_CANARY"})

    assert "CANARY" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STEP_BUDGET_SECONDS", "six"),
        ("STEP_BUDGET_SECONDS", "0"),
        ("PUBLIC_PORT", "80a"),
        ("PUBLIC_PORT", "70000"),
        ("PUBLIC_SCHEME", "ftp"),
        ("PROVISIONING_RUNTIME", "gcp"),
        ("LOG_LEVEL", "verbose"),
    ],
)
def test_wrong_setting_is_named_with_its_value(name: str, value: str) -> None:
    """Whoever made the mistake sees which word it was."""
    with pytest.raises(Misconfigured) as caught:
        read_settings({name: value})

    assert name in str(caught.value)
    assert repr(value) in str(caught.value)


def test_wrong_secret_is_named_without_its_value() -> None:
    """However short it is; and a long value, which may be a secret, is only measured."""
    with pytest.raises(Misconfigured) as caught:
        read_settings({"SESSION_SECRET": "hunter2", "PUBLIC_SCHEME": "0123456789abcdef"})

    assert "SESSION_SECRET" in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert "0123456789abcdef" not in str(caught.value)
    assert "a text of 16 characters" in str(caught.value)


def test_settings_print_themselves_without_secrets() -> None:
    """In every way that a log, a traceback or a person would."""
    settings = read_settings(PRODUCTION | {"SENDGRID_API_KEY": "SG.never-to-be-seen"})

    for text in (repr(settings), str(settings), f"{settings}", repr([settings])):
        assert "upfront-prod" in text
        assert PRODUCTION["SESSION_SECRET"] not in text
        assert "never-to-be-seen" not in text


def test_client_timeout_and_ack_deadline_follow_from_the_budget() -> None:
    """Half of it, and three times it but never under Pub/Sub's ten seconds."""
    settings = [read_settings({"STEP_BUDGET_SECONDS": seconds}) for seconds in ("1", "6")]

    assert [each.client_timeout for each in settings] == [0.5, 3.0]
    assert [each.ack_deadline for each in settings] == [10, 18]
