"""
Renders stills and makes of them the pictures of the catalogue.

    python -m tools.stills --list                    every still: published, rendered, or missing
    python -m tools.stills home/hero --draft         small and quick, to look at
    python -m tools.stills home/hero beauty          render these, if their scene has changed
    python -m tools.stills --queue home             render all that is missing, one after the other; may be stopped at any time
    python -m tools.stills --publish                 encode what is rendered into src/provisioning/catalog/pictures

Renders stay in `.stills/` (or `STILLS_RENDERS`), named by the hash of their scene.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import importlib
import inspect
import os
import subprocess
import sys
import time
from pathlib import Path

from tools.stills.publishing import Rendered, publish, published_scene
from tools.stills.studio import COLLECTION, HERO, PRODUCT, STILLS, STORY, VARIANT, Still, take

ROOT = Path(__file__).parents[2]
RENDERS = Path(os.environ.get("STILLS_RENDERS", ROOT / ".stills"))
CATEGORIES = ("home", "beauty", "general", "electronics", "fashion")
#: Raise it when light, camera or a material changed so much that every still must be taken again.
EDITION = 1


#: Stills rendered by one process.
AT_ONCE = 5
#: What is rendered first.
ORDER = (HERO, PRODUCT, STORY, COLLECTION, VARIANT)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.stills", description=__doc__.split("\n\n")[0])
    parser.add_argument("names", nargs="*", help="category, or category/name")
    parser.add_argument("--draft", action="store_true")
    parser.add_argument("--queue", action="store_true")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--publish", action="store_true")
    parser.add_argument("--samples", type=int)
    chosen = parser.parse_args()
    if chosen.queue:
        return work_through(chosen.names)
    load_scenes()
    stills = [s for s in STILLS.values() if not chosen.names or {s.name, s.category} & set(chosen.names)]
    stills.sort(key=lambda s: (s.shape == VARIANT, _asked_at(s, chosen.names), ORDER.index(s.shape)))
    if not stills:
        parser.error("no still has this name")
    if chosen.publish:
        rendered = [Rendered(s.name, s.alt, fingerprint(s), render_file(s)) for s in stills]
        return publish([r for r in rendered if r.file.exists()], [s.name for s in stills])
    if chosen.list:
        for each in stills:
            print(state(each), each.name)
        return 0
    for each in stills:
        path = RENDERS / "drafts" / f"{each.name}.png" if chosen.draft else render_file(each)
        if chosen.draft or not path.exists():
            started = time.monotonic()
            shoot(each, path, chosen.draft, chosen.samples)
            print(f"{path}  {time.monotonic() - started:.0f} s", flush=True)
    return 0


def _asked_at(each: Still, names: list[str]) -> int:
    """Which of the names asked for this one; those asked for first come first."""
    return next((i for i, name in enumerate(names) if name in (each.name, each.category)), 0)


def state(each: Still) -> str:
    """Whether a still as its scene is now stands in the catalogue, waits to be published, or must be rendered."""
    if published_scene(each.name) == fingerprint(each):
        return "published"
    return "rendered" if render_file(each).exists() else "missing"


def load_scenes() -> None:
    """Enter the scenes of every category whose module exists."""
    for category in CATEGORIES:
        if (Path(__file__).parent / f"{category}.py").exists():
            importlib.import_module(f"tools.stills.{category}")


def shoot(each: Still, path: Path, draft: bool, samples: int | None) -> None:
    """Render to a file that appears only when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rough = path.with_name(f".{os.getpid()}-{path.name}")
    take(each, str(rough), draft, samples)
    rough.replace(path)


def work_through(names: list[str]) -> int:
    """Render what is missing, a few in a process, reading the list anew for each."""
    failed: set[str] = set()
    while todo := [name for name in still_missing(names) if name not in failed]:
        done = subprocess.run([sys.executable, "-m", "tools.stills", *todo[:AT_ONCE]], cwd=ROOT)
        if done.returncode:
            broken = next((name for name in todo[:AT_ONCE] if name in still_missing(names)), todo[0])
            failed.add(broken)
            print(f"failed: {broken}", flush=True)
    print("nothing is missing", flush=True)
    return bool(failed)


def still_missing(names: list[str]) -> list[str]:
    """What has to be rendered, as the scenes are now; in a process of its own, as they may have changed."""
    command = [sys.executable, "-m", "tools.stills", "--list", *names]
    listed = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    return [line.split()[1] for line in listed.stdout.splitlines() if line.startswith("missing")]


def render_file(each: Still) -> Path:
    return RENDERS / f"{each.name}-{fingerprint(each)}.png"


def fingerprint(each: Still) -> str:
    """Of what a still is made from: its scene, all functions of the scene's module that it calls, its inputs and its shape."""
    parts = [str(EDITION), _source_of(each.scene), repr(sorted(each.inputs.items())), repr(each.shape)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _source_of(scene: object) -> str:
    """The source of a scene without its entries in the list, and of everything in its module that it names, once each."""
    module = inspect.getmodule(scene)
    assert module is not None
    tree = ast.parse(inspect.getsource(module))
    known: dict[str, ast.stmt] = {}
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            known[statement.name] = statement
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                known.update({n.id: statement for n in ast.walk(target) if isinstance(n, ast.Name)})
    todo, seen = [scene.__name__], {}  # type: ignore[attr-defined]
    while todo:
        name = todo.pop()
        if name in seen or name not in known:
            continue
        statement = known[name]
        if isinstance(statement, ast.FunctionDef):
            statement.decorator_list = []
        seen[name] = ast.unparse(statement)
        todo += [n.id for n in ast.walk(statement) if isinstance(n, ast.Name)]
    return "\n".join(seen[name] for name in sorted(seen))


if __name__ == "__main__":
    raise SystemExit(main())
