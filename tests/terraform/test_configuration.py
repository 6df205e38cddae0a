"""The configuration as a whole: every variable says what it is and refuses what it is not, no secret enters a state, and every name leads somewhere."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import hcl2
import pytest

from .configuration import (
    BOOTSTRAP,
    FOLDERS,
    MODULE,
    TERRAFORM,
    module_call,
    parsed,
    resources,
    text_of,
    variables,
)

ENVIRONMENTS = ("prod", "staging")
ROOTS = (TERRAFORM, BOOTSTRAP)
EVERY_VARIABLE = [(folder, name) for folder in FOLDERS for name in variables(folder)]
#: Values that only our own root hands to the module, from what is checked there.
_HANDED = {
    "builder",
    "environment",
    "invokers",
    "labels",
    "max_instances",
    "min_instances",
    "project_id",
    "region",
    "registry",
    "secrets",
    "service_account",
    "source_zip",
}


def _ids(one: object) -> str:
    return one.name if isinstance(one, Path) else str(one)


@pytest.mark.parametrize(("folder", "name"), EVERY_VARIABLE, ids=_ids)
def test_a_variable_says_what_it_is(folder: Path, name: str) -> None:
    """A description, and a type that is not `any`."""
    declared = variables(folder)[name]

    assert re.match(r"[A-Z].{9,}[.:]", declared["description"]), declared["description"]
    assert declared["type"]
    assert "any" not in str(declared["type"])


@pytest.mark.parametrize(("folder", "name"), EVERY_VARIABLE, ids=_ids)
def test_a_variable_refuses_what_it_is_not(folder: Path, name: str) -> None:
    """By a condition that looks at it, with a message that names it; true or false needs none."""
    declared = variables(folder)[name]
    if str(declared["type"]).strip("${}") == "bool" or (folder == MODULE and name in _HANDED):
        assert "validation" not in declared
        return

    for validation in declared["validation"]:
        assert f"var.{name}" in str(validation["condition"])
        assert validation["error_message"].endswith(".")


@pytest.mark.parametrize("folder", FOLDERS, ids=_ids)
def test_every_variable_is_used(folder: Path) -> None:
    """A value that nobody reads is a promise that nobody keeps."""
    text = "\n".join(file.read_text() for file in folder.glob("*.tf") if file.name != "variables.tf")

    assert [name for name in variables(folder) if not re.search(rf"\bvar\.{name}\b", text)] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=_ids)
def test_every_reference_leads_somewhere(folder: Path) -> None:
    """Variables, local values and resources that are named are declared."""
    text = re.sub(r"#.*", "", text_of(folder))
    locals_ = {name for _, content in parsed(folder) for block in content.get("locals", []) for name in block}
    addresses = {one.address for one in resources(folder)}

    assert set(re.findall(r"\bvar\.(\w+)", text)) <= set(variables(folder))
    assert set(re.findall(r"\blocal\.(\w+)", text)) == locals_
    named = {f"{type}.{name}" for type, name in re.findall(r"(?<![.\w\"/])(google_\w+)\.(\w+)", text)}
    assert named - addresses - {"google_project.this"} == set()


def test_the_module_gets_all_that_it_declares() -> None:
    """And nothing that it does not know."""
    handed = set(module_call()) - {"source", "for_each", "depends_on"}

    assert handed == set(variables(MODULE))


@pytest.mark.parametrize("root", ROOTS, ids=_ids)
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_an_environment_has_its_values(root: Path, environment: str) -> None:
    """Every variable without a default but the pipeline's; no unknown one; and the environment's own name."""
    given = hcl2.loads((root / "envs" / f"{environment}.tfvars").read_text())
    given = {name: value for name, value in given.items() if not name.startswith("__")}
    needed = {name for name, declared in variables(root).items() if "default" not in declared}

    assert given["env"].strip('"') == environment
    assert needed - set(given) <= {"source_object"}
    assert set(given) <= set(variables(root))


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_states_are_apart(environment: str) -> None:
    """Each environment's in a bucket of its own project, each root's under a prefix of its own."""
    backends = [hcl2.loads((root / "envs" / f"{environment}.gcs.tfbackend").read_text()) for root in ROOTS]
    project = hcl2.loads((TERRAFORM / "envs" / f"{environment}.tfvars").read_text())["project_id"].strip('"')

    assert {one["bucket"].strip('"') for one in backends} == {f"{project}-tfstate"}
    assert len({one["prefix"] for one in backends}) == len(backends)


def test_environments_share_nothing() -> None:
    """Neither project nor domain nor host."""
    values = [hcl2.loads((TERRAFORM / "envs" / f"{name}.tfvars").read_text()) for name in ENVIRONMENTS]

    for name in ("project_id", "store_domain", "dashboard_host"):
        assert len({one[name] for one in values}) == len(ENVIRONMENTS)


def test_no_secret_enters_a_state() -> None:
    """No secret's value, no key, no password is made or read by any of it."""
    types = {one.type for folder in FOLDERS for one in resources(folder)}
    text = "".join(text_of(folder) for folder in FOLDERS)

    assert (
        types
        & {
            "google_secret_manager_secret_version",
            "google_service_account_key",
            "google_apikeys_key",
            "random_password",
            "tls_private_key",
        }
        == set()
    )
    assert 'data "google_secret_manager' not in text
    assert "secret_data" not in text
    assert not {
        name
        for folder in FOLDERS
        for name in variables(folder)
        if re.search(r"password|secret(?!s$)|token|private", name)
    }


