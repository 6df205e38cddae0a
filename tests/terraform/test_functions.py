"""Every function is deployed as the code wants it: from its folder, with its settings, its triggers, its limits, and closed to whom it does not serve."""

from __future__ import annotations

import re
import tomllib

import pytest

from provisioning.api.streams import STREAM_SECONDS
from provisioning.local.emulated import TRIGGERS
from provisioning.local.functions import FUNCTIONS
from provisioning.media import making
from provisioning.settings import EMULATOR_VARIABLES, SECRETS, WITHOUT_SESSION_SECRET, Settings
from provisioning.stores.tokens import Tokens
from provisioning.themes import isolation
from provisioning.workflow.definition import PUBLISHING_SECONDS, WORKFLOWS
from provisioning.workflow.sweep import PUBLISHING

from .configuration import (
    MODULE,
    ROOT,
    expression,
    mebibytes,
    module_call,
    number,
    resource,
    resources,
    value,
)

DEPLOYED = value("functions")
PUBLIC = {"status", "storefront"}
#: What a function takes besides: Python, its libraries, and what it answers with.
OWN_MEMORY = 384 * 2**20
#: The kinds of processes for what strangers sent, and what one of each may take.
WORKERS = {"media.worker": making.Limits().memory, "themes.worker": isolation.Limits().memory}
#: Who starts which: pictures are sent to the API, and both it and publications show themes of others.
STARTED = {"status": ("media.worker", "themes.worker"), "provision-step": ("themes.worker",)}
#: What production neither needs nor may have: a folder, the emulators' addresses; Cloud Run's own.
_NOT_SET = {"PROVISIONING_DATA", "K_SERVICE", *EMULATOR_VARIABLES}


def test_each_folder_is_deployed_and_nothing_else() -> None:
    """Folders, the runtimes' list and Terraform's are the same eight."""
    folders = {file.parent.name for file in (ROOT / "functions").glob("*/main.py")}

    assert {name.replace("-", "_") for name in DEPLOYED} == folders == {one.name for one in FUNCTIONS}
    assert expression(module_call()["for_each"]) == "local.functions"
    assert [one.type for one in resources(MODULE)].count("google_cloudfunctions2_function") == 1


def test_the_build_takes_the_functions_own_file() -> None:
    """The path that selects it in the zip is the one of its folder, and its target has the folder's name."""
    build = resource("google_cloudfunctions2_function.this", MODULE)["build_config"][0]

    assert build["environment_variables"]["GOOGLE_FUNCTION_SOURCE"] == "functions/${local.folder}/main.py"
    assert expression(build["entry_point"]) == "local.folder"
    for function in FUNCTIONS:
        assert f"def {function.name}(" in (ROOT / "functions" / function.name / "main.py").read_text()


def test_the_build_compiles_by_hash() -> None:
    """Or every cold start would compile again: the image's dates are not those of the build."""
    build = resource("google_cloudfunctions2_function.this", MODULE)["build_config"][0]

    assert build["environment_variables"]["SOURCE_DATE_EPOCH"].isdigit()


def test_the_python_is_the_one_that_is_tested() -> None:
    """The lock is made for it, and the types are checked for it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    tested = project["tool"]["pyright"]["pythonVersion"].replace(".", "")

    build = resource("google_cloudfunctions2_function.this", MODULE)["build_config"][0]
    assert build["runtime"] == f"python{tested}"


def test_the_zip_is_named_by_its_content() -> None:
    """Another zip has another name, without which nothing would be deployed again; and no other name is taken."""
    storage = resource("google_cloudfunctions2_function.this", MODULE)["build_config"][0]["source"][0][
        "storage_source"
    ][0]

    assert set(storage) == {"bucket", "object"}
    assert module_call()["source_zip"]["object"] == "${var.source_object}"


def test_firestore_calls_what_it_calls_off_the_cloud() -> None:
    """The same events of the same documents, and only the functions that are made for events."""
    events = {
        name.replace("-", "_"): (
            value(expression(one["event"]["type"]).removeprefix("local.")),
            one["event"]["documents"],
        )
        for name, one in DEPLOYED.items()
        if one["event"] is not None
    }

    assert events == TRIGGERS
    assert set(events) == {one.name for one in FUNCTIONS if one.signature == "cloudevent"}


def test_the_trigger_matches_by_pattern_and_repeats() -> None:
    """Without the operator it would never fire; without the policy a failed event would be gone."""
    (trigger,) = resource("google_cloudfunctions2_function.this", MODULE)["dynamic"]
    content = trigger["event_trigger"]["content"][0] if "event_trigger" in trigger else None
    if content is None:
        pytest.fail("the first dynamic block is not the trigger")
    filters = {one["attribute"]: one for one in content["event_filters"]}

    assert content["retry_policy"] == "RETRY_POLICY_RETRY"
    assert filters["document"]["operator"] == "match-path-pattern"
    assert "operator" not in filters["database"]
    assert content["trigger_region"] == "${var.region}"


def test_every_setting_is_set() -> None:
    """Each variable that settings.py reads, and none that it does not."""
    read = {name.upper() for name in Settings.model_fields}
    secrets = set(value("secrets"))

    assert set(value("settings")) | secrets == read - _NOT_SET
    assert secrets == {name.upper() for name in SECRETS}


def test_no_other_variable_is_set() -> None:
    """But for those of Python and of the framework."""
    merged = str(
        resource("google_cloudfunctions2_function.this", MODULE)["service_config"][0]["environment_variables"]
    )

    assert re.findall(r"\b([A-Z_]+) *=", merged) == ["PYTHONPATH", "THREADS"]
    assert "/workspace/src" in merged


def test_production_starts_with_what_is_set() -> None:
    """The values that do not depend on an environment are not those of a laptop."""
    settings = value("settings")

    assert settings["PROVISIONING_RUNTIME"] == "google"
    assert (settings["PUBLIC_SCHEME"], settings["PUBLIC_PORT"]) == ("https", "443")


def test_secrets_go_to_those_who_use_them() -> None:
    """To those who sign or check, and to the two that send mail; the others start without."""
    secrets = value("secrets")

    assert set(secrets["SESSION_SECRET"]["functions"]) == {"provision-step", "status", "storefront"}
    assert set(DEPLOYED) - set(secrets["SESSION_SECRET"]["functions"]) == WITHOUT_SESSION_SECRET
    assert set(secrets["SENDGRID_API_KEY"]["functions"]) == {"provision-step", "status"}


def _using_tokens() -> set[str]:
    """Modules that call one of the token's makers or readers on what is called `tokens`."""
    calls = re.compile(
        r"\btokens\.(?:welcome|preview|read_preview|opens_preview|session|read_session|form|matches_form)\("
    )
    sources = ROOT / "src" / "provisioning"
    return {
        str(file.relative_to(sources))
        for file in sources.rglob("*.py")
        if calls.search(file.read_text(encoding="utf-8"))
    }


