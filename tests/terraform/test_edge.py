"""What the world reaches leads where it does off the cloud, is kept apart by host, and is written down without what lets somebody in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tools.document_events import read_events

from provisioning.local import portal
from provisioning.sites.collecting import EVERY
from provisioning.stores.addresses import Addresses
from provisioning.workflow.records import Direction, Kind

from .configuration import ROOT, expression, resource, resources, text_of, value

DASHBOARD = resource("google_compute_url_map.this")["path_matcher"][0]
RULES: list[dict[str, Any]] = DASHBOARD["path_rule"]


def _leads_to_status(path: str) -> bool:
    """As the load balancer decides: a whole path, or a beginning with `/*`."""
    return any(
        path.startswith(rule.removesuffix("*")) if rule.endswith("*") else path == rule
        for rule in value("status_paths")
    )


@pytest.mark.parametrize(
    "path",
    [
        "/api/provisioning/health",
        "/provision/store",
        "/provision/status/j1",
        "/welcome",
        "/dashboard",
        "/dashboard/stores/s1",
        "/healthz",
        "/",
        "/merchants",
        "/provisionings/p1",
        "/assets/index-1.js",
        "/config.json",
    ],
)
def test_a_path_leads_where_it_does_off_the_cloud(path: str) -> None:
    """To the function, or to the portal."""
    assert _leads_to_status(path) == path.startswith(portal._NOT_THE_PORTALS)


def test_every_beginning_of_the_functions_is_routed() -> None:
    """None of those that the local runtime knows is missing, and none is added."""
    beginnings = {path.removesuffix("*").removesuffix("/") for path in value("status_paths")}

    assert beginnings == {path.removesuffix("/") for path in portal._NOT_THE_PORTALS}


def test_the_portals_own_pages_survive_a_reload() -> None:
    """What is no file is its first page, answered as found; a missing file of the build stays missing, and so does what the API has not."""
    by_path = {
        path: rule
        for rule in RULES
        for path in (rule["paths"] if isinstance(rule["paths"], list) else [rule["paths"]])
    }
    error = by_path["/*"]["custom_error_response_policy"][0]["error_response_rule"][0]

    assert error == {"match_response_codes": ["404"], "path": "/index.html", "override_response_code": 200}
    assert "custom_error_response_policy" not in by_path["/assets/*"]
    assert [rule for rule in RULES if "custom_error_response_policy" in rule] == [by_path["/*"]]
    assert "default_custom_error_response_policy" not in DASHBOARD


def test_every_other_host_is_a_stores() -> None:
    """One host is the dashboard's; the rest is found out by the storefront."""
    urls = resource("google_compute_url_map.this")

    assert urls["host_rule"] == [{"hosts": ["${var.dashboard_host}"], "path_matcher": "dashboard"}]
    assert expression(urls["default_service"]) == "google_compute_backend_service.storefront.id"


def test_one_store_is_never_shown_anothers_pages() -> None:
    """The host is part of what is kept, and how long is the storefront's to say."""
    storefront = resource("google_compute_backend_service.storefront")
    policy = storefront["cdn_policy"][0]

    assert policy["cache_key_policy"] == [
        {"include_host": True, "include_protocol": True, "include_query_string": True}
    ]
    assert policy["cache_mode"] == "USE_ORIGIN_HEADERS"
    assert policy["negative_caching"] is False


def test_nobodys_dashboard_is_kept() -> None:
    """What is made for one person passes through."""
    assert "enable_cdn" not in resource("google_compute_backend_service.status")


@pytest.mark.parametrize("name", ["status", "storefront"])
def test_a_backend_is_a_service_behind_a_policy(name: str) -> None:
    """The generation of functions that is a service of Cloud Run, with limits before it."""
    backend = resource(f"google_compute_backend_service.{name}")

    assert backend["load_balancing_scheme"] == "EXTERNAL_MANAGED"
    assert expression(backend["security_policy"]) == f'google_compute_security_policy.this["{name}"].id'
    assert "cloud_run" in resource("google_compute_region_network_endpoint_group.function")


def test_a_policy_limits_and_lets_through() -> None:
    """A last rule for everything, one limit for each address, and no two rules with one priority."""
    (policy,) = resources(type="google_compute_security_policy")
    rules = policy.body["rule"]
    (limit,) = (rule for rule in rules if rule["action"] == "throttle")
    (options,) = limit["rate_limit_options"]
    priorities = [rule["priority"] for rule in rules]

    assert (rules[-1]["action"], rules[-1]["priority"]) == ("allow", 2147483647)
    assert len(set(priorities)) == len(priorities)
    assert options["enforce_on_key"] == "IP"
    assert options["exceed_action"] == "deny(429)"
    assert options["rate_limit_threshold"][0]["count"] == "${each.value.most_requests}"


