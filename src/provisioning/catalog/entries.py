"""
Themes as they are offered, `themes/{slug}`: the entry in the catalogue, not the package of templates itself.

A theme can be chosen while its entry is active, and its entry may be active only while its package is installed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from provisioning.errors import FieldError, InvalidInput, NotFound
from provisioning.stores.activation import Line, Prose, Slug

M = TypeVar("M", bound=BaseModel)

#: An address over HTTPS, or a path on the portal's own host (so no second slash), of letters that need no escaping.
_PICTURE = r"^(https:/)?/[A-Za-z0-9][A-Za-z0-9._~!$&()*+,;=:@/?%-]{0,400}$"


class ThemeEntry(BaseModel):
    """A theme that merchants may choose. `slug` is the document's id and the package's name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: Slug = Field(description="Its id, and the name of its package.")
    name: Line
    description: Annotated[Prose, Field(max_length=300)]
    version: Annotated[str, Field(pattern=r"^\d{1,4}\.\d{1,4}\.\d{1,4}$")] = Field(
        description="The package's version; stores remember which one they got."
    )
    active: bool = Field(
        default=True, description="An inactive theme cannot be chosen; stores that have it keep it."
    )
    preview: Annotated[str, Field(pattern=_PICTURE)] | None = Field(
        default=None, description="The address of a picture of it."
    )
    features: tuple[Line, ...] = Field(default=(), max_length=20)

    def to_document(self, now: datetime) -> dict[str, Any]:
        """The document under `themes/` of a theme that is ours: an import alone names a `package`."""
        return self.model_dump(mode="json") | {"updated_at": now, "package": None}


#: Whether each can be chosen is found out when they are seeded. Their pictures come with the portal.
DEFAULT_THEMES: tuple[ThemeEntry, ...] = (
    ThemeEntry(
        slug="upfront-modern",
        name="Upfront Modern",
        description="Large pictures, calm type and much room: products come first.",
        version="1.0.0",
        preview="/themes/upfront-modern.webp",
        features=("Filters above the products", "Pictures to swipe and enlarge", "Three sets of colours"),
    ),
    ThemeEntry(
        slug="upfront-classic",
        name="Upfront Classic",
        description="A traditional shop: search always at hand, filters beside dense rows, and promises up front.",
        version="1.0.0",
        preview="/themes/upfront-classic.webp",
        features=("Every shelf in the menu", "Filters beside the products", "Serif headings"),
    ),
    ThemeEntry(
        slug="upfront-minimal",
        name="Upfront Minimal",
        description="Photography first and almost nothing else: large pictures, light type, white space.",
        version="1.0.0",
        preview="/themes/upfront-minimal.webp",
        features=("Pictures from edge to edge", "Almost no chrome", "Paper, ink or linen"),
    ),
)


def read_entry(model: type[M], data: Mapping[str, Any]) -> M:
    """A document of the catalogue as `model`, without the fields that only the document has."""
    return model.model_validate({name: data[name] for name in model.model_fields if name in data})


def installed_version(slug: str) -> str | None:
    """The version of the theme's package, or None where there is none that works."""
    # Loaded here: the admin API starts without it, and seldom needs it.
    from provisioning.themes.packages import load_theme

    try:
        return load_theme(slug).version
    except (NotFound, InvalidInput):
        return None


def check_theme(entry: ThemeEntry) -> None:
    """Raise `InvalidInput` where the entry promises merchants a package that is not there."""
    if not entry.active:
        return
    version = installed_version(entry.slug)
    if version is None:
        message = "cannot be true: no package of this theme is installed"
        raise InvalidInput((FieldError("active", "NO_PACKAGE", message),))
    if version != entry.version:
        message = f"must be {version}, the version of the installed package"
        raise InvalidInput((FieldError("version", "WRONG_VERSION", message),))