def test_nobody_else_signs_or_checks() -> None:
    """The API, the storefront's routing, and steps with what they call: what another function calls is none of these."""
    found = _using_tokens()
    calls = {name for name in vars(Tokens) if not name.startswith("_") and callable(getattr(Tokens, name))}

    assert {file for file in found if not file.startswith(("api/", "steps/"))} == {
        "sites/routing.py",
        "stores/welcome.py",
    }
    assert calls == {
        "welcome", "preview", "read_preview", "opens_preview", "session", "read_session", "form", "matches_form"
    }  # fmt: skip


def test_only_two_are_public() -> None:
    """And even these are reached through the load balancer alone."""
    invokers = value("invokers")
    ingress = expression(module_call()["ingress"])

    assert {name for name, one in DEPLOYED.items() if one["public"]} == PUBLIC
    assert {name for name, members in invokers.items() if "allUsers" in members.values()} == PUBLIC
    assert set(invokers) == set(DEPLOYED)
    assert ingress == 'each.value.public ? "ALLOW_INTERNAL_AND_GCLB" : "ALLOW_INTERNAL_ONLY"'


def test_each_has_an_account_of_its_own() -> None:
    """So that none has another's rights, nor the project's default ones."""
    assert expression(resource("google_service_account.function")["for_each"]) == "local.functions"
    assert module_call()["service_account"] == "${google_service_account.function[each.key].email}"
    assert expression(module_call()["builder"]) == "google_service_account.builder.id"


@pytest.mark.parametrize("budget", [1, 6, 30, 120])
def test_a_step_may_take_what_it_may_take(budget: float) -> None:
    """The function's time-out is one and a half times the longest budget of any step."""
    declared = [step.budget or 0 for workflow in WORKFLOWS.values() for step in workflow.steps]
    longest = max(budget, *declared)

    assert number(value("longest_step_seconds"), step_budget_seconds=budget) == longest
    assert number(DEPLOYED["provision-step"]["timeout"], step_budget_seconds=budget) >= 1.5 * longest
    assert max(declared) == PUBLISHING_SECONDS


def test_streams_and_sweeps_end_before_they_are_ended() -> None:
    """A stream is closed by us, not cut; sweep has done its publishing."""
    assert number(DEPLOYED["status"]["timeout"]) > STREAM_SECONDS + 10
    assert number(DEPLOYED["sweep"]["timeout"]) > PUBLISHING


def test_as_many_threads_as_requests() -> None:
    """The framework has four by itself: the fifth request would wait while the platform thinks it is being answered."""
    service = resource("google_cloudfunctions2_function.this", MODULE)["service_config"][0]

    assert "THREADS = tostring(var.concurrency)" in re.sub(r" +", " ", str(service["environment_variables"]))
    assert service["max_instance_request_concurrency"] == "${var.concurrency}"
    assert service["available_cpu"] == "1"


def test_memory_is_enough_for_what_runs_at_once() -> None:
    """The function itself, and one process of each kind that it starts for what strangers sent."""
    for name, function in DEPLOYED.items():
        workers = sum(WORKERS[kind] for kind in STARTED.get(name, ()))
        assert mebibytes(function["memory"]) * 2**20 >= OWN_MEMORY + workers, name
    assert set(STARTED) <= set(DEPLOYED)


def test_each_kind_of_process_is_counted() -> None:
    """One that is started in another way, or more than one of a kind, would be found by no arithmetic."""
    sources = {
        file: file.read_text(encoding="utf-8") for file in (ROOT / "src" / "provisioning").rglob("*.py")
    }
    kinds = {
        found
        for text in sources.values()
        for found in re.findall(r'= Workers\("provisioning\.([\w.]+)"', text)
    }
    starting = {
        file.name
        for file, text in sources.items()
        if file.parent.name != "local" and re.search(r"subprocess\.(Popen|run|check_)|os\.(fork|spawn)", text)
    }

    assert kinds == set(WORKERS)
    assert {kind for used in STARTED.values() for kind in used} == kinds
    assert starting == {"confinement.py"}


def test_every_function_is_bounded() -> None:
    """No attack and no mistake makes more instances than are meant."""
    assert all(1 <= one["max_instances"] <= 100 for one in DEPLOYED.values())
