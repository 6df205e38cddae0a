"""`provisioning releases`: what visitors of a store see, have seen, and might see next."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.progress import track
from rich.table import Column, Table

from provisioning.cli import console
from provisioning.cli.console import ACTOR, DEFAULT_DATA, AsJson, DataFolder, Wait
from provisioning.cli.stores import find_store
from provisioning.errors import ProvisioningError
from provisioning.ports import document_path
from provisioning.runtime import Platform

releases = typer.Typer(help="What a store's visitors see: releases of its website.", no_args_is_help=True)

OfStore = Annotated[str, typer.Argument(metavar="STORE", help="The store's id, or its subdomain.")]


@releases.command("list")
def list_releases(
    store: OfStore,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 20,
    as_json: AsJson = False,
    data: DataFolder = DEFAULT_DATA,
) -> None:
    """A store's releases, the newest first, and what its previews show."""
    from provisioning.api.releases import releases_of
    from provisioning.api.shapes import PageQuery

    platform = console.open_platform(data)
    listed = releases_of(
        platform.ports.documents, find_store(platform, store)[0], PageQuery(limit=limit, cursor=None)
    )
    if as_json:
        console.print_json(listed.model_dump(mode="json"))
        return
    shown = {listed.live: "live", listed.previous: "before"}
    whole = Column("Release", no_wrap=True, min_width=20)
    table = Table(whole, "Shown", "Made (UTC)", "Theme", "Why", "Pages", box=None, pad_edge=False)
    for item in listed.items:
        record, stats = item.record, item.record.stats
        seen = [shown.get(item.id, ""), *(c.name for c in listed.channels if c.release == item.id)]
        mark = ", ".join(filter(None, seen)) if record.state == "READY" else "rejected"
        made = f"{record.created_at:%m-%d %H:%M}"
        pages = f"{stats.rendered}/{stats.pages}"
        table.add_row(item.id, mark, made, record.theme.slug, record.reason, pages)
    console.out.print(table if listed.items else "There are none.")
    for channel in listed.channels:
        console.out.print(
            f"{channel.name} shows {channel.release} until {channel.expires_at:%Y-%m-%d %H:%M} UTC"
        )


@releases.command("show")
def show_release(
    store: OfStore, release: str, as_json: AsJson = False, data: DataFolder = DEFAULT_DATA
) -> None:
    """A release, what making it took, and what its checks said."""
    from provisioning.api.releases import release_of
    from provisioning.ports import check_id

    platform = console.open_platform(data)
    view = release_of(platform.ports.documents, find_store(platform, store)[0], check_id(release, "release"))
    if as_json:
        console.print_json(view.model_dump(mode="json"))
        return
    record, stats = view.record, view.record.stats
    console.out.print(f"{view.id}, {record.state}{', live' if view.live else ''}")
    console.out.print(f"Made {record.created_at:%Y-%m-%d %H:%M:%S} UTC by {record.actor} ({record.reason})")
    console.out.print(f"Theme {record.theme.slug} {record.theme.version}")
    console.out.print(
        f"{stats.rendered} of {stats.pages} pages rendered, {stats.uploaded} files put, {stats.bytes} bytes, {stats.seconds:.2f} s"
    )
    table = Table("Check", "", "Looked at", box=None, pad_edge=False)
    for check in record.checks:
        table.add_row(check.name, "passed" if check.ok else "failed", str(check.looked_at))
        for problem in check.problems:
            table.add_row(f"  {problem.page}", problem.code, problem.message)
    console.out.print(table)


@releases.command()
def publish(
    store: OfStore, wait: Wait = False, as_json: AsJson = False, data: DataFolder = DEFAULT_DATA
) -> None:
    """Make a release of the store as it is now, and show it to its visitors."""
    from provisioning.api.store_themes import order

    platform = console.open_platform(data, served=wait)
    ordered = order(platform, find_store(platform, store)[0], "Asked for by an administrator", ACTOR)
    console.end_ordered(platform, ordered, wait=wait, as_json=as_json)


