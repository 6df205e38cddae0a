"""`provisioning themes`: what a store makes of a theme, shown, tried, published and carried about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from provisioning.cli import console
from provisioning.cli.console import ACTOR, DEFAULT_DATA, AsJson, DataFolder, Wait
from provisioning.cli.stores import find_store
from provisioning.errors import InvalidInput
from provisioning.ports import Query, check_id
from provisioning.runtime import Platform
from provisioning.themes.checking.reports import Format

themes = typer.Typer(help="Themes, and what a store makes of one.", no_args_is_help=True)

Slug = Annotated[str, typer.Argument(metavar="THEME", help="A theme's slug.")]
OfStore = Annotated[str, typer.Option("--store", help="The store's id, or its subdomain.")]
MayBeStore = Annotated[str | None, typer.Option("--store", help="The store's id, or its subdomain.")]
#: Long lists of values are cut in the table; `--json` has them whole.
_LONGEST = 60


@themes.command("list")
def list_themes(store: MayBeStore = None, as_json: AsJson = False, data: DataFolder = DEFAULT_DATA) -> None:
    """Themes that can be chosen; with --store, what that store has of each."""
    platform = console.open_platform(data)
    if store is None:
        _list_offered(platform, as_json=as_json)
        return
    from provisioning.api.store_themes import themes_of

    listed = themes_of(platform.ports.documents, *find_store(platform, store))
    if as_json:
        console.print_json(listed.model_dump(mode="json")["items"])
        return
    table = Table("Theme", "Name", "Version", "Live", "Published", "Draft", box=None, pad_edge=False)
    for item in listed.items:
        published = f"{item.revision}×" if item.revision else ""
        marks = ("yes" if item.live else "", published, "yes" if item.has_draft else "")
        table.add_row(item.slug, item.name, item.version, *marks)
    console.out.print(table)


def _list_offered(platform: Platform, *, as_json: bool) -> None:
    found = platform.ports.documents.query(Query("themes", limit=500))
    if as_json:
        console.print_json([{"id": one.id, **(one.data or {})} for one in found])
        return
    table = Table("Theme", "Name", "Version", "Can be chosen", "From", box=None, pad_edge=False)
    for one in found:
        entry = one.data or {}
        offered = "yes" if entry.get("active", True) else "no"
        origin = "imported" if entry.get("package") else "the platform"
        table.add_row(one.id, entry.get("name", ""), entry.get("version", ""), offered, origin)
    console.out.print(table if found else "There are none: provisioning seed-defaults")


@themes.command("show")
def show_theme(theme: Slug, store: OfStore, as_json: AsJson = False, data: DataFolder = DEFAULT_DATA) -> None:
    """What a store has made of a theme: its values, the draft before what is published."""
    from provisioning.api.store_themes import theme_of

    platform = console.open_platform(data)
    view = theme_of(
        platform.ports.documents, platform.ports.files, *find_store(platform, store), _slug(theme)
    )
    if as_json:
        console.print_json(view.model_dump(mode="json"))
        return
    chosen = view.draft or view.published
    console.out.print(
        f"{view.slug} {view.version}"
        f"{', the theme of the store' if view.live else ''}"
        f", published {view.revision} times{', with a draft' if view.draft else ''}"
    )
    console.out.print(f"Presets: {', '.join(view.presets)}")
    table = Table("Setting", "Value", "", box=None, pad_edge=False)
    for name, value in view.values.items():
        table.add_row(name, _shown(value), "the store's own" if name in chosen.settings else "")
    for place, values in chosen.sections.items():
        for name, value in values.items():
            table.add_row(f"{place}/{name}", _shown(value), "the store's own")
    console.out.print(table)
    for problem in view.dropped:
        console.out.print(f"{problem.field}: {problem.message}; its value is left out", style="yellow")


@themes.command()
def customise(
    theme: Slug,
    store: OfStore,
    values: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME=VALUE]…",
            help="Settings, as color_accent=#004225, or of a section, as index/opening/heading=Hello. NAME= alone takes the theme's own.",
        ),
    ] = None,
    preset: Annotated[str | None, typer.Option(help="The preset to begin with.")] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="From the theme as it is, not from what is there.")
    ] = False,
    as_json: AsJson = False,
    data: DataFolder = DEFAULT_DATA,
) -> None:
    """Change values in the draft. Visitors see nothing of it until it is published."""
    from provisioning.sites import store_themes
    from provisioning.themes.choices import Customisation

    platform = console.open_platform(data)
    documents, slug = platform.ports.documents, _slug(theme)
    store_id, _ = find_store(platform, store)
    found, draft = store_themes.read_draft(documents, store_id, slug)
    kept = store_themes.read_store_theme(documents, store_id, slug)[1]
    present = draft.customisation if draft else kept.published if kept else Customisation()
    changed = _change(Customisation() if fresh else present, values or [], preset)
    saved = store_themes.save_draft(
        documents,
        platform.ports.files,
        store_id,
        slug,
        changed,
        actor=ACTOR,
        expected=found,
        pictures_too=True,
    )
    if as_json:
        console.print_json(saved.model_dump(mode="json"))
        return
    console.out.print(
        f"The draft of {slug} is kept. Look at it: provisioning themes preview {slug} --store {store}",
        soft_wrap=True,
    )


@themes.command()
def discard(theme: Slug, store: OfStore, data: DataFolder = DEFAULT_DATA) -> None:
    """Forget the draft."""
    from provisioning.sites import store_themes

    platform = console.open_platform(data)
    store_themes.discard_draft(platform.ports.documents, find_store(platform, store)[0], _slug(theme))
    console.out.print(f"There is no draft of {theme} any more.")


@themes.command()
def preview(
    theme: Slug,
    store: OfStore,
    days: Annotated[int, typer.Option(min=1, max=30, help="Days that the link works.")] = 7,
    wait: Wait = False,
    as_json: AsJson = False,
    data: DataFolder = DEFAULT_DATA,
) -> None:
    """Show any theme with the store's data, and the draft if there is one, to whoever holds the link."""
    from provisioning.api.store_themes import order_preview

    platform = console.open_platform(data, served=wait)
    store_id, found = find_store(platform, store)
    view = order_preview(platform, store_id, found, theme=_slug(theme), days=days, actor=ACTOR)
    console.end_previewed(platform, view, wait=wait, as_json=as_json)


