"""
The activation request: the one shape of it, used by the function, the API and the command line.

`parse_activation` reports every wrong field at once, each with a stable code and a sentence for people.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, LiteralString, cast

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from provisioning.errors import FieldError, InvalidInput
from provisioning.stores.subdomains import MAX_LENGTH, MIN_LENGTH, PATTERN, check_subdomain

_SLUG = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
_ID = r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"
# Deliberately stricter than RFC 5321: what real mail providers accept, in ASCII.
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
# Names that nobody can own (RFC 6761, RFC 6762, RFC 7686) or that lead inside a network, as `metadata.google.internal` does.
_NOBODYS_DOMAIN = re.compile(r".*\.(?:alt|arpa|home|internal|invalid|lan|local|localhost|onion|test)")
# Control characters, and the marks that change the direction of text (Unicode TR36), never belong in a name.
_UNSEEN_SET = r"\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"
_UNSEEN = re.compile(rf"[{_UNSEEN_SET}\ud800-\udfff]")
# The same for other programs, which know no halves of characters: JSON Schema's patterns are ECMAScript's.
_LINE_PATTERN = rf"^[^\s{_UNSEEN_SET}](?:[^{_UNSEEN_SET}]*[^\s{_UNSEEN_SET}])?$"
_PROSE_PATTERN = rf"^(?:\n|[^{_UNSEEN_SET}])*$"


def _subdomain(value: str) -> str:
    problem = check_subdomain(value)
    if problem:
        raise PydanticCustomError(cast("LiteralString", problem.code), "{why}", {"why": problem.message})
    return value


def _email(value: str) -> str:
    if not _EMAIL.fullmatch(value) or len(value.partition("@")[0]) > 64:
        raise PydanticCustomError("NOT_AN_EMAIL", "must be an e-mail address, as name@example.com")
    return value


def _domain(value: str) -> str:
    if not _DOMAIN.fullmatch(value) or "xn--" in value or _NOBODYS_DOMAIN.fullmatch(value):
        raise PydanticCustomError("NOT_A_DOMAIN", "must be a domain name in lower case, as shop.example.com")
    return value


def _seen(value: str) -> str:
    if _UNSEEN.search(value):
        raise PydanticCustomError("UNSEEN_CHARACTERS", "must not hold control or invisible characters")
    return value


def _line(value: str) -> str:
    _seen(value)
    if not value.strip() or value != value.strip():
        raise PydanticCustomError("NOT_TRIMMED", "must not be blank, nor begin or end with a space")
    return value


def _prose(value: str) -> str:
    _seen(value.replace("\n", " "))
    return value


def _moment(value: object) -> object:
    if isinstance(value, datetime | str):
        return value
    raise PydanticCustomError("NOT_A_TIME", "must be a time, as 2026-01-31T12:00:00Z")


def _in_utc(value: datetime) -> datetime:
    try:
        value.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("NOT_A_TIME", "must be a time in the years 1 to 9999") from None
    return value


# Strict: Firestore holds bytes too, which pydantic would take for text.
Identifier = Annotated[str, StringConstraints(strict=True, pattern=_ID, min_length=1, max_length=128)]
Slug = Annotated[str, StringConstraints(strict=True, pattern=_SLUG, min_length=1, max_length=40)]
Line = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=80),
    AfterValidator(_line),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 80, "pattern": _LINE_PATTERN}),
]
#: Text of several lines, of which none is hidden.
Prose = Annotated[
    str,
    StringConstraints(strict=True),
    AfterValidator(_prose),
    WithJsonSchema({"type": "string", "pattern": _PROSE_PATTERN}),
]
Email = Annotated[
    str,
    StringConstraints(strict=True, max_length=254),
    AfterValidator(_email),
    WithJsonSchema(
        {"type": "string", "format": "email", "maxLength": 254, "pattern": f"^(?!.{{65,}}@){_EMAIL.pattern}$"}
    ),
]
Domain = Annotated[
    str,
    StringConstraints(strict=True, max_length=253),
    AfterValidator(_domain),
    WithJsonSchema(
        {
            "type": "string",
            "format": "hostname",
            "maxLength": 253,
            "pattern": f"^(?!.*xn--){_DOMAIN.pattern}$",
        }
    ),
]
Subdomain = Annotated[
    str,
    StringConstraints(strict=True),
    AfterValidator(_subdomain),
    WithJsonSchema(
        {
            "type": "string",
            "minLength": MIN_LENGTH,
            "maxLength": MAX_LENGTH,
            "pattern": f"^(?=.*[a-z]){PATTERN}$",
        }
    ),
]


class Category(StrEnum):
    """What a store sells; chooses its first content."""

    ELECTRONICS = "electronics"
    FASHION = "fashion"
    HOME = "home"
    BEAUTY = "beauty"
    GENERAL = "general"


class Launch(StrEnum):
    """When the public sees the store."""

    AFTER_ONBOARDING = "after_onboarding"
    IMMEDIATELY = "immediately"


class Integrations(BaseModel):
    """What the merchant wants connected. Each becomes a task of the store's and holds nothing back."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    meta_ads: bool = False
    stripe: bool = False
    paypal: bool = False
    analytics: bool = False


