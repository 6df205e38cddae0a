"""
The settings, and the only reader of the environment.

`.env.example` is made from the fields below (`python -m provisioning.settings > .env.example`), so that the two cannot differ.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from provisioning.errors import Misconfigured


class Runtime(StrEnum):
    """Where the ports come from."""

    EMBEDDED = "embedded"
    EMULATORS = "emulators"
    GOOGLE = "google"


#: Variables that lead clients away from Google's servers. One of them in production would, for example, switch
#: off the verification of ID tokens, so their presence stops the start there.
EMULATOR_VARIABLES = (
    "FIRESTORE_EMULATOR_HOST",
    "PUBSUB_EMULATOR_HOST",
    "STORAGE_EMULATOR_HOST",
    "FIREBASE_AUTH_EMULATOR_HOST",
)

#: Settings whose values come from Secret Manager and are shown nowhere.
SECRETS = frozenset({"session_secret", "sendgrid_api_key"})

#: Settings whose defaults are right on a laptop alone.
_LOCAL_DEFAULTS = (
    "google_cloud_project",
    "site_bucket",
    "store_domain",
    "public_scheme",
    "public_port",
    "dashboard_host",
    "session_secret",
    "mail_from",
)

#: Functions that neither sign nor check anything, and are not given the secret for it.
WITHOUT_SESSION_SECRET = frozenset({"activate-merchant", "collect", "dead-letter", "republish", "sweep"})

#: Characters up to which a wrong value is repeated.
_SHOWN = 12

Text = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
#: A type of its own: of two lengths for one field the shorter one would win.
LongText = Annotated[str, StringConstraints(min_length=16, max_length=500, strip_whitespace=True)]


class Settings(BaseModel):
    """All settings. Each is the environment variable of the same name in capitals."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    provisioning_runtime: Runtime = Field(
        Runtime.EMBEDDED,
        description="embedded (SQLite and a folder), emulators, or google. On Cloud Run it is google, whatever stands here.",
    )
    provisioning_data: Path = Field(
        Path(".provisioning"), description="Folder of the local runtimes: documents, files, mail, accounts."
    )
    google_cloud_project: Text = Field("demo-provisioning", description="The project that holds everything.")
    firestore_database: Text = Field("(default)", description="The Firestore database.")
    firestore_emulator_host: Text | None = Field(None, description="Local only: host:port of the emulator.")
    pubsub_emulator_host: Text | None = Field(None, description="Local only: host:port of the emulator.")
    storage_emulator_host: Text | None = Field(
        None, description="Local only: http://host:port of the emulator."
    )
    firebase_auth_emulator_host: Text | None = Field(
        None, description="Local only: host:port of the emulator."
    )
    site_bucket: Text = Field("demo-provisioning-sites", description="The bucket of the stores' files.")
    step_topic: Text = Field("provision-step", description="The topic whose messages carry the steps.")
    step_budget_seconds: float = Field(
        6.0,
        gt=0,
        le=120,
        description="B: seconds that one attempt at a step may take. Client time-outs are B/2, the lease 2 B.",
    )
    store_domain: Text = Field(
        "localhost",
        description="Stores live at <subdomain>.<this>. Locally localhost, which browsers resolve.",
    )
    public_scheme: Text = Field("http", pattern="^https?$", description="http locally, https in production.")
    public_port: int | None = Field(
        8080,
        ge=1,
        le=65535,
        description="The port in public addresses; empty, 443 or 80 for the scheme's own.",
    )
    dashboard_host: Text = Field(
        "localhost", description="The host of the owners' dashboard, welcome page and admin API."
    )
    allowed_origins: Text | None = Field(
        None,
        description="Origins whose pages may call the admin API, with commas between them: the portal's, as https://portal.example.com.",
    )
    session_secret: LongText = Field(
        "local-only-not-a-secret",
        repr=False,
        description="Signs sessions, welcome links and previews. In production 32 random bytes from Secret Manager, given to the functions that sign or check.",
    )
    sendgrid_api_key: Text | None = Field(None, repr=False, description="Sends the mail in production.")
    sendgrid_url: Text = Field("https://api.sendgrid.com", description="Where SendGrid answers.")
    mail_from: Text = Field("stores@localhost.localdomain", description="The sender of the welcome mail.")
    mail_from_name: Text = Field("Upfront Stores", description="The sender's name.")
    log_level: Text = Field(
        "INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="DEBUG, INFO, WARNING or ERROR."
    )
    k_service: Text | None = Field(None, description="Set by Cloud Run. Never set it yourself.")

    @model_validator(mode="before")
    @classmethod
    def _treat_empty_as_unset(cls, values: Any) -> Any:
        """`PUBLIC_PORT=` means none; any other empty variable means its default."""
        kept = {k: v for k, v in values.items() if v != ""}
        if values.get("public_port") == "":
            kept["public_port"] = None
        return kept

    @model_validator(mode="after")
    def _refuse_local_settings_in_production(self) -> Settings:
        if self.provisioning_runtime is not Runtime.GOOGLE:
            return self
        local = [name for name in EMULATOR_VARIABLES if getattr(self, name.lower())]
        if local:
            raise ValueError(
                f"{', '.join(local)} set in production: remove it, it leads away from Google's servers"
            )
        fields = type(self).model_fields
        wanted = [name for name in _LOCAL_DEFAULTS if name != "session_secret" or self._signs]
        unset = [name for name in wanted if getattr(self, name) == fields[name].default]
        if unset:
            named = ", ".join(name.upper() for name in unset)
            raise ValueError(f"{named} still as on a laptop: set it for production (PUBLIC_PORT=443)")
        return self

    @property
    def _signs(self) -> bool:
        """Whether this process has something to sign or to check. The command line has not, on an environment."""
        if self.provisioning_runtime is not Runtime.GOOGLE:
            return True
        return self.k_service is not None and self.k_service not in WITHOUT_SESSION_SECRET

    @property
    def signing_secret(self) -> str | None:
        """The secret that is signed with; None where nothing is."""
        return self.session_secret if self._signs else None

    @property
    def ack_deadline(self) -> int:
        """Seconds after which the broker delivers a message again; Pub/Sub's least is 10."""
        return math.ceil(max(10.0, 3 * self.step_budget_seconds))

    @property
    def portal_origins(self) -> frozenset[str]:
        """`allowed_origins`, one by one."""
        return frozenset(filter(None, map(str.strip, (self.allowed_origins or "").split(","))))

    @property
    def client_timeout(self) -> float:
        """Seconds that one call to a receiver may take."""
        return self.step_budget_seconds / 2

    def to_variables(self) -> dict[str, str]:
        """The environment that another process needs to have these settings."""
        values = self.model_dump(mode="json", exclude={"k_service"})
        return {name.upper(): "" if value is None else str(value) for name, value in values.items()}