@releases.command()
def preview(
    store: OfStore,
    release: Annotated[
        str | None, typer.Argument(help="A kept release; by default one of the store as it is now.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=30, help="Days that the link works.")] = 7,
    wait: Wait = False,
    as_json: AsJson = False,
    data: DataFolder = DEFAULT_DATA,
) -> None:
    """Show a release to whoever holds the link, and to nobody else."""
    from provisioning.api.releases import LOOKED_AT
    from provisioning.api.store_themes import order_preview, preview_link
    from provisioning.sites import channels

    platform = console.open_platform(data, served=wait)
    store_id, found = find_store(platform, store)
    if release is None:
        view = order_preview(platform, store_id, found, theme=None, days=days, actor=ACTOR)
        console.end_previewed(platform, view, wait=wait, as_json=as_json)
        return
    ports = platform.ports
    channels.preview(ports.documents, ports.files, store_id, release, LOOKED_AT, actor=ACTOR, days=days)
    link = preview_link(platform, store_id, found, LOOKED_AT, days)
    if as_json:
        console.print_json({"channel": LOOKED_AT, "link": link, "days": days})
        return
    console.out.print(f"{LOOKED_AT} shows it for {days} days: {link}", soft_wrap=True)


@releases.command()
def close(
    store: OfStore,
    channel: Annotated[str, typer.Argument(help="A preview, as `list` names it.")],
    data: DataFolder = DEFAULT_DATA,
) -> None:
    """Show a preview to nobody any more; its release stays."""
    from provisioning.sites import channels

    platform = console.open_platform(data)
    channels.close_preview(platform.ports.documents, find_store(platform, store)[0], channel, actor=ACTOR)
    console.out.print(f"{channel} is closed.")


@releases.command()
def promote(
    store: OfStore,
    release: Annotated[str, typer.Argument(help="A release, or the preview that shows it.")],
    data: DataFolder = DEFAULT_DATA,
) -> None:
    """Make a kept release what visitors see."""
    from provisioning.sites import channels

    platform = console.open_platform(data)
    ports, (store_id, _) = platform.ports, find_store(platform, store)
    found = ports.documents.get(document_path("deployments", store_id))
    wanted = channels.resolve(channels.read_deployment(found), release, found.read_time)
    _tell(channels.promote(ports.documents, ports.files, store_id, wanted, actor=ACTOR))


@releases.command()
def revert(
    store: OfStore,
    release: Annotated[
        str | None, typer.Argument(help="One of the last ten that were live; by default the one before.")
    ] = None,
    data: DataFolder = DEFAULT_DATA,
) -> None:
    """Go back to an earlier release, within seconds and without making anything."""
    from provisioning.sites import channels

    platform = console.open_platform(data)
    ports, (store_id, _) = platform.ports, find_store(platform, store)
    _tell(channels.revert(ports.documents, ports.files, store_id, release, actor=ACTOR))


def _tell(done: object) -> None:
    from provisioning.sites.channels import Promotion

    assert isinstance(done, Promotion)
    if not done.changed:
        console.out.print(f"Visitors see {done.release} already.")
        return
    console.out.print(f"Visitors see {done.release}; before it was {done.previous}.")


@releases.command()
def collect(
    store: Annotated[
        str | None, typer.Argument(metavar="[STORE]", help="By default all stores, one after another.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go; remove nothing.")] = False,
    as_json: AsJson = False,
    data: DataFolder = DEFAULT_DATA,
) -> None:
    """Remove releases and files that no release needs."""
    platform = console.open_platform(data)
    found = _collect(platform, _stores(platform, store), dry_run=dry_run, show=not as_json)
    if as_json:
        console.print_json(found)
    if any("error" in one for one in found):
        raise typer.Exit(1)


def _stores(platform: Platform, store: str | None) -> list[str]:
    from provisioning.sites.collecting import collectable_stores

    if store is not None:
        return [find_store(platform, store)[0]]
    return list(collectable_stores(platform.ports.documents))


def _collect(platform: Platform, stores: list[str], *, dry_run: bool, show: bool) -> list[dict[str, object]]:
    """What went, or would go, by store. One that cannot be collected now does not hold back the others."""
    from provisioning.sites.collecting import collect, find_unused

    documents, files = platform.ports.documents, platform.ports.files
    found: list[dict[str, object]] = []
    for store_id in track(stores, "Collecting", console=console.out, disable=not show, transient=True):
        try:
            one = (
                find_unused(documents, files, store_id)
                if dry_run
                else collect(documents, files, store_id, actor=ACTOR)
            )
        except ProvisioningError as error:
            found.append({"store": store_id, "error": str(error)})
            if show:
                console.err.print(f"{store_id}: {error}", style="red")
            continue
        facts = {"releases": len(one.old_releases), "files": len(one.unused), "bytes": one.unused_bytes}
        found.append({"store": store_id, **facts, "removed": one.removed})
        if show:
            does = "removed" if one.removed else "could go" if dry_run else "to be removed by the next one"
            console.out.print(
                f"{store_id}: {facts['releases']} releases and {facts['files']} files, {facts['bytes']} bytes: {does}"
            )
    return found
