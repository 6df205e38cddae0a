"""
The command line: `provisioning`.

Each command works on the ports directly, on whichever runtime the environment names; while `provisioning up` serves,
the other commands find it by the file that it leaves in the data folder.
"""

from __future__ import annotations

import signal
import sys
import threading
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.table import Table
from rich.text import Text

from provisioning.cli.console import (
    ACTOR,
    DEFAULT_DATA,
    AsJson,
    DataFolder,
    Wait,
    end_like,
    err,
    out,
    print_json,
    refuse,
    wait_for,
)
from provisioning.cli.console import open_platform as _platform
from provisioning.cli.media import media
from provisioning.cli.releases import releases
from provisioning.cli.themes import themes
from provisioning.errors import InvalidInput, ProvisioningError, Rejected
from provisioning.ports import Query, Snapshot, Where
from provisioning.stores import administrators
from provisioning.stores.activation import parse_activation
from provisioning.workflow import dead_letters, recovery
from provisioning.workflow.records import Kind, Status, read_provisioning
from provisioning.workflow.replay import replay as replay_letter
from provisioning.workflow.requests import submit
from provisioning.workflow.sweep import stuck as find_stuck

app = typer.Typer(
    help="Turns an approved merchant into a live, sellable web store.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
admins = typer.Typer(help="Who may use the admin API and the portal.", no_args_is_help=True)
app.add_typer(admins, name="admins")
app.add_typer(themes, name="themes")
app.add_typer(releases, name="releases")
app.add_typer(media, name="media")


BuildPortal = Annotated[
    bool,
    typer.Option(
        "--portal/--no-portal",
        help="Build the portal meanwhile, where it is not.",
        envvar="PROVISIONING_PORTAL",
    ),
]


def main() -> None:
    """Run the command line; an error of ours is one line and exit code 1 (2 for wrong input)."""
    try:
        app()
    except InvalidInput as error:
        for field in error.fields:
            err.print(Text(f"{field.field}: {field.message} ({field.code})", style="red"))
        sys.exit(2)
    except ProvisioningError as error:
        err.print(Text(str(error), style="red"))
        sys.exit(1)


# --- Running locally -------------------------------------------------------------------------------------


@app.command()
def up(
    emulators: Annotated[bool, typer.Option("--emulators", help="On Google's emulators.")] = False,
    port: Annotated[int, typer.Option(help="The port of everything.", envvar="PORT")] = 8080,
    data: DataFolder = DEFAULT_DATA,
    write_env: Annotated[
        Path | None, typer.Option("--write-env", help="Write NAME=value lines for other clients.")
    ] = None,
    portal: BuildPortal = True,
) -> None:
    """Serve everything on this machine until interrupted (Ctrl-C or SIGTERM)."""
    from provisioning.serving import running, serve_until, write_variables

    serving = running(data=data, port=port, emulators=emulators, build_portal=portal)
    with _interruptible() as ended, serving as served:
        if write_env:
            write_variables(write_env, served.variables)
        out.print(f"Runtime    {served.name}")
        out.print(f"Portal     {served.url}/")
        out.print(f"API        {served.url}/api/provisioning")
        out.print(f"Data       {data.absolute()}", soft_wrap=True)
        out.print("Serving until interrupted.")
        serve_until(ended)


@app.command()
def demo(
    emulators: Annotated[bool, typer.Option("--emulators", help="On Google's emulators.")] = False,
    port: Annotated[int, typer.Option(help="The port of everything.", envvar="PORT")] = 8080,
    data: Annotated[Path, typer.Option("--data", help="A folder that is emptied first.")] = Path(
        ".provisioning/demo"
    ),
    once: Annotated[bool, typer.Option("--once", help="End as soon as the store answers.")] = False,
    portal: BuildPortal = True,
) -> None:
    """Activate one merchant before your eyes, and serve what came of it."""
    from provisioning.demonstration import demonstrate

    with _interruptible() as ended:
        failure = demonstrate(
            out, data=data, port=port, emulators=emulators, once=once, build_portal=portal, ended=ended
        )
    if failure:
        err.print(Text(failure, style="red"))
        raise typer.Exit(1)


@contextmanager
def _interruptible() -> Generator[threading.Event]:
    """An event that SIGTERM and Ctrl-C set, so that everything is ended in order."""
    ended = threading.Event()

    def end(*_: object) -> None:
        if ended.is_set():
            raise KeyboardInterrupt
        ended.set()

    before = [signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)]
    try:
        yield ended
    finally:
        for number, handler in zip((signal.SIGTERM, signal.SIGINT), before, strict=True):
            signal.signal(number, handler)


@app.command("seed-defaults")
def seed_defaults(
    merchants: Annotated[bool, typer.Option(help="The six merchants of the local runtimes, too.")] = False,
    data: DataFolder = DEFAULT_DATA,
) -> None:
    """Write the default themes and plans, and the files that all stores share; what exists is left as it is."""
    from provisioning.catalog.seeding import seed_defaults as seed
    from provisioning.sites.publishing import publish_installed_themes

    platform = _platform(data)
    out.print(str(seed(platform.ports.documents, merchants=merchants)))
    publish_installed_themes(platform.ports.files)


