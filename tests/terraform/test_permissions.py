"""Who may do what is what docs/permissions.md says, no more and no less."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from provisioning.ports import Accounts

from .configuration import (
    BOOTSTRAP,
    FOLDERS,
    MODULE,
    ROOT,
    TERRAFORM,
    expression,
    local_values,
    resource,
    resources,
    value,
)

PAGE = (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8")
Grant = tuple[str, str, str]

#: Every resource that grants something, by where it stands. What is not here is not known to this test.
KNOWN = {
    "terraform": {
        "google_artifact_registry_repository_iam_member.builder",
        "google_project_iam_member.this",
        "google_pubsub_subscription_iam_member.dead_letter_subscriber",
        "google_pubsub_topic_iam_member.dead_letter_publisher",
        "google_pubsub_topic_iam_member.step_publisher",
        "google_secret_manager_secret_iam_member.reader",
        "google_storage_bucket_iam_member.portal",
        "google_storage_bucket_iam_member.sites",
        "google_storage_bucket_iam_member.sources",
    },
    "function": {"google_cloud_run_service_iam_member.invoker"},
    "bootstrap": {
        "google_artifact_registry_repository_iam_member.builder_image",
        "google_billing_account_iam_member.budget",
        "google_project_iam_member.granter",
        "google_project_iam_member.promoter",
        "google_project_iam_member.this",
        "google_secret_manager_secret_iam_member.granter",
    },
}
_AGENT = "Pub/Sub's agent"


def _reviewed() -> set[Grant]:
    """The rows of the page, but for those of people."""
    machines = PAGE.partition("\n## People\n")[0]
    rows = re.findall(r"^\| (.+?) \| `([^`|]+)` \| (.+?) \| .+ \|$", machines, re.MULTILINE)
    return {(who.replace("`", ""), role, on.replace("`", "")) for who, role, on in rows}


def _topic(id: str) -> str:
    return resource(expression(id).removesuffix(".id"))["name"]


def _of_functions() -> Iterator[Grant]:
    for account, roles in value("project_grants").items():
        yield from ((account, role, "project") for role in roles)
    for account in value("step_publishers"):
        yield account, "roles/pubsub.publisher", "topic provision-step"
    for account, roles in value("site_grants").items():
        yield from ((account, role, "bucket sites") for role in roles)
    for one in value("secrets").values():
        written = one["functions"]
        names = list(value("functions")) if expression(written) == "keys(local.functions)" else written
        yield from ((name, "roles/secretmanager.secretAccessor", f"secret {one['secret']}") for name in names)


def _of_callers() -> Iterator[Grant]:
    for function, members in value("invokers").items():
        for name, member in members.items():
            yield "allUsers" if member == "allUsers" else name, "roles/run.invoker", f"function {function}"
    for topic in value("dead_letter_topics").values():
        yield _AGENT, "roles/pubsub.publisher", f"topic {_topic(topic)}"
    for subscription in value("dead_lettered_subscriptions").values():
        yield _AGENT, "roles/pubsub.subscriber", f"subscription {_topic(subscription)}"
    yield "allUsers", "roles/storage.objectViewer", "bucket portal"


def _of_builds() -> Iterator[Grant]:
    yield "builder", "roles/storage.objectViewer", "bucket sources"
    yield "builder", "roles/artifactregistry.writer", "repository functions"
    for account, roles in value("project_grants", BOOTSTRAP).items():
        yield from ((account, role, "project") for role in roles)
        yield account, "roles/artifactregistry.reader", "repository builders"
    secrets = re.findall(
        r'"([\w-]+)"', expression(resource("google_secret_manager_secret.this", BOOTSTRAP)["for_each"])
    )
    yield from (("deployer", "secretGranter", f"secret {name}") for name in secrets)
    yield "deployer", resource("google_project_iam_member.granter", BOOTSTRAP)["role"], "project"
    yield (
        "deployer",
        resource("google_billing_account_iam_member.budget", BOOTSTRAP)["role"],
        "billing account",
    )
    yield "staging's deployer", resource("google_project_iam_member.promoter", BOOTSTRAP)["role"], "project"


def test_every_grant_is_reviewed_and_every_reviewed_one_is_made() -> None:
    """Row by row: account, role, and what it is on."""
    made = {*_of_functions(), *_of_callers(), *_of_builds()}
    reviewed = _reviewed()

    assert made - reviewed == set(), "made and not reviewed"
    assert reviewed - made == set(), "reviewed and not made"
    assert len(made) > 60


def test_no_grant_is_made_elsewhere() -> None:
    """Every resource that grants is one that the test above reads."""
    found = {
        folder.name: {
            one.address
            for one in resources(folder)
            if "_iam_" in one.type and "audit" not in one.type and "custom_role" not in one.type
        }
        for folder in (TERRAFORM, MODULE, BOOTSTRAP)
    }

    assert found == KNOWN


def test_grants_are_what_the_maps_say() -> None:
    """The resources take account and role from the maps, and nothing of their own."""
    expected = {
        "google_project_iam_member.this": (
            "local._project_grants",
            "each.value.role",
            "local.members[each.value.account]",
        ),
        "google_storage_bucket_iam_member.sites": (
            "local._site_grants",
            "each.value.role",
            "local.members[each.value.account]",
        ),
        "google_pubsub_topic_iam_member.step_publisher": (
            "toset(local.step_publishers)",
            "roles/pubsub.publisher",
            "local.members[each.value]",
        ),
        "google_secret_manager_secret_iam_member.reader": (
            "local._secret_readers",
            "roles/secretmanager.secretAccessor",
            "local.members[each.value.account]",
        ),
    }
    for address, (each, role, member) in expected.items():
        body = resource(address)
        assert (expression(body["for_each"]), expression(body["role"]), expression(body["member"])) == (
            each,
            role,
            member,
        )
    builder = (
        resource("google_storage_bucket_iam_member.sources"),
        resource("google_artifact_registry_repository_iam_member.builder"),
    )
    assert [one["role"] for one in builder] == ["roles/storage.objectViewer", "roles/artifactregistry.writer"]
    assert {expression(one["member"]) for one in builder} == {"google_service_account.builder.member"}


def test_nothing_takes_grants_away() -> None:
    """Authoritative resources would remove Google's own agents; they do not stand here."""
    types = {one.type for folder in FOLDERS for one in resources(folder)}

    assert {type for type in types if type.endswith(("_iam_binding", "_iam_policy"))} == set()


