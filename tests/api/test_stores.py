"""Stores: listed, shown with what belongs to them, and their newest provisioning."""

from __future__ import annotations

from datetime import timedelta

from provisioning.ports import Create, Update
from provisioning.stores.activation import Integrations, parse_activation
from provisioning.stores.tasks import task_write, tasks_for
from provisioning.workflow.records import Status
from tests.api.world import EARLIER, Api, code_of, fields_of


def test_a_store_with_all_that_belongs_to_it(api: Api) -> None:
    api.add_store("s1")
    api.add_owner("s1")
    receipt = ({"check": "website", "ok": True, "evidence": "200"},)
    api.add_provisioning("p1", status=Status.COMPLETED, error=None, receipt=receipt)
    request = parse_activation(
        {
            "merchant_id": "m1",
            "store_name": "S",
            "owner_email": "o@example.com",
            "subdomain": "sub-s1",
            "integrations": Integrations(stripe=True),
        },
        "p1",
    )
    (task,) = tasks_for(request, EARLIER)
    deployment = {
        "store_id": "s1",
        "provisioning_id": "p1",
        "hostname": "sub-s1.localhost",
        "addresses": {"website": "http://sub-s1.localhost:8080"},
        "live": "r1",
        "ssl": {"status": "ACTIVE"},
    }
    api.documents.commit([task_write("s1", task), Create("deployments/s1", deployment)])

    shown = api.get("stores/s1").json

    assert (shown["store_id"], shown["status"], shown["plan"]["slug"]) == ("s1", "READY", "professional")
    assert shown["website"] == "http://sub-s1.localhost:8080"
    assert shown["dashboard"] == "http://localhost:8080/dashboard/stores/s1"
    assert (shown["deployment"]["live"], shown["deployment"]["ssl"]) == ("r1", {"status": "ACTIVE"})
    assert [one["name"] for one in shown["tasks"]] == ["payments_stripe"]
    assert {one["name"]: one["done"] for one in shown["checklist"]}["sign_in"] is False
    assert shown["receipt"] == list(receipt)
    assert shown["provisioning"]["id"] == "p1"


def test_a_store_that_is_being_made(api: Api) -> None:
    """There is no website yet, and perhaps no provisioning that can be found."""
    api.add_store("s1", status="CREATING")

    shown = api.get("stores/s1").json
    assert (shown["deployment"], shown["tasks"], shown["provisioning"]) == (None, [], None)


def test_unknown_store(api: Api) -> None:
    assert code_of(api.get("stores/s1")) == (404, "NOT_FOUND")
    assert code_of(api.get("stores/s1/provisioning")) == (404, "NO_PROVISIONING")


def test_stores_by_state(api: Api) -> None:
    for number, status in enumerate(["READY", "ACTIVE", "READY"]):
        api.add_store(f"s{number}", status=status)

    assert [one["store_id"] for one in api.get("stores?status=READY").json["items"]] == ["s0", "s2"]
    assert len(api.get("stores").json["items"]) == 3


def test_stores_by_what_they_have(api: Api) -> None:
    """By theme, by plan, and by both; so that whoever wants to remove one sees whom it concerns."""
    api.add_store("s1")
    api.add_store("s2", theme={"slug": "upfront-classic", "version": "1.0.0"})
    api.add_store("s3", plan={"slug": "starter"})

    def found(query: str) -> list[str]:
        return [one["store_id"] for one in api.get(f"stores?{query}").json["items"]]

    assert found("theme=upfront-modern") == ["s1", "s3"]
    assert found("plan=professional") == ["s1", "s2"]
    assert found("theme=upfront-modern&plan=professional&status=READY") == ["s1"]
    assert found("theme=upfront-minimal") == []


def test_the_newest_provisioning_of_a_store(api: Api) -> None:
    """Another store's is none of its own."""
    api.add_provisioning("p1")
    api.add_provisioning(
        "p2", requested_at=EARLIER + timedelta(minutes=1), status=Status.ROLLED_BACK, error=None
    )
    api.add_provisioning("p3", requested_at=EARLIER + timedelta(minutes=2), store_id="s2")

    assert api.get("stores/s1/provisioning").json["id"] == "p2"


# --- The plan ---


def add_products(api: Api, count: int, *, sample: bool = False) -> None:
    for number in range(count):
        path = f"tenants/s1/products/{'sample' if sample else 'own'}-{number}"
        api.documents.commit([Create(path, {"sample": sample})])


def test_another_plan(api: Api) -> None:
    """The store keeps it as it is today, and the audit log says from which to which."""
    api.seed()
    api.add_store("s1")
    add_products(api, 3, sample=True)

    assert api.put("stores/s1/plan", {"plan": "starter"}).json["plan"]["name"] == "Starter"
    kept = api.data("stores/s1")["plan"]
    assert (kept["slug"], kept["limits"]["products"]) == ("starter", 100)
    assert not {"popular", "active", "position"} & kept.keys()
    (entry,) = api.audit("store.plan_changed")
    assert (entry["subject"], entry["detail"]) == ("stores/s1", {"before": "professional", "now": "starter"})


def test_the_same_plan_again_is_no_deed(api: Api) -> None:
    api.seed()
    api.add_store("s1")
    for _ in range(2):
        assert api.put("stores/s1/plan", {"plan": "enterprise"}).status_code == 200

    assert len(api.audit("store.plan_changed")) == 1


def test_a_plan_that_is_too_small(api: Api) -> None:
    """It says of what there is too much; samples take nobody's place, and what is unlimited always fits."""
    api.seed()
    api.add_store("s1")
    api.documents.commit(
        [Update("plans/starter", {"limits": {**api.data("plans/starter")["limits"], "products": 2}})]
    )
    add_products(api, 3)
    add_products(api, 5, sample=True)

    refused = api.put("stores/s1/plan", {"plan": "starter"})
    assert fields_of(refused) == {("plan", "TOO_MANY_PRODUCTS")}
    assert "has 3" in refused.json["detail"]
    assert api.data("stores/s1")["plan"]["slug"] == "professional"
    assert api.put("stores/s1/plan", {"plan": "enterprise"}).status_code == 200


def test_plans_that_cannot_be_had(api: Api) -> None:
    api.seed()
    api.add_store("s1")
    api.add_store("s2", status="ARCHIVED")
    api.documents.commit([Update("plans/starter", {"active": False})])

    assert fields_of(api.put("stores/s1/plan", {"plan": "golden"})) == {("plan", "UNKNOWN_PLAN")}
    assert fields_of(api.put("stores/s1/plan", {"plan": "starter"})) == {("plan", "UNKNOWN_PLAN")}
    assert code_of(api.put("stores/s2/plan", {"plan": "enterprise"})) == (409, "WRONG_STORE_STATUS")
    assert code_of(api.put("stores/s3/plan", {"plan": "enterprise"})) == (404, "NOT_FOUND")