# --- Provisionings ---------------------------------------------------------------------------------------


@app.command()
def activate(
    file: Annotated[
        Path | None, typer.Argument(help="A JSON file with the fields; '-' reads standard input.")
    ] = None,
    merchant: Annotated[str | None, typer.Option(help="The approved merchant's id.")] = None,
    store_name: Annotated[str | None, typer.Option(help="As shoppers read it.")] = None,
    email: Annotated[str | None, typer.Option(help="The owner's e-mail address.")] = None,
    subdomain: Annotated[str | None, typer.Option(help="3 to 40 letters, digits and hyphens.")] = None,
    theme: Annotated[str | None, typer.Option(help="A theme's slug.")] = None,
    plan: Annotated[str | None, typer.Option(help="A plan's slug.")] = None,
    category: Annotated[
        str | None, typer.Option(help="electronics, fashion, home, beauty or general.")
    ] = None,
    launch: Annotated[str | None, typer.Option(help="immediately or after_onboarding.")] = None,
    custom_domain: Annotated[str | None, typer.Option(help="Connected later, as a task.")] = None,
    integration: Annotated[
        list[str] | None,
        typer.Option(help="meta_ads, stripe, paypal or analytics; may be given several times."),
    ] = None,
    store_id: Annotated[str | None, typer.Option(help="The store's id; by default the request's.")] = None,
    request_id: Annotated[
        str | None, typer.Option("--id", help="The request's id: the same twice is one request.")
    ] = None,
    wait: Wait = False,
    as_json: AsJson = False,
    data: DataFolder = DEFAULT_DATA,
) -> None:
    """Submit an activation request, from a JSON file or from options."""
    given = {
        "merchant_id": merchant,
        "store_name": store_name,
        "owner_email": email,
        "subdomain": subdomain,
        "theme": theme,
        "plan": plan,
        "category": category,
        "launch": launch,
        "custom_domain": custom_domain,
        "store_id": store_id,
        "integrations": dict.fromkeys(integration, True) if integration else None,
    }
    fields = (_read_json(file) if file else {}) | {k: v for k, v in given.items() if v is not None}
    identifier = request_id or uuid.uuid4().hex
    request = parse_activation({"requested_by": ACTOR} | fields, identifier)
    platform = _platform(data, served=wait)
    submitted = submit(platform.ports.documents, request, identifier)
    if not as_json:
        out.print(f"Provisioning {submitted.provisioning_id} of store {submitted.store_id}")
    record = wait_for(platform, identifier, show=not as_json) if wait else None
    if as_json:
        answer: dict[str, Any] = {
            "provisioning_id": submitted.provisioning_id,
            "store_id": submitted.store_id,
        }
        print_json(answer | ({"status": str(record.status), "links": record.links} if record else {}))
    if record is not None and record.status != Status.COMPLETED:
        raise typer.Exit(1)


@app.command()
def status(
    provisioning: Annotated[str, typer.Argument(help="The provisioning's id.")],
    watch: Annotated[bool, typer.Option("--watch", help="Show it live until it is over.")] = False,
    as_json: AsJson = False,
    data: DataFolder = DEFAULT_DATA,
) -> None:
    """Show a provisioning: its steps, and why it stands still if it does."""
    from provisioning.terminal import render

    platform = _platform(data, served=watch)
    found, record = recovery.read(platform.engine, provisioning)
    if watch and not record.over:
        wait_for(platform, provisioning, show=True)
        return
    if as_json:
        print_json(found.data)
        return
    out.print(render(record, read_at=found.read_time))
    for name, address in record.links.items():
        out.print(f"{name:<10} {address}", soft_wrap=True)


@app.command("list")
def list_provisionings(
    state: Annotated[str | None, typer.Option("--status", help="Only these, as FAILED.")] = None,
    stuck: Annotated[
        bool, typer.Option("--stuck", help="Only those that should have moved two minutes ago.")
    ] = False,
    kind: Annotated[Kind, typer.Option(help="Activations, or publications of websites.")] = Kind.ACTIVATION,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 50,
    as_json: AsJson = False,
    data: DataFolder = DEFAULT_DATA,
) -> None:
    """The newest provisionings."""
    where = (Where("kind", "==", kind.value),)
    if state:
        where += (Where("status", "==", _status(state)),)
    documents = _platform(data).ports.documents
    if stuck:
        found = [
            one
            for one in find_stuck(documents, limit)
            if all((one.data or {}).get(asked.field) == asked.value for asked in where)
        ]
    else:
        found = documents.query(Query("provisionings", where, order_by="-requested_at", limit=limit))
    if as_json:
        print_json([{"id": item.id, **(item.data or {})} for item in found])
        return
    _print_provisionings(found)


def _status(text: str) -> str:
    if text.upper() not in Status.__members__:
        refuse(f"there is no status of this name; choose one of {', '.join(Status)}")
    return text.upper()


