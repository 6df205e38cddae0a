"""Whether an address can be had: the rules, what is taken, and only free suggestions."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from provisioning.ports import Create
from provisioning.stores.subdomains import check_subdomain
from tests.api.world import EARLIER, Api


def _take(api: Api, *labels: str) -> None:
    host = {"store_id": "s9", "provisioning_id": "p9", "kind": "subdomain", "created_at": EARLIER}
    api.documents.commit([Create(f"hosts/{label}.localhost", host) for label in labels])


def test_free_address(api: Api) -> None:
    assert api.get("hosts/awesome-store").json == {
        "available": True,
        "hostname": "awesome-store.localhost",
        "reason": None,
        "suggestions": [],
    }


def test_taken_address_comes_with_free_ones(api: Api) -> None:
    """Nothing is suggested that is taken, nor the label itself; everything suggested is free."""
    _take(api, "awesome", "awesome-shop", "awesome-2")
    answer = api.get("hosts/awesome").json

    assert answer["available"] is False
    assert answer["reason"]["code"] == "TAKEN"
    assert len(answer["suggestions"]) >= 3
    assert not {"awesome", "awesome-shop", "awesome-2"} & set(answer["suggestions"])
    assert all(api.get(f"hosts/{label}").json["available"] for label in answer["suggestions"])


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("ab", "WRONG_LENGTH"),
        ("a" * 41, "WRONG_LENGTH"),
        ("a" * 5000, "WRONG_LENGTH"),
        ("Awesome", "UPPER_CASE"),
        ("www", "RESERVED"),
        ("xn--caf-dma", "NOT_A_LABEL"),
        ("a..b", "NOT_A_LABEL"),
        ("..", None),
        ("123456", "NOT_A_LABEL"),
        ("caf\u00e9s", "NOT_A_LABEL"),
        ("\u212astore", "NOT_A_LABEL"),
        ("<script>", "NOT_A_LABEL"),
        ("a b c", "NOT_A_LABEL"),
        ("abc\x00", "NOT_A_LABEL"),
        ("__all__", "NOT_A_LABEL"),
    ],
)
def test_label_that_breaks_the_rules(api: Api, label: str, code: str | None) -> None:
    """It is refused in words, never repeated, and what is suggested instead keeps the rules."""
    answer = api.get(f"hosts/{quote(label)}")

    assert answer.status_code == 200
    assert answer.json["available"] is False
    assert answer.json["hostname"] is None
    assert code is None or answer.json["reason"]["code"] == code
    assert all(check_subdomain(suggestion) is None for suggestion in answer.json["suggestions"])
    assert "<script>" not in answer.get_data(as_text=True)