def read_settings(environment: Mapping[str, str] | None = None, **overrides: object) -> Settings:
    """Read the settings from the environment; raises `Misconfigured` naming each variable that is wrong."""
    environment = os.environ if environment is None else environment
    values: dict[str, object] = {
        name: environment[name.upper()] for name in Settings.model_fields if name.upper() in environment
    }
    values |= overrides
    if values.get("k_service"):
        values["provisioning_runtime"] = Runtime.GOOGLE
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise Misconfigured(_explain(error)) from None


def _explain(error: ValidationError) -> str:
    problems: list[str] = []
    for item in error.errors(include_url=False):
        name = ".".join(str(part) for part in item["loc"]).upper()
        said = f"{item['msg']}{_shown(name, item['input'])}"
        problems.append(f"{name}: {said}" if name else item["msg"].removeprefix("Value error, "))
    return "; ".join(problems)


def _shown(name: str, value: object) -> str:
    """The value, where it is surely none that somebody put into the wrong variable: no secret is so short."""
    if name.lower() in SECRETS or not isinstance(value, str):
        return ""
    return f", not {value!r}" if len(value) <= _SHOWN else f", not a text of {len(value)} characters"


def read_variables(file: Path) -> dict[str, str]:
    """The `NAME=value` lines of a file that `provisioning up` wrote; none where there is no such file."""
    if not file.exists():
        return {}
    lines = (line for line in file.read_text().splitlines() if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in lines)}


def environment() -> dict[str, str]:
    """The process's environment, for those who start others."""
    return dict(os.environ)


def set_variables(variables: Mapping[str, str]) -> None:
    """Put variables into the process's environment: Google's clients read the emulators' addresses there by themselves."""
    os.environ.update(variables)


def describe_environment() -> str:
    """The text of `.env.example`."""
    lines = [
        "# Made from src/provisioning/settings.py by `make docs`. Every line is optional off the cloud.",
        "",
    ]
    for name, item in Settings.model_fields.items():
        if name == "k_service":
            continue
        default = "" if item.default is None or name in SECRETS else str(item.default)
        lines += [f"# {item.description}", f"{name.upper()}={default}", ""]
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    print(describe_environment(), end="")  # noqa: T201
