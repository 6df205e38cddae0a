"""`provisioning media`: a store's own pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Column, Table

from provisioning.cli import console
from provisioning.cli.console import ACTOR, DEFAULT_DATA, AsJson, DataFolder
from provisioning.cli.stores import find_store
from provisioning.errors import FieldError, InvalidInput, NotFound, Rejected, Transient
from provisioning.media.formats import MOST_BYTES
from provisioning.media.records import COLLECTION, PREFIX, StorePicture
from provisioning.ports import Query

media = typer.Typer(help="A store's own pictures.", no_args_is_help=True)

OfStore = Annotated[str, typer.Option("--store", help="The store's id, or its subdomain.")]
_PAGE = 200


@media.command("add")
def add(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="JPEG, PNG, WebP or AVIF.", exists=True, dir_okay=False),
    ],
    store: OfStore,
    alt: Annotated[
        str | None,
        typer.Option(
            help="What the picture shows, for people who cannot see it; empty where it only decorates. By default the file's name in words."
        ),
    ] = None,
    as_json: AsJson = False,
    data: DataFolder = DEFAULT_DATA,
) -> None:
    """
    Add pictures to a store; the same file again is the same picture.

    Ends with 1 if one of several was refused; the others are added.
    """
    from provisioning.media.library import add_picture

    platform = console.open_platform(data)
    store_id, _ = find_store(platform, store)
    added: list[StorePicture] = []
    refused: list[str] = []
    for file in files:
        words = _words(file) if alt is None else alt
        try:
            picture = add_picture(
                platform.ports.documents, platform.ports.files, store_id, _read(file), alt=words, actor=ACTOR
            )
        except (Rejected, Transient) as error:
            if len(files) == 1:
                raise
            refused.append(f"{file.name}: {error}")
            continue
        added.append(picture)
        if not as_json:
            size = f"{picture.width} × {picture.height}"
            console.out.print(f"{picture.name}  {file.name}, {size}, “{picture.alt}”", soft_wrap=True)
    if as_json:
        console.print_json([_shown(picture) for picture in added])
    for line in refused:
        console.err.print(line, style="red", markup=False)
    if refused:
        raise typer.Exit(1)


@media.command("list")
def list_pictures(store: OfStore, as_json: AsJson = False, data: DataFolder = DEFAULT_DATA) -> None:
    """A store's own pictures, the newest first."""
    platform = console.open_platform(data)
    query = Query(
        f"tenants/{find_store(platform, store)[0]}/{COLLECTION}", order_by="-created_at", limit=_PAGE
    )
    found = [StorePicture.model_validate(one.data) for one in platform.ports.documents.query(query)]
    if as_json:
        console.print_json([_shown(picture) for picture in found])
        return
    table = Table(
        Column("Picture", no_wrap=True), "Size", "Sent as", "Added (UTC)", "Shows", box=None, pad_edge=False
    )
    for picture in found:
        table.add_row(
            picture.name,
            f"{picture.width} × {picture.height}",
            f"{picture.format}, {picture.size / 1_000:,.0f} kB",
            f"{picture.created_at:%Y-%m-%d %H:%M}",
            picture.alt,
        )
    console.out.print(table if found else "There are none.")


@media.command("describe")
def describe(
    picture: Annotated[str, typer.Argument(help="As media/<id>, or its id.")],
    alt: Annotated[str, typer.Option(help="What it shows; empty where it only decorates.")],
    store: OfStore,
    data: DataFolder = DEFAULT_DATA,
) -> None:
    """Say what a picture shows, for people who cannot see it."""
    from provisioning.media.library import describe_picture

    platform = console.open_platform(data)
    store_id, _ = find_store(platform, store)
    changed = describe_picture(platform.ports.documents, store_id, _id(picture), alt, actor=ACTOR)
    console.out.print(f"{changed.name}  “{changed.alt}”", soft_wrap=True)


@media.command("remove")
def remove(
    picture: Annotated[str, typer.Argument(help="As media/<id>, or its id.")],
    store: OfStore,
    data: DataFolder = DEFAULT_DATA,
) -> None:
    """Remove a picture that nothing shows."""
    from provisioning.media.library import remove_picture

    platform = console.open_platform(data)
    store_id, _ = find_store(platform, store)
    remove_picture(platform.ports.documents, store_id, _id(picture), actor=ACTOR)
    console.out.print("It is removed.")


def _read(file: Path) -> bytes:
    if file.stat().st_size > MOST_BYTES:
        message = f"is larger than {MOST_BYTES // 2**20} MiB; make it smaller"
        raise InvalidInput((FieldError("picture", "TOO_LARGE", message),))
    return file.read_bytes()


def _words(file: Path) -> str:
    """`oak-board_2.jpg` shows an "Oak board 2", as long as nobody says better."""
    words = " ".join(file.stem.replace("-", " ").replace("_", " ").split())
    return "".join(letter for letter in words if letter.isprintable())[:300].capitalize()


def _id(picture: str) -> str:
    id = picture.removeprefix(PREFIX)
    if not id:
        raise NotFound("name the picture as media/<id>")
    return id


def _shown(picture: StorePicture) -> dict[str, object]:
    return {"name": picture.name, **picture.model_dump(mode="json")}
