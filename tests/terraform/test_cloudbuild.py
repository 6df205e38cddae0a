"""cloudbuild.yaml is a build that Cloud Build takes, does nothing to an environment while it checks, and applies what it has planned."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml
from google.cloud.devtools.cloudbuild_v1.types import Build
from google.protobuf.json_format import ParseDict, ParseError

from .configuration import BOOTSTRAP, ROOT, parsed, resource, resources, value

TEXT = (ROOT / "cloudbuild.yaml").read_text(encoding="utf-8")
BUILD: dict[str, Any] = yaml.safe_load(TEXT)
STEPS: dict[str, dict[str, Any]] = {step["id"]: step for step in BUILD["steps"]}
#: Steps that touch an environment, each behind a guard; the others run for everybody's proposal.
TOUCHING = {"upload", "plan", "apply", "portal", "seed", "smoke", "promote"}
GUARD = '[ "$_MODE" = deploy ] || exit 0\n'
#: What Cloud Build sets by itself.
BUILT_IN = {"PROJECT_ID", "BUILD_ID", "COMMIT_SHA"}


def _parse(build: dict[str, Any]) -> None:
    ParseDict(build, Build.pb(Build()), ignore_unknown_fields=False)


def test_cloud_build_takes_it() -> None:
    """Every field, value and duration is one of its own types."""
    _parse(BUILD)


@pytest.mark.parametrize(
    "change",
    [
        {"step": []},
        {"timeout": "two hours"},
        {"options": {"machineType": "E2_ENORMOUS"}},
        {"steps": [{"name": "x", "wait_for_all": True}]},
    ],
)
def test_a_mistake_in_it_is_found(change: dict[str, Any]) -> None:
    """An unknown field, a wrong duration, a value that there is none of."""
    with pytest.raises(ParseError):
        _parse(BUILD | change)


def test_no_key_stands_twice() -> None:
    """YAML would take the last, and say nothing."""

    class Strict(yaml.SafeLoader):
        pass

    def once(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
        keys = [loader.construct_object(key) for key, _ in node.value]
        assert len(keys) == len(set(keys)), keys
        return loader.construct_mapping(node, deep=True)

    Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, once)
    yaml.load(TEXT, Loader=Strict)


def test_steps_follow_each_other() -> None:
    """Each waits for steps above it, and the order is the one that is promised."""
    seen: set[str] = set()
    for id, step in STEPS.items():
        assert set(step["waitFor"]) - {"-"} <= seen, id
        seen.add(id)

    def before(id: str) -> set[str]:
        direct = set(STEPS[id]["waitFor"]) - {"-"}
        return direct.union(*(before(one) for one in direct))

    assert {"test", "audit", "package", "validate"} <= before("upload")
    assert before("promote") == set(STEPS) - {"promote"}
    assert "apply" in before("seed") & before("portal")


@pytest.mark.parametrize("id", STEPS)
def test_a_step_is_a_script_that_stops_at_the_first_fault(id: str) -> None:
    """bash reads it, and no failed command is passed over."""
    script = STEPS[id]["script"]
    checked = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True)

    assert (checked.returncode, checked.stderr) == (0, "")
    assert script.startswith("#!/usr/bin/env bash\nset -euo pipefail\n")
    assert STEPS[id]["timeout"].endswith("s")


def test_every_step_runs_in_the_one_image() -> None:
    """Which the triggers name by its digest."""
    assert {step["name"] for step in STEPS.values()} == {"${_BUILDER}"}
    condition = next(content for _, content in parsed(BOOTSTRAP) if "variable" in content)["variable"]
    (image,) = (one["builder_image"] for one in condition if "builder_image" in one)
    assert "@sha256:[0-9a-f]{64}$" in str(image["validation"])


def test_a_proposal_touches_nothing() -> None:
    """Whatever reaches an environment asks first whether it is a deployment."""
    guarded = {id for id, step in STEPS.items() if '"$_MODE" = deploy' in step["script"]}
    reaching = {
        id
        for id, step in STEPS.items()
        if re.search(r"gcloud |terraform (plan|apply)|canary\.py", step["script"])
    }

    assert guarded == TOUCHING
    assert reaching == TOUCHING
    for id in TOUCHING - {"promote"}:
        assert STEPS[id]["script"].splitlines(keepends=True)[2] == GUARD


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not on this machine")
@pytest.mark.parametrize("id", sorted(TOUCHING))
def test_a_guard_holds(id: str) -> None:
    """Run as a check, in a folder of nothing and with no program but bash: it ends well, having done nothing."""
    done = subprocess.run(
        [str(shutil.which("bash")), "-s"],
        input=STEPS[id]["script"],
        env={"_MODE": "check", "_PROMOTES_TO": "none", "PATH": "/nowhere"},
        capture_output=True,
        text=True,
        cwd="/",
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_applied_is_what_was_planned() -> None:
    """The file of the step before, and no plan of its own; nothing is approved unseen."""
    planned = re.search(r"-out=(\S+)", STEPS["plan"]["script"])
    applied = re.search(r"terraform apply (.+)", STEPS["apply"]["script"])

    assert planned and applied
    assert applied[1].split()[-1] == planned[1]
    assert "auto-approve" not in TEXT
    assert TEXT.count("-lockfile=readonly") == 2


def test_the_zip_is_the_one_of_the_tree_or_a_named_one() -> None:
    """It is checked against its name before it is deployed, wherever it comes from."""
    upload = STEPS["upload"]["script"]

    assert "sha256sum --check" in upload
    assert "--no-clobber" in upload
    assert "source_object=$(cat ../dist/source_object)" in STEPS["plan"]["script"]


def test_substitutions_are_declared_and_used() -> None:
    """And what the triggers give is what is declared: another is refused by Cloud Build."""
    declared = set(BUILD["substitutions"])
    used = set(re.findall(r"\$\{?(_[A-Z_]+)", TEXT))
    plain = set(re.findall(r"\$\{?([A-Z][A-Z_]+)\b", TEXT))
    given = set(value("substitutions", BOOTSTRAP)) | {"_MODE"}

    assert BUILD["options"]["automapSubstitutions"] is True
    assert used - {"_SOURCE_OBJECT"} == declared - {"_SOURCE_OBJECT"}
    assert given == declared - {"_SOURCE_OBJECT"}
    assert plain <= BUILT_IN


def test_triggers_run_as_accounts_of_their_own() -> None:
    """Staging when something was merged; production when a person says so; a proposal as the one that reaches nothing."""
    triggers = {one.name: one.body for one in resources(BOOTSTRAP, "google_cloudbuild_trigger")}

    assert {
        name: re.findall(r'this\["(\w+)"\]', one["service_account"]) for name, one in triggers.items()
    } == {
        "check": ["checker"],
        "deploy": ["deployer"],
        "promote": ["deployer"],
    }
    assert '_MODE = "check"' in triggers["check"]["substitutions"]
    assert all('_MODE = "deploy"' in triggers[name]["substitutions"] for name in ("deploy", "promote"))
    assert triggers["promote"]["approval_config"] == [{"approval_required": True}]
    assert 'var.env == "prod"' in triggers["promote"]["count"]
    comments = triggers["check"]["repository_event_config"][0]["pull_request"][0]["comment_control"]
    assert comments == "COMMENTS_ENABLED_FOR_EXTERNAL_CONTRIBUTORS_ONLY"


def test_staging_asks_for_production_by_name() -> None:
    """The trigger that it runs is the one that bootstrap makes there."""
    asked = re.search(r"triggers run (\w+)", STEPS["promote"]["script"])

    assert asked
    assert resource("google_cloudbuild_trigger.promote", BOOTSTRAP)["name"] == asked[1]


def test_the_log_is_kept_where_everything_is() -> None:
    """An account of one's own wants a place for its log named; provenance is made and can be asked for."""
    assert BUILD["options"]["logging"] == "CLOUD_LOGGING_ONLY"
    assert BUILD["options"]["requestedVerifyOption"] == "VERIFIED"


def test_the_builders_file_brings_what_the_steps_call() -> None:
    """Every program that a step begins with, or the base image's own."""
    recipe = (ROOT / "builder" / "Dockerfile").read_text()
    called = set(
        re.findall(r"^\s*(?:\(cd \"\$project\" && )?(make|npm|terraform|gcloud)\b", TEXT, re.MULTILINE)
    )

    assert called == {"make", "npm", "terraform", "gcloud"}
    assert all(re.search(rf"\b{name}\b", recipe, re.IGNORECASE) for name in called - {"gcloud"})
    assert "google-cloud-cli" in recipe