@themes.command()
def publish(
    theme: Slug, store: OfStore, wait: Wait = False, as_json: AsJson = False, data: DataFolder = DEFAULT_DATA
) -> None:
    """Make the draft what visitors see while this theme is the store's."""
    from provisioning.api.store_themes import order
    from provisioning.sites import store_themes

    platform = console.open_platform(data, served=wait)
    store_id, _ = find_store(platform, store)
    kept = store_themes.publish_draft(
        platform.ports.documents, platform.ports.files, store_id, _slug(theme), actor=ACTOR
    )
    ordered = order(platform, store_id, "The theme's settings changed", ACTOR)
    if not as_json:
        console.out.print(f"Revision {kept.revision} of {theme} is being published.")
    console.end_ordered(platform, ordered, wait=wait, as_json=as_json, more={"revision": kept.revision})


@themes.command()
def switch(
    theme: Slug, store: OfStore, wait: Wait = False, as_json: AsJson = False, data: DataFolder = DEFAULT_DATA
) -> None:
    """Give the store this theme; its values are carried over by what they mean, those of the other are kept."""
    from provisioning.api.store_themes import order
    from provisioning.sites import store_themes

    platform = console.open_platform(data, served=wait)
    store_id, _ = find_store(platform, store)
    done = store_themes.switch_theme(
        platform.ports.documents, platform.ports.files, store_id, _slug(theme), actor=ACTOR
    )
    ordered = order(platform, store_id, f"Switched to {done.now}", ACTOR)
    carried, unmatched = done.values.carried, done.values.unmatched
    if not as_json:
        console.out.print(f"From {done.before} to {done.now}: {len(carried)} values carried over.")
        if unmatched:
            console.out.print(f"Kept for when it comes back: {', '.join(unmatched)}", soft_wrap=True)
    more = {"before": done.before, "now": done.now, "carried": carried, "unmatched": unmatched}
    console.end_ordered(platform, ordered, wait=wait, as_json=as_json, more=more)


@themes.command()
def revisions(theme: Slug, store: OfStore, as_json: AsJson = False, data: DataFolder = DEFAULT_DATA) -> None:
    """What the store has published of a theme's settings, the newest first."""
    from provisioning.api.store_themes import revisions_of

    platform = console.open_platform(data)
    listed = revisions_of(platform.ports.documents, find_store(platform, store)[0], _slug(theme))
    if as_json:
        console.print_json(listed.model_dump(mode="json")["items"])
        return
    table = Table("Revision", "At", "By", "Version", "Values", box=None, pad_edge=False)
    for item in listed.items:
        chosen = item.customisation
        count = len(chosen.settings) + sum(map(len, chosen.sections.values()))
        table.add_row(str(item.number), f"{item.at:%Y-%m-%d %H:%M} UTC", item.by, item.version, str(count))
    console.out.print(table if listed.items else "Nothing was published of it.")