def _print_provisionings(found: list[Snapshot]) -> None:
    table = Table("Provisioning", "Store", "Status", "%", "Step", "Why", box=None, pad_edge=False)
    for item in found:
        try:
            record = read_provisioning(item.data or {})
        except ValidationError:
            table.add_row(item.id, "", "?", "", "", "This version cannot read it")
            continue
        why = record.error.title if record.error else ""
        table.add_row(
            item.id,
            record.subdomain or "",
            str(record.status),
            str(record.completion_percent),
            record.current_step or "",
            why,
        )
    out.print(table if found else "There are none.")


@app.command()
def retry(
    provisioning: str,
    wait: Wait = False,
    data: DataFolder = DEFAULT_DATA,
) -> None:
    """Go on with a FAILED provisioning from the step that failed."""
    platform = _platform(data, served=wait)
    recovery.retry(platform.engine, provisioning, actor=ACTOR)
    out.print("It goes on from the step that failed.")
    end_like(wait_for(platform, provisioning, show=True) if wait else None, Status.COMPLETED)


@app.command()
def rollback(
    provisioning: str,
    confirm: Annotated[
        str | None, typer.Option(help="The store's subdomain: needed where the store is complete.")
    ] = None,
    wait: Wait = False,
    data: DataFolder = DEFAULT_DATA,
) -> None:
    """Undo a provisioning, step by step in reverse."""
    platform = _platform(data, served=wait)
    recovery.roll_back(platform.engine, provisioning, actor=ACTOR, confirm=confirm)
    out.print("It is being undone.")
    end_like(wait_for(platform, provisioning, show=True) if wait else None, Status.ROLLED_BACK)


# --- Dead letters ----------------------------------------------------------------------------------------


@app.command("dead-letters")
def list_dead_letters(
    everything: Annotated[bool, typer.Option("--all", help="Closed and replayed ones, too.")] = False,
    as_json: AsJson = False,
    data: DataFolder = DEFAULT_DATA,
) -> None:
    """Messages that nobody could use, and steps that ran out of attempts."""
    wanted = None if everything else dead_letters.LetterStatus.OPEN
    found = dead_letters.list_letters(_platform(data).ports.documents, status=wanted)
    if as_json:
        print_json([{"id": item.id, **(item.data or {})} for item in found])
        return
    table = Table(
        "Dead letter", "Status", "Code", "Provisioning", "What, and what to do", box=None, pad_edge=False
    )
    for item in found:
        letter = dead_letters.DeadLetter.model_validate(item.data)
        table.add_row(
            item.id,
            str(letter.status),
            letter.code,
            letter.provisioning or "",
            f"{letter.title}. {letter.action}",
        )
    out.print(table if found else "There are none.")


@app.command()
def replay(letter: str, data: DataFolder = DEFAULT_DATA) -> None:
    """Try a dead letter again, now that its cause is gone."""
    out.print(f"{letter} is {replay_letter(_platform(data).engine, letter, actor=ACTOR)}.")


# --- Administrators --------------------------------------------------------------------------------------


@admins.command("grant")
def grant_role(
    email: str,
    role: Annotated[
        str, typer.Option(help="admin may do everything; support may look at everything.")
    ] = administrators.ADMIN,
    data: DataFolder = DEFAULT_DATA,
) -> None:
    """Give the account of EMAIL a role; an account is made where there is none."""
    if role not in administrators.ROLES:
        refuse(f"there is no role of this name; choose one of {', '.join(administrators.ROLES)}")
    ports = _platform(data).ports
    account = administrators.grant(ports.accounts, ports.documents, _email(email), role, actor=ACTOR)
    named = "an administrator" if role == administrators.ADMIN else "support"
    out.print(f"{account.email} is {named} from the next sign-in on.")


@admins.command("revoke")
def revoke_role(email: str, data: DataFolder = DEFAULT_DATA) -> None:
    """Take the role away from the account of EMAIL."""
    ports = _platform(data).ports
    account = administrators.revoke(ports.accounts, ports.documents, _email(email), actor=ACTOR)
    out.print(f"{account.email} has no role any more.")


@admins.command("list")
def list_admins(as_json: AsJson = False, data: DataFolder = DEFAULT_DATA) -> None:
    """Everybody with a role: administrators first."""
    found = administrators.list_people(_platform(data).ports.accounts)
    if as_json:
        print_json([{"uid": one.uid, "email": one.email, "role": one.role} for one in found])
        return
    for one in found:
        out.print(f"{one.email}  {one.role}{' (disabled)' if one.disabled else ''}")


def _email(text: str) -> str:
    from provisioning.stores.welcome import check_email

    return check_email(text)


# --- Input and output ------------------------------------------------------------------------------------


def _read_json(file: Path) -> dict[str, Any]:
    # As strict as the API: what a name twice in one object means is nobody's to guess.
    from provisioning.api.bodies import parse_json

    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        content: object = parse_json(text)
    except (OSError, ValueError, Rejected):
        refuse(f"{file} cannot be read as JSON")
    if not isinstance(content, dict):
        refuse(f"{file} does not hold a JSON object")
    return content  # pyright: ignore[reportUnknownVariableType]
