"""
Draws every picture into src/provisioning/catalog/pictures: `python tools/pictures`.

The output is committed, and the same on every machine: a change of a drawing is a change of a file and of its address.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from pictures.catalogue import PICTURES  # noqa: E402

OUTPUT = ROOT / "src" / "provisioning" / "catalog" / "pictures"


def draw_all(output: Path) -> int:
    """Write all pictures and remove what is no longer drawn; returns the number of bytes."""
    drawn = {output / f"{name}.svg": picture.to_svg() for name, picture in PICTURES.items()}
    for old in set(output.glob("*/*.svg")) - set(drawn):
        old.unlink()
    for file, text in drawn.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return sum(len(text.encode()) for text in drawn.values())


if __name__ == "__main__":
    size = draw_all(OUTPUT)
    sys.stdout.write(f"{len(PICTURES)} pictures, {size:,} bytes\n")