@themes.command()
def restore(
    theme: Slug,
    number: Annotated[int, typer.Argument(min=1, help="A revision.")],
    store: OfStore,
    data: DataFolder = DEFAULT_DATA,
) -> None:
    """Make a revision the draft again."""
    from provisioning.sites import store_themes

    platform = console.open_platform(data)
    store_id, _ = find_store(platform, store)
    store_themes.restore_revision(
        platform.ports.documents, platform.ports.files, store_id, _slug(theme), number, actor=ACTOR
    )
    console.out.print(f"Revision {number} of {theme} is the draft.")


@themes.command("export")
def export_theme(
    theme: Slug,
    file: Annotated[
        Path | None, typer.Argument(help="Where to write it; by default THEME.upfront-theme.zip.")
    ] = None,
    store: Annotated[
        str | None, typer.Option("--store", help="A store's values of it, rather than the theme.")
    ] = None,
    package: Annotated[
        bool, typer.Option("--package", help="With --store: the theme itself as well.")
    ] = False,
    data: DataFolder = DEFAULT_DATA,
) -> None:
    """Write a theme, or what a store has made of it, as an archive."""
    from provisioning.sites import theme_exchange
    from provisioning.themes.archives import SUFFIX

    platform, slug = console.open_platform(data), _slug(theme)
    if store is None:
        body = theme_exchange.export_theme(platform.ports.documents, platform.ports.files, slug)
    else:
        body = theme_exchange.export_store_theme(
            platform.ports.documents,
            platform.ports.files,
            find_store(platform, store)[0],
            slug,
            package=package,
        )
    target = file or Path(f"{slug}{SUFFIX}")
    try:
        target.write_bytes(body)
    except OSError:
        console.refuse(f"{target} cannot be written")
    console.out.print(f"{target}: {len(body)} bytes", soft_wrap=True)


@themes.command("import")
def import_theme(
    file: Annotated[Path, typer.Argument(help="An archive that export has written, or a theme's folder.")],
    store: Annotated[
        str | None, typer.Option("--store", help="Take the values in it as this store's draft instead.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what is wrong; keep nothing.")] = False,
    as_json: AsJson = False,
    data: DataFolder = DEFAULT_DATA,
) -> None:
    """
    Take a theme in: checked, kept, and inactive until `activate`; with --store the values in the archive as the draft.

    Ends with 1 if a dry run finds an error.
    """
    body = _read_archive(file)
    platform = console.open_platform(data)
    if store is not None:
        _import_values(platform, store, body)
        return
    from provisioning.api.theme_archives import ImportedView
    from provisioning.sites import theme_exchange

    with console.err.status("Checking the theme …"):
        found = theme_exchange.import_theme(
            platform.ports.documents, platform.ports.files, body, actor=ACTOR, dry_run=dry_run
        )
    if as_json:
        console.print_json(ImportedView.of(found).model_dump(mode="json"))
    else:
        for one in found.findings:
            console.out.print(f"{one.file}:{one.line}: {one.severity} {one.code} {one.message}", markup=False)
        does = "is kept, and inactive" if found.kept else "was looked at, and not kept"
        console.out.print(f"{found.slug} {found.version}, {found.files} files, {does}.")
        if found.kept:
            console.out.print(f"Look at it: provisioning themes preview {found.slug} --store STORE")
            console.out.print(f"Let it be chosen: provisioning themes activate {found.slug}")
    if any(finding.blocks for finding in found.findings):
        raise typer.Exit(1)


def _import_values(platform: Platform, store: str, body: bytes) -> None:
    from provisioning.sites import theme_exchange

    store_id, _ = find_store(platform, store)
    ports = platform.ports
    draft, dropped = theme_exchange.import_values(ports.documents, ports.files, store_id, body, actor=ACTOR)
    console.out.print(f"The values are the draft of {draft.slug}.")
    for problem in dropped:
        console.out.print(f"{problem.field}: {problem.message}; left out", style="yellow")


