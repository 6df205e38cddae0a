"""The texts of a locale file: words, or words by number, by their dotted keys."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, cast

from provisioning.themes.checking.positions import as_object
from provisioning.themes.plurals import CATEGORIES

#: What a text may be: words, or words by number.
Forms = Mapping[str, str]

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one locale by their dotted keys; a text without numbers has one form, the empty one."""

    forms: Mapping[str, Forms]

    def explain(self, key: str, given: Collection[str]) -> str:
        """What is wrong with asking for the text and giving it these values; empty where nothing is."""
        forms = self.forms.get(key)
        if forms is None:
            return f"there is no text {key} in the default locale"
        wanted = wanted_by(forms)
        missing = sorted(wanted - set(given))
        return f"the text {key} shows {', '.join(missing)}, which it is not given" if missing else ""


def read_texts(value: Any) -> Texts:
    """The texts of a locale file."""
    found: dict[str, Forms] = {}

    def gather(texts: Mapping[str, Any], prefix: str) -> None:
        for name, text in texts.items():
            key = f"{prefix}{name}"
            if not isinstance(text, dict):
                found[key] = {"": text if isinstance(text, str) else ""}
            elif _is_counted(cast("dict[str, Any]", text)):
                found[key] = {str(form): str(words) for form, words in cast("dict[str, Any]", text).items()}
            else:
                gather(cast("dict[str, Any]", text), f"{key}.")

    gather(as_object(value), "")
    return Texts(found)


def _is_counted(text: Mapping[str, Any]) -> bool:
    """Whether it is one text in several forms; one without `other` looks like it by its words."""
    forms = bool(text) and text.keys() <= set(CATEGORIES)
    return "other" in text or (forms and all(isinstance(words, str) for words in text.values()))


def placeholders(forms: Forms) -> set[str]:
    """The names in braces of a text, in any of its forms."""
    return {name for text in forms.values() for name in _PLACEHOLDER.findall(text)}


def wanted_by(forms: Forms) -> set[str]:
    """What a text must be given: what it shows, and the number by which its form is chosen."""
    return placeholders(forms) if "" in forms else placeholders(forms) | {"count"}
