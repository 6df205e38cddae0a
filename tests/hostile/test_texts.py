"""Store names that are markup, templates or script: accepted, as they may be honest, and text wherever they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import html5lib
import pytest
from werkzeug.test import Client, TestResponse

from provisioning.workflow.records import Status
from tests.functions.conftest import Output
from tests.hostile.inputs import NAMES, Field
from tests.hostile.stage import Stage, function, open_stage

ACCEPTED = [row for row in NAMES if row.name == "store_name" and row.code is None]
_SCRIPT_OF_OURS = re.compile(r"^/assets/[\w.-]+\.js$")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with open_stage(tmp_path_factory.mktemp("texts")) as stage:
        yield stage


def _mail(stage: Stage, address: str) -> EmailMessage:
    for file in (stage.folder / "mail").glob("*.eml"):
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        if message["To"] == address:
            return message
    raise AssertionError("no mail was written")


def _check_page(html: str, name: str) -> None:
    """The name is text, and the page holds no script, handler or address but our own."""
    document = html5lib.parse(html, namespaceHTMLElements=False)
    whole = "".join(document.itertext())

    assert name in whole
    for element in document.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag not in ("iframe", "object", "embed", "base")
        assert not [attribute for attribute in element.attrib if attribute.startswith("on")]
        if element.tag == "script" and element.get("type") not in ("application/ld+json", "application/json"):
            assert _SCRIPT_OF_OURS.fullmatch(element.get("src", "")), element.attrib
            assert not (element.text or "").strip()
        for attribute in ("href", "src", "action", "formaction", "srcdoc"):
            value = element.get(attribute, "")
            assert not value.lower().lstrip().startswith(("javascript:", "data:text", "vbscript:"))


@pytest.mark.parametrize("row", ACCEPTED, ids=lambda row: row.id)
def test_a_name_is_text_on_every_page_and_in_the_mail(stage: Stage, output: Output, row: Field) -> None:
    """The whole way: store, mail and dashboard; nothing is calculated, run or taken for a header."""
    id, email = f"t{row.number}", f"owner-{row.number}@example.com"
    record = stage.activate(
        id, subdomain=f"text-{row.number}", store_name=row.value, owner_email=email, launch="immediately"
    )
    assert record.status == Status.COMPLETED, record.error

    host = f"text-{row.number}.localhost"
    stage.wait_until_open(host)
    home = stage.raw("storefront", host=host)[1].decode()
    _check_page(home, row.value)
    for path in set(re.findall(r'href="(/(?:products|collections)/[a-z0-9-]+/)"', home)) | {"/nothing"}:
        _check_page(stage.raw("storefront", host=host, target=path)[1].decode(), row.value)

    mail = _mail(stage, email)
    assert [name.lower() for name in mail.keys()].count("bcc") == 0  # noqa: SIM118 - a message is no dict
    assert mail["Subject"].startswith(f"{row.value} is ")
    assert row.value in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    _check_page(mail.get_body(("html",)).get_content(), row.value)  # type: ignore[union-attr]

    browser = Client(function("status"), TestResponse)
    account = stage.platform.ports.accounts.find_by_email(email)
    assert account is not None
    browser.set_cookie("owner", stage.platform.tokens.session(account.uid), domain="localhost")
    _check_page(browser.get(f"/dashboard/stores/{id}").text, row.value)


@pytest.mark.parametrize(
    ("number", "changes"),
    [
        (46, {"preview": "javascript:alert(1)"}),
        (46, {"preview": "data:text/html,x"}),
        (46, {"preview": "//evil.example/x"}),
        (49, {"preview": 'https://x/"onerror=alert(1)'}),
        (53, {"name": "\u202eemehT"}),
        (53, {"description": "\u202eA theme"}),
        (54, {"features": ["\u200b"]}),
        (55, {"description": "A\x00theme"}),
        (55, {"name": "A\x00theme"}),
        (56, {"description": "x" * 301}),
        (108, {"features": [["a"]]}),
        (112, {"features": ["x"] * 21}),
        (111, {"updated_at": "2026-01-01T00:00:00Z"}),
    ],
)
def test_themes_that_are_none(stage: Stage, output: Output, number: int, changes: dict[str, object]) -> None:
    """An administrator's mistakes are refused too: what stands there is shown to every merchant."""
    theme = {
        "slug": f"theme-{number}",
        "name": "Theme",
        "description": "A theme.",
        "version": "1.0.0",
        "active": False,
    }
    answer = stage.api("POST", "themes", theme | changes)

    assert answer.status_code == 422, number
    assert f"themes/theme-{number}" not in stage.documents()


@pytest.mark.parametrize(
    ("number", "changes"),
    [
        (96, {"price": float("nan")}),
        (97, {"price": float("inf")}),
        (98, {"price": 2**63}),
        (98, {"position": 2**63}),
        (98, {"position": -(2**63) - 1}),
        (98, {"position": 2**53}),
        (99, {"position": 10**4_000}),
        (100, {"price": -1}),
        (100, {"price": 0.1 + 0.2}),
        (100, {"price": 1e-320}),
        (100, {"price": "2999"}),
        (100, {"price": True}),
        (100, {"limits": {"products": 0, "orders_per_month": 1, "storage_gb": 1, "bandwidth_gb": 1}}),
        (100, {"limits": {"products": -1, "orders_per_month": 1, "storage_gb": 1, "bandwidth_gb": 1}}),
        (100, {"limits": {"products": 1.5, "orders_per_month": 1, "storage_gb": 1, "bandwidth_gb": 1}}),
        (55, {"description": "A\x00plan"}),
        (112, {"features": ["x"] * 10_000}),
        (111, {"__proto__": {}}),
    ],
)
def test_plans_that_are_none(stage: Stage, output: Output, number: int, changes: dict[str, object]) -> None:
    """Money is whole cents from 0 on, and every number is one that all our programs hold exactly."""
    limits = {"products": 1, "orders_per_month": 1, "storage_gb": 1, "bandwidth_gb": None}
    plan = {"slug": f"plan-{number}", "name": "Plan", "description": "A plan.", "price": 0, "limits": limits}
    answer = stage.api("POST", "plans", plan | changes)

    assert answer.status_code in (400, 422), number
    assert f"plans/plan-{number}" not in stage.documents()


def test_their_honest_neighbours(stage: Stage) -> None:
    """A free plan with the largest numbers, and a theme in another script."""
    limits = {"products": 1_000_000_000, "orders_per_month": 1, "storage_gb": None, "bandwidth_gb": None}
    plan = {"slug": "free", "name": "Free", "description": "", "price": -0, "limits": limits, "position": -1}
    theme = {
        "slug": "kyoto",
        "name": "京都 ☂",
        "description": "Zwei\nZeilen, é",
        "version": "0.0.0",
        "active": False,
    }

    assert stage.api("POST", "plans", plan).status_code == 201
    assert stage.api("POST", "themes", theme).status_code == 201
