"""Themes and what stores have made of them, as archives: in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from provisioning.api.calls import ROOT, Answer, Call, Endpoint, NoQuery
from provisioning.api.shapes import Output
from provisioning.api.store_themes import (
    NO_SUCH_THEME,
    STORE_AT,
    THEME_AT,
    DraftView,
    find_store,
    problems_of,
    theme_in,
)

if TYPE_CHECKING:
    from provisioning.sites.theme_exchange import ImportedTheme

#: The content type of an archive.
ARCHIVE = "application/zip"


class FindingView(Output):
    """What the checker found in a theme."""

    file: str
    line: int
    column: int = Field(description="0 where it is not known.")
    code: str = Field(description="The rule, as `AS12`.")
    severity: str = Field(description="An `error` keeps the theme out, a `warning` does not.")
    message: str
    fix: str


class ImportedView(Output):
    """What an import found."""

    slug: str
    version: str
    files: int = Field(description="Of the package itself.")
    kept: bool = Field(description="False in a dry run. A theme that is kept is inactive at first.")
    findings: tuple[FindingView, ...]

    @classmethod
    def of(cls, found: ImportedTheme) -> ImportedView:
        findings = tuple(
            FindingView(
                file=f.file,
                line=f.line,
                column=f.column,
                code=f.code,
                severity=str(f.severity),
                message=f.message,
                fix=f.fix,
            )
            for f in found.findings
        )
        return cls(
            slug=found.slug, version=found.version, files=found.files, kept=found.kept, findings=findings
        )


class ImportChoice(BaseModel):
    """How to import."""

    model_config = ConfigDict(extra="forbid")

    dry_run: bool = Field(False, description="Only say what is wrong; keep nothing.")


class ExportChoice(BaseModel):
    """What to export."""

    model_config = ConfigDict(extra="forbid")

    package: bool = Field(False, description="With the theme itself.")


def export_theme(call: Call[NoQuery, None]) -> Answer:
    from provisioning.sites.theme_exchange import export_theme

    slug = theme_in(call)
    return Answer(export_theme(call.documents, call.platform.ports.files, slug), _attached(slug))


def import_theme(call: Call[ImportChoice, bytes]) -> Answer:
    from provisioning.sites.theme_exchange import import_theme

    found = import_theme(
        call.documents,
        call.platform.ports.files,
        call.body,
        actor=call.actor,
        dry_run=call.query.dry_run,
    )
    return Answer(ImportedView.of(found))


def import_values(call: Call[NoQuery, bytes]) -> Answer:
    from provisioning.sites.theme_exchange import import_values

    draft, dropped = import_values(
        call.documents, call.platform.ports.files, find_store(call)[0], call.body, actor=call.actor
    )
    return Answer(DraftView(**dict(draft), dropped=problems_of(dropped)))


def export_values(call: Call[ExportChoice, None]) -> Answer:
    from provisioning.sites.theme_exchange import export_store_theme

    store_id, _ = find_store(call)
    slug = theme_in(call)
    body = export_store_theme(
        call.documents, call.platform.ports.files, store_id, slug, package=call.query.package
    )
    return Answer(body, _attached(f"{store_id}-{slug}"))


def _attached(name: str) -> dict[str, str]:
    from provisioning.themes.archives import SUFFIX

    return {"Content-Disposition": f'attachment; filename="{name}{SUFFIX}"'}


# --- Endpoints -------------------------------------------------------------------------------------------

ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "GET",
        f"{THEME_AT}/export",
        "export_store_theme",
        "Themes of a store",
        "Export what a store has made of a theme",
        export_values,
        query=ExportChoice,
        gives=ARCHIVE,
        refusals=NO_SUCH_THEME,
    ),
    Endpoint(
        "POST",
        f"{STORE_AT}/import",
        "import_store_theme",
        "Themes of a store",
        "Import a theme's values as a draft",
        import_values,
        takes=(ARCHIVE,),
        response=DraftView,
        refusals=NO_SUCH_THEME,
    ),
    Endpoint(
        "POST",
        f"{ROOT}/themes/import",
        "import_theme",
        "Themes",
        "Import a theme",
        import_theme,
        description="It is checked, kept and inactive at first: preview it with a store's data, then make it active. "
        "What keeps it out is listed by file and rule.",
        takes=(ARCHIVE,),
        query=ImportChoice,
        response=ImportedView,
    ),
    Endpoint(
        "GET",
        f"{ROOT}/themes/{{theme_id}}/export",
        "export_theme",
        "Themes",
        "Export a theme",
        export_theme,
        gives=ARCHIVE,
        refusals=NO_SUCH_THEME,
    ),
)
