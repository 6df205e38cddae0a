"""A change of the catalogue reaches the shop by itself, on each local runtime."""

from __future__ import annotations

import time
import uuid

from provisioning.ports import Query, Update
from provisioning.workflow.records import Status

from .conftest import Served
from .test_activation import History, request_activation, until_open


def test_a_new_price_shows_within_seconds(served: Served) -> None:
    """The merchant changes one product; its page shows that, and only one publication was made of two changes."""
    subdomain = f"price-{uuid.uuid4().hex[:6]}"
    id = request_activation(served, subdomain, launch="immediately")
    assert History(served, id).wait().status == Status.COMPLETED
    until_open(served, subdomain)
    (product, *_) = served.documents.query(Query(f"tenants/{id}/products", limit=1))
    data = dict(product.data or {})
    page = f"{served.store(subdomain)}/products/{data['handle']}/"
    variants = [dict(v) | {"price": 123_456, "compare_at_price": None} for v in data["variants"]]

    served.documents.commit([Update(product.path, {"title": "A new title"})])
    served.documents.commit([Update(product.path, {"variants": variants})])

    _until(lambda: b"1,234.56" in served.visitor().get(page).data)
    assert b"A new title" in served.visitor().get(page).data
    made = served.documents.query(Query("publications", limit=100))
    assert [found.data["number"] for found in made if found.id == id] == [1]


def _until(true, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not show"
        time.sleep(0.1)
