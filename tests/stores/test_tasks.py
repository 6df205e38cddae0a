"""Work beyond the store itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from provisioning.ports import document_path
from provisioning.stores.activation import ActivationRequest, Integrations
from provisioning.stores.tasks import TaskStatus, read_tasks, task_write, tasks_for

NOW = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)


def request_for(**changes: object) -> ActivationRequest:
    data = {
        "merchant_id": "m1",
        "store_id": "s1",
        "store_name": "Awesome Store",
        "owner_email": "avery@example.com",
        "subdomain": "awesome-store",
    }
    return ActivationRequest.model_validate(data | changes)


def test_a_request_for_a_plain_store_makes_none():
    """Nothing was asked for beyond the store."""
    assert tasks_for(request_for(), NOW) == ()


@pytest.mark.parametrize(
    ("integration", "name"),
    [
        ("stripe", "payments_stripe"),
        ("paypal", "payments_paypal"),
        ("meta_ads", "meta_ads"),
        ("analytics", "analytics"),
    ],
)
def test_each_integration_makes_its_task(integration, name):
    """Exactly the one that was asked for."""
    tasks = tasks_for(request_for(integrations=Integrations(**{integration: True})), NOW)

    assert [task.name for task in tasks] == [name]


def test_a_custom_domain_is_named_where_people_and_later_work_read_it():
    """The domain is in the title and among the facts."""
    (task,) = tasks_for(request_for(custom_domain="shop.example.com"), NOW)

    assert task.name == "custom_domain"
    assert "shop.example.com" in task.title
    assert task.requested == {"domain": "shop.example.com"}


def test_every_task_waits_and_says_why_and_what_to_do(shop):
    """All five come back from the documents as they were written, each with two whole sentences."""
    wanted = request_for(
        custom_domain="shop.example.com",
        integrations=Integrations(stripe=True, paypal=True, meta_ads=True, analytics=True),
    )
    tasks = tasks_for(wanted, NOW)
    shop.documents.commit([task_write("s1", task) for task in tasks])

    assert len({task.name for task in tasks}) == 5
    assert sorted(tasks, key=lambda task: task.name) == list(read_tasks(shop.documents, "s1"))
    for task in tasks:
        assert task.status is TaskStatus.WAITING
        assert task.why.endswith(".")
        assert task.next.endswith(".")
        assert document_path("tenants", "s1", "tasks", task.name) == task_write("s1", task).path
