"""Every message has a place to go: pushed by a known account, repeated in time, and kept where nobody can take it."""

from __future__ import annotations

import pytest

from provisioning.settings import Settings

from .configuration import expression, number, resource, resources, value

SUBSCRIPTIONS = {one.name: one.body for one in resources(type="google_pubsub_subscription")}
TOPICS = {one.name: one.body for one in resources(type="google_pubsub_topic")}
PUSHED = {name: body for name, body in SUBSCRIPTIONS.items() if "push_config" in body}


def _function(body: dict[str, object]) -> str:
    push = body["push_config"][0]
    return expression(push["push_endpoint"]).split('"')[1]


def _topic(written: str) -> str:
    return expression(written).split(".")[1]


def test_the_two_functions_that_take_pushes_get_them() -> None:
    """Each from one subscription."""
    assert sorted(_function(body) for body in PUSHED.values()) == ["dead-letter", "provision-step"]


@pytest.mark.parametrize("name", PUSHED)
def test_a_push_says_who_it_is(name: str) -> None:
    """An identity token of the caller's account, made out to the function's own address."""
    push = PUSHED[name]["push_config"][0]
    token = push["oidc_token"][0]

    assert expression(token["service_account_email"]) == 'google_service_account.caller["push"].email'
    assert (
        token["audience"] == push["push_endpoint"] == f'${{module.function["{_function(PUSHED[name])}"].url}}'
    )
    assert "push" in value("invokers")[_function(PUSHED[name])]


@pytest.mark.parametrize("name", PUSHED)
def test_what_cannot_be_delivered_is_kept(name: str) -> None:
    """A topic of dead letters that has a subscription, and Pub/Sub's account may do both: publish there, acknowledge here."""
    policy = PUSHED[name]["dead_letter_policy"][0]
    topic = _topic(policy["dead_letter_topic"])
    taken = {_topic(body["topic"]) for body in SUBSCRIPTIONS.values()}

    assert 5 <= policy["max_delivery_attempts"] <= 100
    assert topic in taken
    assert topic != _topic(PUSHED[name]["topic"])
    assert policy["dead_letter_topic"] in value("dead_letter_topics").values()
    assert f"${{google_pubsub_subscription.{name}.id}}" in value("dead_lettered_subscriptions").values()


def test_pubsubs_account_may_hand_over() -> None:
    """The two grants without which dead lettering does nothing and says nothing."""
    publish = resource("google_pubsub_topic_iam_member.dead_letter_publisher")
    acknowledge = resource("google_pubsub_subscription_iam_member.dead_letter_subscriber")

    assert (publish["role"], acknowledge["role"]) == ("roles/pubsub.publisher", "roles/pubsub.subscriber")
    assert {expression(one["member"]) for one in (publish, acknowledge)} == {"local.pubsub_agent"}
    assert expression(publish["for_each"]) == "local.dead_letter_topics"
    assert expression(acknowledge["for_each"]) == "local.dead_lettered_subscriptions"


@pytest.mark.parametrize("budget", [1, 6, 30, 120])
@pytest.mark.parametrize("name", PUSHED)
def test_the_deadline_is_above_the_functions_time_out(name: str, budget: float) -> None:
    """Or a message would be delivered again while it is being worked on; Pub/Sub's bounds are 10 and 600 s."""
    deadline = number(PUSHED[name]["ack_deadline_seconds"], step_budget_seconds=budget)
    timeout = number(value("functions")[_function(PUSHED[name])]["timeout"], step_budget_seconds=budget)

    assert timeout < deadline <= 600
    assert deadline >= 10


@pytest.mark.parametrize("budget", [1, 6, 30, 120])
def test_the_deadline_of_steps_is_never_below_the_settings(budget: float) -> None:
    """Off the cloud it follows from the budget alone; here it may be longer, never shorter."""
    deadline = number(value("step_ack_deadline"), step_budget_seconds=budget)

    assert deadline >= Settings(step_budget_seconds=budget).ack_deadline


@pytest.mark.parametrize("name", SUBSCRIPTIONS)
def test_no_subscription_ends_by_itself(name: str) -> None:
    """A quiet month would end it otherwise, and messages with it."""
    assert SUBSCRIPTIONS[name]["expiration_policy"][0]["ttl"] == ""


def test_every_topic_has_a_subscription() -> None:
    """What is published to one without is gone."""
    assert {_topic(body["topic"]) for body in SUBSCRIPTIONS.values()} == set(TOPICS)


def test_steps_are_repeated_as_the_protocol_says() -> None:
    """1 to 10 s, fifty times; the topic is the one that the settings name."""
    steps = SUBSCRIPTIONS["provision_step"]

    assert steps["retry_policy"] == [{"minimum_backoff": "1s", "maximum_backoff": "10s"}]
    assert steps["dead_letter_policy"][0]["max_delivery_attempts"] == 50
    assert TOPICS["provision_step"]["name"] == Settings.model_fields["step_topic"].default
    assert value("settings")["STEP_TOPIC"] == "${google_pubsub_topic.provision_step.name}"


def test_what_works_by_the_clock_is_called() -> None:
    """Sweep each minute, collect each hour: by the caller's account, with patience for a whole run, and the next time as the retry."""
    job = resource("google_cloud_scheduler_job.this")
    target = job["http_target"][0]

    assert {name: one["schedule"] for name, one in value("scheduled").items()} == {
        "collect": "17 * * * *",
        "sweep": "* * * * *",
    }
    assert set(value("scheduled")) == {
        n for n, members in value("invokers").items() if "scheduler" in members
    }
    assert (expression(job["for_each"]), job["schedule"]) == ("local.scheduled", "${each.value.schedule}")
    assert job["retry_config"][0]["retry_count"] == 0
    assert target["http_method"] == "POST"
    assert target["oidc_token"][0]["audience"] == target["uri"] == "${module.function[each.key].url}"
    assert job["attempt_deadline"] == "${local.functions[each.key].timeout + 15}s"
