"""`provisioning themes`: what one does with theme packages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from provisioning.themes.checking.reports import Format

themes = typer.Typer(help="Theme packages.", no_args_is_help=True)


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
) -> None:
    """
    Tell all that is wrong with a theme, by file and line.

    Ends with 1 if there is an error; warnings do not count.
    """
    from provisioning.themes.checking.folders import check_package
    from provisioning.themes.checking.reports import write

    findings = check_package(package, base, imported=imported)
    folder = f"{package}/" if package.is_dir() else ""
    typer.echo(write(findings, form, folder))
    if any(finding.blocks for finding in findings):
        raise typer.Exit(1)