def test_each_public_function_has_its_policy() -> None:
    """No other, and what shoppers ask is watched for floods."""
    (policy,) = resources(type="google_compute_security_policy")
    protected = value("protected")

    assert expression(policy.body["for_each"]) == "local.protected"
    assert set(protected) == {name for name, one in value("functions").items() if one["public"]}
    assert all(one["most_requests"] > 0 for one in protected.values())
    (adaptive,) = (one["adaptive_protection_config"] for one in policy.body["dynamic"])
    assert expression(adaptive["for_each"]) == "each.value.adaptive ? [true] : []"
    assert protected["storefront"]["adaptive"] is True


def test_nothing_is_answered_in_the_clear() -> None:
    """The plain port leads to the other; no old protocol there."""
    assert resource("google_compute_url_map.to_https")["default_url_redirect"][0]["https_redirect"] is True
    assert resource("google_compute_ssl_policy.this")["min_tls_version"] == "TLS_1_2"
    ports = {
        one.name: one.body["port_range"] for one in resources(type="google_compute_global_forwarding_rule")
    }
    assert ports == {"https": "443", "http": "80"}


def test_the_portals_policy_is_the_one_that_is_tested() -> None:
    """Every directive as off the cloud, over https, and Google's three addresses that Firebase talks to."""
    tested = portal.content_policy({"store_domain": "shops.example.com", "firestore_emulator": None})
    local = {name: rest for name, _, rest in (part.partition(" ") for part in tested.split("; "))}
    here = {
        name: expression(" ".join(sources) if isinstance(sources, list) else sources)
        .replace("${local.stores}", "http://*.shops.example.com")
        .replace("local.stores", "http://*.shops.example.com")
        for name, sources in value("content_policy").items()
    }

    assert set(here) == set(local)
    plain = set(here) - {"connect-src", "script-src", "frame-src"}
    assert {name: here[name] for name in plain} == {name: local[name] for name in plain}
    assert re.findall(r"https://[\w.]+", here["connect-src"]) == [
        f"https://{name}.googleapis.com" for name in ("firestore", "identitytoolkit", "securetoken")
    ]
    for name in ("script-src", "frame-src"):
        # Google's own only where signing in with its pop-up is wanted.
        assert re.fullmatch(r"concat\(\[[^]]+\], var\.google_sign_in \? \[[^]]+\] : \[\]\)", here[name]), (
            here[name]
        )


def test_the_portals_other_headers_are_those_that_are_tested() -> None:
    """And browsers are told to come by https only."""
    sent = dict(
        line.split(": ", 1)
        for line in resource("google_compute_backend_bucket.portal")["custom_response_headers"]
        if "${" not in line
    )
    tested = dict(portal._security({"store_domain": "x", "firestore_emulator": None}))

    assert sent.pop("Strict-Transport-Security").startswith("max-age=63072000")
    assert sent == {name: content for name, content in tested.items() if name != "Content-Security-Policy"}


def test_the_portal_is_told_what_it_reads() -> None:
    """The file has the fields that the portal's own reader names."""
    read = (
        (ROOT / "portal" / "src" / "config.ts")
        .read_text()
        .partition("interface Config {")[2]
        .partition("\n}")[0]
    )
    written = str(resource("google_storage_bucket_object.portal_config")["content"])

    fields = set(re.findall(r"^  (\w+):", read, re.MULTILINE))
    assert fields
    assert {name for name in fields if not re.search(rf"\b{name} *=", written)} == set()
    assert resource("google_storage_bucket_object.portal_config")["cache_control"] == "no-store"


def test_googles_pop_up_is_offered_where_its_script_is_allowed() -> None:
    """By one switch: a button that the policy forbids does nothing."""
    written = str(resource("google_storage_bucket_object.portal_config")["content"])
    read = (ROOT / "portal" / "src" / "config.ts").read_text()

    assert re.search(r"\bgoogle *= *var\.google_sign_in\b", written), written
    assert re.search(r"^  google: boolean;", read, re.MULTILINE)


# --- What is not written down ----------------------------------------------------------------------------


def _excluded(address: str) -> bool:
    written = resource("google_logging_project_exclusion.links")["filter"]
    (pattern,) = re.findall(r'httpRequest\.requestUrl=~"(.+)"', written)
    return re.search(pattern, address) is not None


_ADDRESSES = Addresses("shops.example.com", "stores.example.com", "https", 443)


