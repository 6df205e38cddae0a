"""Rules of files: which are there, what they are called, how large they are, and what they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from provisioning.themes.checking.findings import Finding, find
from provisioning.themes.checking.pictures import size_of
from provisioning.themes.checking.subjects import Subject
from provisioning.themes.files import check_content
from provisioning.themes.inheritance import SCHEMA_FILE
from provisioning.themes.packages import REQUIRED_TEMPLATES

#: All files of a kind together; more is read by nobody, and checked by nobody.
MOST_BYTES: Mapping[str, int] = {".html": 2 * 1024 * 1024, ".json": 8 * 1024 * 1024, ".css": 2 * 1024 * 1024, ".js": 1024 * 1024, ".svg": 4 * 1024 * 1024}  # fmt: skip
MOST_FILES = 1_000

_RULE_OF: Mapping[str, str] = {
    "UNKNOWN_FILE": "ST02", "TOO_LARGE": "ST03", "WRONG_NAME": "ST05", "WRONG_CONTENT": "ST06",
}  # fmt: skip
_NEEDED = (
    "theme.json",
    SCHEMA_FILE,
    "config/settings_data.json",
    "layout/base.html",
    "sections/header-group.json",
    "sections/footer-group.json",
    "assets/favicon.ico",
    "assets/favicon.svg",
    *(f"templates/{name}.json" for name in REQUIRED_TEMPLATES),
)
_PREVIEWS = {"thumbnail": (800, 600), "desktop": (1440, 900), "mobile": (390, 844)}
_MOST_PREVIEW = 80_000


def check_files(files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Each file by itself."""
    for name, body in files.items():
        problem = check_content(name, body)
        if problem is not None:
            yield find(_RULE_OF[problem.code], name, problem.message)


def check_weight(files: Mapping[str, bytes]) -> Iterator[Finding]:
    """All files together; a package that is too large is not looked into."""
    if len(files) > MOST_FILES:
        yield find("ST03", "theme.json", f"there are {len(files):,} files, and may be {MOST_FILES:,}")
    for suffix, most in MOST_BYTES.items():
        whole = sum(len(body) for name, body in files.items() if name.endswith(suffix))
        if whole > most:
            message = f"all {suffix} files together have {whole:,} bytes, and may have {most:,}"
            yield find("ST03", "theme.json", message)


def check_structure(subject: Subject) -> Iterator[Finding]:
    """What must be there, the syntax of JSON files, and what is beside the theme itself."""
    yield from _check_needed(subject)
    for name, read in subject.json.items():
        if read.error:
            at = read.error_at
            yield find("JS01", name, f"is not JSON: {read.error}", line=at.line, column=at.column)
        elif not isinstance(read.value, list if name == SCHEMA_FILE else dict):
            shape = "a list of groups" if name == SCHEMA_FILE else "an object"
            yield find("JS02", name, f"must be {shape}")
        elif read.repeated:
            for path, place in subject.repeated(name):
                message = f"{path[-1]} stands here a second time"
                yield find("JS19", name, message, line=place.line, column=place.column)
    yield from _check_previews(subject)
    yield from _check_licence(subject)


def _check_needed(subject: Subject) -> Iterator[Finding]:
    files = subject.whole.files
    for name in _NEEDED:
        if name not in files:
            yield find("ST01", name, "is missing")
    for name in files:
        if not name.startswith("sections/") or name.endswith("-group.json"):
            continue
        stem = name.removesuffix(".html").removesuffix(".schema.json")
        other = f"{stem}.schema.json" if name.endswith(".html") else f"{stem}.html"
        if other not in files and name in subject.own:
            yield find("ST01", other, f"is missing beside {name}")
    for problem in subject.inheritance:
        if problem.code == "MISSING":
            yield find("ST01", problem.field, problem.message)


def _check_previews(subject: Subject) -> Iterator[Finding]:
    manifest = subject.manifest
    if manifest is None or manifest.hidden:
        return
    if manifest.thumbnail is None or manifest.preview is None:
        missing = "thumbnail" if manifest.thumbnail is None else "preview"
        yield subject.at("ST12", "theme.json", (), f"theme.json names no {missing}")
    names = {"thumbnail": manifest.thumbnail}
    if manifest.preview is not None:
        names |= {"desktop": manifest.preview.desktop, "mobile": manifest.preview.mobile}
    for kind, name in names.items():
        if name is None:
            continue
        path = ("thumbnail",) if kind == "thumbnail" else ("preview", kind)
        body = subject.beside.get(name)
        size = size_of(body) if body is not None else None
        if body is None:
            yield subject.at("ST12", "theme.json", path, f"there is no {name}")
        elif size != _PREVIEWS[kind]:
            found = f"{size[0]} × {size[1]}" if size else "of an unknown size"
            width, height = _PREVIEWS[kind]
            yield subject.at(
                "ST12", "theme.json", path, f"{name} is {found}, and should be {width} × {height}"
            )
        elif len(body) > _MOST_PREVIEW:
            message = f"{name} has {len(body):,} bytes, and should have {_MOST_PREVIEW:,} at most"
            yield subject.at("ST12", "theme.json", path, message)


def _check_licence(subject: Subject) -> Iterator[Finding]:
    fonts = [name for name in subject.own if name.endswith(".woff2")]
    licences = [name for name in subject.beside if "LICEN" in name.upper() or "OFL" in name.upper()]
    if fonts and not licences:
        yield find("ST15", fonts[0], "the font comes without its licence")