def test_no_role_is_everything() -> None:
    """Neither owner nor editor nor viewer of a whole project, and nobody mints tokens in another's name."""
    text = "".join(file.read_text() for file in Path(TERRAFORM).rglob("*.tf"))

    for role in (
        "roles/owner",
        "roles/editor",
        "roles/viewer",
        "roles/iam.serviceAccountTokenCreator",
        "roles/secretmanager.admin",
    ):
        assert f'"{role}"' not in text, role


def test_the_deployer_hands_out_what_functions_need_and_nothing_else() -> None:
    """The condition's list is made of the roles in the root's map."""
    needed = {role for roles in value("project_grants").values() for role in roles}

    assert set(value("grantable", BOOTSTRAP)) == needed
    condition = resource("google_project_iam_member.granter", BOOTSTRAP)["condition"][0]
    assert "hasOnly" in condition["expression"]
    assert "local.grantable" in condition["expression"]


#: What of `Accounts` makes, changes or removes an account, for which looking at accounts is not enough.
CHANGES = {"ensure_owner", "remove", "set_role"}
#: Who calls these, and the functions that carry it out. The adapters and what runs off the cloud alone have no grant of these maps.
CHANGERS = {
    "src/provisioning/steps/create_dashboard.py": {"provision-step"},
    "src/provisioning/stores/administrators.py": {"status"},
}
_ELSEWHERE = {"src/provisioning/serving.py"}


def _changes_accounts(file: Path) -> bool:
    """Whether the file calls one of these on what is called `accounts`."""
    return any(
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in CHANGES
        and ast.unparse(call.func.value).endswith("accounts")
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    )


def test_who_changes_accounts_may() -> None:
    """The functions that make accounts, set roles or remove accounts have the role for it, and no other function has."""
    sources = (ROOT / "src" / "provisioning").rglob("*.py")
    found = {str(file.relative_to(ROOT)) for file in sources if _changes_accounts(file)}
    granted = {
        account for account, roles in value("project_grants").items() if "roles/firebaseauth.admin" in roles
    }

    assert found - _ELSEWHERE == set(CHANGERS)
    assert granted == set().union(*CHANGERS.values())


def test_the_port_of_accounts_is_the_one_that_is_meant() -> None:
    """Each call of the port either changes an account or is known to look only."""
    calls = {name for name in vars(Accounts) if not name.startswith("_")}

    assert calls - CHANGES == {"find", "find_by_email", "list_by_role", "verify"}
    assert calls >= CHANGES


def test_what_is_proposed_reaches_nothing() -> None:
    """Anybody's change is run by the checker: a log, and the image it runs in."""
    assert value("project_grants", BOOTSTRAP)["checker"] == ["roles/logging.logWriter"]
    assert (
        expression(resource("google_cloudbuild_trigger.check", BOOTSTRAP)["service_account"])
        == 'google_service_account.this["checker"].id'
    )


def test_each_secret_has_its_place() -> None:
    """What functions read is what bootstrap makes."""
    made = set(
        re.findall(
            r'"([\w-]+)"', expression(resource("google_secret_manager_secret.this", BOOTSTRAP)["for_each"])
        )
    )

    assert {one["secret"] for one in value("secrets").values()} == made
    assert local_values(BOOTSTRAP)["apis"]