def test_only_googles_providers() -> None:
    """Each one more is one more to trust; the second is for bootstrap alone."""
    found = {
        folder.name: sorted(
            name
            for _, content in parsed(folder)
            for block in content.get("terraform", [])
            for one in block.get("required_providers", [])
            for name in one
        )
        for folder in FOLDERS
    }

    assert found == {"terraform": ["google"], "function": ["google"], "bootstrap": ["google", "google-beta"]}


def test_versions_are_the_same_everywhere() -> None:
    """One Terraform, one range of the provider."""
    text = "".join(text_of(folder) for folder in FOLDERS)

    assert set(re.findall(r'required_version = "([^"]+)"', text)) == {"~> 1.11"}
    assert set(re.findall(r'version = "(>=[^"]+)"', text)) == {">= 6.50, < 8.0"}


def test_buckets_are_closed() -> None:
    """One way of granting, no public one but the portal's, and what is dear is not destroyed."""
    buckets = {one.name: one.body for folder in ROOTS for one in resources(folder, "google_storage_bucket")}

    assert set(buckets) == {"portal", "sites", "sources"}
    assert all(one["uniform_bucket_level_access"] is True for one in buckets.values())
    assert {name for name, one in buckets.items() if one["public_access_prevention"] != "enforced"} == {
        "portal"
    }
    assert all(buckets[name]["lifecycle"] == [{"prevent_destroy": True}] for name in ("sites", "sources"))


def test_apis_stay_on() -> None:
    """Taking the configuration away breaks nobody else's."""
    for root in ROOTS:
        (one,) = resources(root, "google_project_service")
        assert one.body["disable_on_destroy"] is False


def test_firestores_events_have_their_apis() -> None:
    """Three of them, without which the trigger is made and never fires."""
    text = text_of(TERRAFORM)

    assert all(f'"{name}.googleapis.com"' in text for name in ("eventarc", "eventarcpublishing", "logging"))


def test_the_style_is_terraforms() -> None:
    """As `terraform fmt` writes it; wants the program."""
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on this machine: its style was not checked")
    found = subprocess.run(
        ["terraform", "fmt", "-check", "-recursive", "-no-color", str(TERRAFORM)],
        capture_output=True,
        text=True,
    )

    assert found.stdout == ""