@pytest.mark.parametrize(
    "address",
    [
        _ADDRESSES.welcome("t0ken"),
        _ADDRESSES.preview("awesome", "preview-1", "t0ken"),
        "https://stores.example.com/welcome",
        "https://awesome.shops.example.com/products?sort=new&preview=t0ken",
        "https://stores.example.com/api/x?a=b&token=t0ken",
    ],
)
def test_links_that_let_in_are_not_logged(address: str) -> None:
    """Neither by the function's platform nor by the load balancer."""
    assert _excluded(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://stores.example.com/api/provisioning/merchants",
        "https://awesome.shops.example.com/products/welcome-mat",
        "https://awesome.shops.example.com/?page=2",
    ],
)
def test_other_requests_are_logged(address: str) -> None:
    """A log with holes finds no fault."""
    assert not _excluded(address)


def test_both_kinds_of_request_logs_are_meant() -> None:
    """The service's own and the load balancer's."""
    written = resource("google_logging_project_exclusion.links")["filter"]

    assert 'resource.type="cloud_run_revision"' in written
    assert 'resource.type="http_load_balancer"' in written


# --- What is counted -------------------------------------------------------------------------------------


def test_every_counted_event_is_logged() -> None:
    """With the fields that the metric takes from it."""
    events = read_events()
    for one in value("counted").values():
        assert set(one["labels"]) <= set(events[one["event"]].fields), one["event"]
    assert {"step", "seconds"} <= set(events["step_committed"].fields)


def test_the_promise_about_activations_counts_activations() -> None:
    """Publications end by the same event, and far more often: both sides of the promise name the kind that the metric has as a label."""
    promised = value("objectives")["activations"]
    activated = value("activated")

    assert promised["good"] == '${local.activated} metric.labels.status="COMPLETED"'
    assert promised["bad"] == '${local.activated} metric.labels.status="FAILED"'
    assert activated == f'${{local.over}} metric.labels.kind="{Kind.ACTIVATION}"'
    assert {"kind", "status", "code"} <= set(value("counted")["provisionings_over"]["labels"])


def test_how_long_steps_take_is_of_steps_that_go_forward() -> None:
    """Undoing one says the same event with another direction, and would make the metric look faster than merchants wait."""
    written = resource("google_logging_metric.step_seconds")["filter"]

    assert written == f'${{local.ours}}="step_committed" AND jsonPayload.direction="{Direction.FORWARD}"'


def test_every_alert_says_what_to_do() -> None:
    """To somebody, and in words."""
    policies = resources(type="google_monitoring_alert_policy")

    assert len(policies) >= 4
    for one in policies:
        assert one.body["notification_channels"] == ["${google_monitoring_notification_channel.email.id}"], (
            one.name
        )
        assert one.body["documentation"], one.name
        assert one.body["severity"], one.name
    assert all(len(one["procedure"]) > 60 for one in value("alerts").values())


def test_commands_of_alerts_exist() -> None:
    """Whoever is woken can type what is said."""
    from provisioning.cli import app

    groups = {group.name for group in app.registered_groups}
    commands = {
        command.name or command.callback.__name__ for command in app.registered_commands if command.callback
    }
    named = set(re.findall(r"`provisioning ([\w-]+)", text_of()))

    assert named
    assert named <= groups | commands


def test_what_waits_for_nobody_is_watched() -> None:
    """Dead letters, parked messages, steps and events that are not taken, a sweep or a collection that does not come, and stores that cannot be collected."""
    assert {"dead-letters", "parked", "steps-waiting", "events-waiting"} <= set(value("alerts"))
    (swept,) = resource("google_monitoring_alert_policy.no_sweep")["conditions"]
    collected, failed = resource("google_monitoring_alert_policy.no_collecting")["conditions"]

    assert 'counted["sweeps"]' in swept["condition_absent"][0]["filter"]
    assert 'counted["collected"]' in collected["condition_absent"][0]["filter"]
    assert 'counted["not_collected"]' in failed["condition_threshold"][0]["filter"]
    assert (
        _seconds(failed["condition_threshold"][0]["aggregations"][0]["alignment_period"])
        >= EVERY.total_seconds()
    )


def _seconds(written: str) -> int:
    return int(written.removesuffix("s"))


def test_a_deployment_is_no_silence() -> None:
    """Each revision has a series of its own, of which the one before falls silent: absence is that of all together, within what can be asked for."""
    conditions = [
        condition["condition_absent"][0]
        for policy in resources(type="google_monitoring_alert_policy")
        for condition in policy.body["conditions"]
        if "condition_absent" in condition
    ]

    assert len(conditions) >= 2
    for absent in conditions:
        (aggregation,) = absent["aggregations"]
        assert aggregation["cross_series_reducer"] == "REDUCE_SUM"
        assert _seconds(absent["duration"]) <= 23.5 * 3600
        assert _seconds(absent["duration"]) + _seconds(aggregation["alignment_period"]) <= 25 * 3600