class ActivationRequest(BaseModel):
    """What a person submits to turn an approved merchant into a store."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    merchant_id: Identifier = Field(description="The approved merchant.")
    store_id: Identifier = Field(
        description="Minted by the requester; the request's id where it is left out."
    )
    store_name: Line = Field(description="As shoppers read it.")
    owner_email: Email = Field(description="Who receives the welcome mail and the dashboard.")
    theme: Slug = Field(default="upfront-modern", description="A theme's slug.")
    plan: Slug = Field(default="professional", description="A plan's slug.")
    subdomain: Subdomain = Field(description="The store answers at <subdomain>.<store domain>.")
    custom_domain: Domain | None = Field(default=None, description="Connected later, as a task.")
    category: Category = Field(default=Category.GENERAL, description="Chooses the sample catalogue.")
    integrations: Integrations = Integrations()
    launch: Launch = Launch.AFTER_ONBOARDING
    requested_by: Annotated[str, StringConstraints(strict=True, max_length=200), AfterValidator(_seen)] = (
        Field("", description="Who asked: a uid.")
    )
    requested_at: Annotated[AwareDatetime, BeforeValidator(_moment), AfterValidator(_in_utc)] | None = None
    picked_up: Annotated[bool, Field(strict=True)] = Field(
        default=False, description="Written by the system alone."
    )

    def to_document(self, requested_at: datetime) -> dict[str, Any]:
        """The document under `activation_requests/`, not yet picked up."""
        data = self.model_dump(mode="json", exclude={"requested_at"})
        return data | {"requested_at": self.requested_at or requested_at, "picked_up": False}


def parse_activation(data: Mapping[str, Any], request_id: str) -> ActivationRequest:
    """
    Check a submitted request; `store_id` defaults to the request's id.

    Raises `InvalidInput` with one `FieldError` for each wrong field.
    """
    try:
        return ActivationRequest.model_validate({"store_id": request_id} | dict(data))
    except ValidationError as error:
        raise InvalidInput(explain(error)) from None


#: By the kind of pydantic's error: our code, and our sentence with what the rule names in braces.
SENTENCES = {
    "missing": ("MISSING", "is missing"),
    "extra_forbidden": ("UNKNOWN_FIELD", "is not a field of this document"),
    "model_type": ("NOT_AN_OBJECT", "must be an object"),
    "string_type": ("NOT_TEXT", "must be text"),
    "string_unicode": ("NOT_UNICODE", "must hold whole characters only"),
    "string_too_long": ("TOO_LONG", "must be at most {max_length} characters long"),
    "string_too_short": ("TOO_SHORT", "must be at least {min_length} characters long"),
    "string_pattern_mismatch": ("WRONG_FORM", "holds characters that are not allowed here"),
    "enum": ("NOT_A_CHOICE", "must be one of {expected}"),
    "bool_type": ("NOT_YES_OR_NO", "must be true or false"),
    "bool_parsing": ("NOT_YES_OR_NO", "must be true or false"),
    "datetime_parsing": ("NOT_A_TIME", "must be a time, as 2026-01-31T12:00:00Z"),
    "datetime_from_date_parsing": ("NOT_A_TIME", "must be a time, as 2026-01-31T12:00:00Z"),
    "timezone_aware": ("NOT_A_TIME", "must be a time with a time zone"),
}


def explain(error: ValidationError) -> tuple[FieldError, ...]:
    """One `FieldError` for each problem that pydantic found; never repeats what was sent."""
    found: list[FieldError] = []
    for item in error.errors(include_input=False, include_url=False):
        field = ".".join(_name(part) for part in item["loc"])[:100] or "body"
        sentence = SENTENCES.get(item["type"])
        if sentence:
            code, text = sentence
            message = text.format_map(item.get("ctx", {}))
        elif item["type"].isupper():
            code, message = item["type"], item["msg"]
        else:
            code, message = "WRONG_VALUE", item["msg"][:1].lower() + item["msg"][1:]
        found.append(FieldError(field, code, message))
    return tuple(found)


def _name(part: int | str) -> str:
    """A field's name as we may show it: an unknown field's name was chosen by the sender."""
    text = str(part)
    return text if re.fullmatch(r"[A-Za-z0-9_]{1,40}", text) else "?"
