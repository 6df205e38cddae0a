"""Settings as templates see them: keys become texts, names become pictures, handles become products, rich text becomes markup."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from markupsafe import Markup

from provisioning.themes.placing import Block, Section
from provisioning.themes.richtext import sanitise
from provisioning.themes.setting_types import SettingValue, TextKey
from provisioning.themes.urls import resolve_url
from provisioning.themes.views import ReferenceViews, ShopView

#: Setting id to its type, for those types only that are shown as something else than their value.
Kinds = Mapping[str, str]
#: Finds a text by its key.
Translate = Callable[..., str]

#: Type of a setting to the field of `ReferenceViews` that it looks into.
_REFERENCES: Mapping[str, str] = {
    "image": "pictures",
    "product": "products",
    "product_list": "products",
    "collection": "collections",
    "collection_list": "collections",
    "page": "pages",
}
_LISTS = frozenset({"product_list", "collection_list"})
SHOWN_OTHERWISE = frozenset({*_REFERENCES, "link_list", "url", "richtext", "inline_richtext"})


@dataclass(frozen=True, slots=True)
class SectionKinds:
    """The types of a section's settings, and of its blocks' by their type."""

    settings: Kinds
    blocks: Mapping[str, Kinds]


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block as its section's template sees it."""

    id: str
    type: str
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section as its template sees it."""

    id: str
    type: str
    settings: Mapping[str, Any]
    blocks: tuple[ShownBlock, ...]


@dataclass(frozen=True, slots=True)
class Eyes:
    """With what settings are looked at: the language, the shop, and what they refer to."""

    t: Translate
    shop: ShopView
    references: ReferenceViews

    def section(self, section: Section, kinds: SectionKinds) -> ShownSection:
        blocks = tuple(self._block(block, kinds.blocks.get(block.type, {})) for block in section.blocks)
        return ShownSection(section.id, section.type, self.settings(section.settings, kinds.settings), blocks)

    def settings(self, values: Mapping[str, SettingValue], kinds: Kinds) -> Mapping[str, Any]:
        """Every value as templates see it."""
        return {name: self._value(value, kinds.get(name, "")) for name, value in values.items()}

    def _block(self, block: Block, kinds: Kinds) -> ShownBlock:
        return ShownBlock(block.id, block.type, self.settings(block.settings, kinds))

    def _value(self, value: SettingValue, kind: str) -> Any:
        if isinstance(value, TextKey):
            value = self.t(value.key, shop=self.shop.name)
        if not kind:
            return value
        if kind in {"richtext", "inline_richtext"}:
            return _markup(str(value), kind)
        if kind == "url":
            return resolve_url(str(value))
        if kind == "link_list":
            return self.shop.menus.get(str(value), ())
        found = cast("Mapping[str, Any]", getattr(self.references, _REFERENCES[kind]))
        if kind in _LISTS:
            return tuple(found[name] for name in cast("tuple[str, ...]", value) if name in found)
        return found.get(str(value))


def _markup(text: str, kind: str) -> Markup:
    """Sanitised again: what stands in a document may have been written by an older version."""
    if not text:
        return Markup("")
    return sanitise(text, "inline" if kind == "inline_richtext" else "blocks")


def references_in(values: Mapping[str, SettingValue], kinds: Kinds) -> Iterator[tuple[str, str]]:
    """What the values refer to: the field of `ReferenceViews`, and the name or handle."""
    for name, kind in kinds.items():
        field = _REFERENCES.get(kind)
        value = values.get(name)
        if field is None or not value:
            continue
        for item in cast("tuple[str, ...]", value) if kind in _LISTS else (str(value),):
            yield field, item
