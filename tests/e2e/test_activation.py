"""A merchant goes live, seen from outside, on each local runtime."""

from __future__ import annotations

import threading
import time
import uuid

from provisioning.ports import Snapshot, document_path
from provisioning.stores.activation import parse_activation
from provisioning.workflow.records import Provisioning, Status, read_provisioning
from provisioning.workflow.requests import submit

from .browsing import crawl, form_fields
from .conftest import Served


def request_activation(served: Served, subdomain: str, **fields: object) -> str:
    """Write an activation request as the portal does; its id."""
    id = f"e2e-{uuid.uuid4().hex[:12]}"
    given = {
        "merchant_id": f"merchant-{subdomain}",
        "store_name": f"Store {subdomain}",
        "owner_email": f"owner-{subdomain}@example.com",
        "subdomain": subdomain,
        "category": "electronics",
    }
    submit(served.documents, parse_activation(given | fields, id), id)
    return id


class History:
    """Every state of a provisioning that a listener was shown."""

    def __init__(self, served: Served, id: str) -> None:
        self.states: list[Provisioning] = []
        self.over = threading.Event()
        self._stop = served.documents.watch(document_path("provisionings", id), self._note)

    def _note(self, found: Snapshot) -> None:
        if found.data is None:
            return
        self.states.append(read_provisioning(found.data))
        if self.states[-1].over:
            self.over.set()

    def wait(self, seconds: float = 60) -> Provisioning:
        try:
            assert self.over.wait(seconds), f"not over: {self.states[-1:]}"
        finally:
            self._stop()
        return self.states[-1]


def test_three_merchants_at_once_go_live(served: Served) -> None:
    """Each document only moves forward and ends COMPLETED; every page and asset of each store answers."""
    run = uuid.uuid4().hex[:6]
    names = [f"{kind}-{run}" for kind in ("volt", "cloth", "nest")]
    categories = ["electronics", "fashion", "home"]
    histories = []
    for name, category in zip(names, categories, strict=True):
        id = request_activation(served, name, category=category, launch="immediately")
        histories.append(History(served, id))
    for name, history in zip(names, histories, strict=True):
        record = history.wait()

        assert (record.status, record.completion_percent) == (Status.COMPLETED, 100), record.error
        places = [(r.engine.epoch, r.engine.hop, r.completion_percent) for r in history.states]
        assert sorted(places) == places
        assert all(check["ok"] for check in record.receipt)
        assert served.store(name) == record.links["website"]
        until_open(served, name)
        site = crawl(served.visitor(), f"{served.store(name)}/")
        assert site.broken == []
        assert len(site.pages) > 20


def until_open(served: Served, subdomain: str) -> None:
    """An instance may show its last answer for two seconds."""
    deadline = time.monotonic() + 5
    while b"/products/" not in served.visitor().get(f"{served.store(subdomain)}/").data:
        assert time.monotonic() < deadline, "the public still sees no shop"
        time.sleep(0.1)


def test_owner_opens_the_welcome_link_signs_in_and_goes_live(served: Served) -> None:
    """Opening the link spends nothing; its button signs in once; Go live opens the store to the public."""
    subdomain = f"owner-{uuid.uuid4().hex[:6]}"
    id = request_activation(served, subdomain)
    record = History(served, id).wait()
    assert record.status == Status.COMPLETED, record.error
    shopper, owner = served.visitor(), served.visitor()
    public = shopper.get(f"{served.store(subdomain)}/")
    assert b"/products/" not in public.data
    assert "noindex" in public.headers["X-Robots-Tag"]

    link = served.welcome_link(id)
    dashboard = record.links["dashboard"]
    assert owner.get(dashboard).status == 401
    for _ in range(2):
        opened = owner.get(link)
        assert opened.status == 200
    base = link.split("/welcome")[0]
    signed_in = owner.post(f"{base}/welcome", form_fields(opened.data, "/welcome"))
    assert (303, dashboard) == (signed_in.status, _absolute(base, signed_in.headers["Location"]))
    again = served.visitor().post(f"{base}/welcome", form_fields(opened.data, "/welcome"))
    assert again.status != 303

    page = owner.get(dashboard)
    assert page.status == 200
    live = owner.post(f"{dashboard}/go-live", form_fields(page.data, "/go-live"))
    assert live.status == 303
    until_open(served, subdomain)


def _absolute(base: str, location: str) -> str:
    return location if location.startswith("http") else base + location


def test_two_requests_for_one_subdomain_give_one_store(served: Served) -> None:
    """One is COMPLETED; the other is FAILED, says why, and leaves nothing behind."""
    subdomain = f"race-{uuid.uuid4().hex[:6]}"
    ids = [request_activation(served, subdomain, merchant_id=f"m-{subdomain}-{n}") for n in range(2)]
    records = dict(zip(ids, [History(served, id).wait() for id in ids], strict=True))

    assert sorted(str(r.status) for r in records.values()) == ["COMPLETED", "FAILED"]
    loser = next(id for id, record in records.items() if record.status == Status.FAILED)
    error = records[loser].error
    assert error is not None
    codes = {error.code, *(problem.code for problem in error.fields)}
    assert "SUBDOMAIN_TAKEN" in codes
    left = [f"stores/{loser}", f"deployments/{loser}", f"tenants/{loser}"]
    assert [found.data for found in served.documents.get_all(left)] == [None] * 3
    winner = next(id for id in ids if id != loser)
    host = served.documents.get(f"hosts/{subdomain}.localhost").data
    assert host is not None
    assert winner == host["store_id"]


def test_rolled_back_store_is_gone_and_its_name_free(served: Served) -> None:
    """After a confirmed roll back nothing answers by the host, and the next request may take the name."""
    from provisioning.runtime import assemble
    from provisioning.settings import read_settings
    from provisioning.workflow.recovery import roll_back

    subdomain = f"undo-{uuid.uuid4().hex[:6]}"
    id = request_activation(served, subdomain, launch="immediately")
    assert History(served, id).wait().status == Status.COMPLETED
    roll_back(assemble(read_settings()).engine, id, actor="test", confirm=subdomain)
    record = History(served, id).wait()

    assert record.status == Status.ROLLED_BACK, record.error
    left = [f"stores/{id}", f"deployments/{id}", f"tenants/{id}", f"hosts/{subdomain}.localhost"]
    assert [found.data for found in served.documents.get_all(left)] == [None] * 4
    again = request_activation(served, subdomain)
    assert History(served, again).wait().status == Status.COMPLETED
