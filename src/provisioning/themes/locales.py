"""A theme's texts: nested keys, `{name}` for what is filled in, plural forms by `count`, markup where the key says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from markupsafe import escape

from provisioning.themes.plurals import plural_category
from provisioning.themes.richtext import sanitise

#: A key that ends so holds markup: links and emphasis. All others are plain text.
MARKUP_ENDING = "_html"

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Translator:
    """
    Finds texts in a locale file.

    Answers plain text, so what is filled in is escaped by the template like any other value; under a key that ends in `_html`
    ready markup, in which what is filled in is escaped. Plural forms are CLDR's for the locale's language; one that the file
    lacks is `other`.
    """

    texts: Mapping[str, Any]
    locale: str = "en"

    def __call__(self, key: str, **values: str | int) -> str:
        """The text at a dotted key; raises `KeyError` for a key or a placeholder that is missing."""
        found: Any = self.texts
        for part in key.split("."):
            found = found[part]
        text = str(
            self._form(cast("Mapping[str, Any]", found), values) if isinstance(found, Mapping) else found
        )
        if not key.endswith(MARKUP_ENDING):
            return _PLACEHOLDER.sub(lambda match: str(values[match[1]]), text)
        return sanitise(_PLACEHOLDER.sub(lambda match: str(escape(values[match[1]])), text), "inline")

    def _form(self, forms: Mapping[str, Any], values: Mapping[str, str | int]) -> Any:
        count = values["count"]
        category = plural_category(count, self.locale) if isinstance(count, int) else "other"
        return forms[category if category in forms else "other"]


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
