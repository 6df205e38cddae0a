"""A theme's texts: nested keys, `{name}` for what is filled in, plural forms by `count`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Translator:
    """
    Finds texts in a locale file.

    Answers plain text, so what is filled in is escaped by the template like any other value. Plural forms follow
    English: `one` for 1, else `other`.
    """

    texts: Mapping[str, Any]

    def __call__(self, key: str, **values: str | int) -> str:
        """The text at a dotted key; raises `KeyError` for a key or a placeholder that is missing."""
        found: Any = self.texts
        for part in key.split("."):
            found = found[part]
        if isinstance(found, Mapping):
            found = found["one" if values["count"] == 1 else "other"]  # pyright: ignore[reportUnknownVariableType]
        return _PLACEHOLDER.sub(lambda match: str(values[match[1]]), str(found))  # pyright: ignore[reportUnknownArgumentType]


def keys_of(texts: Mapping[str, Any], prefix: str = "") -> set[str]:
    """All dotted keys of a locale file; plural forms count as one key."""
    found: set[str] = set()
    for name, value in texts.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict) and "other" not in value:
            found |= keys_of(value, f"{key}.")  # pyright: ignore[reportUnknownArgumentType]
        else:
            found.add(key)
    return found