@themes.command()
def activate(theme: Slug, data: DataFolder = DEFAULT_DATA) -> None:
    """Let merchants choose a theme."""
    _set_active(theme, data, active=True)
    console.out.print(f"{theme} can be chosen.")


@themes.command()
def deactivate(theme: Slug, data: DataFolder = DEFAULT_DATA) -> None:
    """Let nobody choose a theme any more; stores that have it keep it."""
    _set_active(theme, data, active=False)
    console.out.print(f"{theme} cannot be chosen any more; stores that have it keep it.")


def _set_active(theme: str, data: Path, *, active: bool) -> None:
    from provisioning.api.offers import check_offered
    from provisioning.catalog.entries import ThemeEntry, read_entry
    from provisioning.errors import NotFound
    from provisioning.ports import Update, document_path
    from provisioning.stores.audit import audit_entry, commit_deed

    platform, slug = console.open_platform(data), _slug(theme)
    documents = platform.ports.documents
    found = documents.get(document_path("themes", slug))
    if found.data is None:
        raise NotFound("there is no theme of this name")
    check_offered(platform, read_entry(ThemeEntry, found.data).model_copy(update={"active": active}))
    fields = {"active": active, "updated_at": found.read_time}
    entry = audit_entry(at=found.read_time, actor=ACTOR, action="theme.replaced", subject=found.path)
    commit_deed(documents, [Update(found.path, fields, if_updated_at=found.update_time)], entry)


@themes.command("check")
def check(
    package: Annotated[
        Path, typer.Argument(metavar="DIR", help="A theme's folder, or its archive.", exists=True)
    ],
    form: Annotated[Format, typer.Option("--format", help="How findings are written.")] = Format.TEXT,
    base: Annotated[
        Path | None,
        typer.Option(
            help="A folder of the themes that it may extend; by default ours.", exists=True, file_okay=False
        ),
    ] = None,
    imported: Annotated[
        bool, typer.Option("--imported", help="As strictly as a theme of somebody else's is checked.")
    ] = False,
    rules_only: Annotated[
        bool, typer.Option("--rules-only", help="Do not make the pages of the sample shops.")
    ] = False,
) -> None:
    """
    Tell all that is wrong with a theme, by file and line.

    Ends with 1 if there is an error; warnings do not count.
    """
    from provisioning.themes.checking.folders import check_package
    from provisioning.themes.checking.reports import write

    findings = check_package(package, base, imported=imported, pages=not rules_only)
    folder = f"{package}/" if package.is_dir() else ""
    typer.echo(write(findings, form, folder))
    if any(finding.blocks for finding in findings):
        raise typer.Exit(1)


def _read_archive(file: Path) -> bytes:
    from provisioning.sites.theme_exchange import pack_folder
    from provisioning.themes.archives import MAX_BYTES

    if file.is_dir():
        return pack_folder(file)
    try:
        with file.open("rb") as opened:
            # One byte more than may be: the archive's own check then says that it is too large.
            return opened.read(MAX_BYTES + 1)
    except OSError:
        console.refuse(f"{file} cannot be read")


def _slug(theme: str) -> str:
    return check_id(theme, "theme")


def _change(present: Any, given: list[str], preset: str | None) -> Any:
    """The choices with the given ones in their places. Raises `InvalidInput` for words that are none."""
    from provisioning.themes.choices import Customisation

    settings = dict(present.settings)
    sections: dict[str, dict[str, Any]] = {place: dict(values) for place, values in present.sections.items()}
    for word in given:
        name, sign, text = word.partition("=")
        if not sign:
            raise _no_value(word)
        place, _, setting = name.rpartition("/")
        values = sections.setdefault(place, {}) if place else settings
        if text:
            values[setting] = _value(text)
        else:
            values.pop(setting, None)
    kept = {place: values for place, values in sections.items() if values}
    fields = {"preset": preset or present.preset, "settings": settings, "sections": kept}
    return _checked(Customisation, present.model_dump() | fields)


def _checked(model: Any, fields: dict[str, Any]) -> Any:
    from pydantic import ValidationError

    from provisioning.errors import FieldError

    try:
        return model.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])[:80]
        raise InvalidInput((FieldError(where, "WRONG_VALUE", first["msg"]),)) from None


def _value(text: str) -> Any:
    """Numbers, true, false and JSON's lists as such; all else is text, with quotes or without."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _no_value(word: str) -> InvalidInput:
    from provisioning.errors import FieldError

    return InvalidInput((FieldError(word[:80], "NO_VALUE", "must be NAME=VALUE"),))


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
