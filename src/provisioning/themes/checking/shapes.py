"""
What the values in templates can be: a view, a list of them, the settings of a section.

Read off the views themselves, so that a field that is added there is known here.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from functools import lru_cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from provisioning.themes import views


@dataclass(frozen=True, slots=True)
class Record:
    """A view, by the name of its class."""

    name: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    of: Shape


@dataclass(frozen=True, slots=True)
class Keys:
    """A mapping that may have any key."""

    of: Shape


@dataclass(frozen=True, slots=True)
class Settings:
    """The values of settings: `settings`, `section:<type>`, or `block:<section>/<type>`."""

    scope: str


@dataclass(frozen=True, slots=True)
class Section:
    """A section as its own template sees it."""

    type: str


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a section."""

    section: str
    type: str


@dataclass(frozen=True, slots=True)
class Word:
    """Something of which no more is known than its name."""

    name: str


Kind = Record | Items | Keys | Settings | Section | Block | Word
#: All that a value may be; empty where it can be nothing, as a block of a section that has none.
Shape = frozenset[Kind]

ANY = Word("anything")
UNKNOWN: Shape = frozenset({ANY})
#: Texts, numbers, truth: what has no parts.
PLAIN: Shape = frozenset({Word("plain")})

_LOOP_FIELDS: tuple[str, ...] = (
    "index",
    "index0",
    "revindex",
    "revindex0",
    "first",
    "last",
    "length",
    "depth",
    "depth0",
)
_OF_SETTINGS: Mapping[str, Shape] = {
    "image": frozenset({Record("PictureView")}),
    "product": frozenset({Record("ProductCard")}),
    "product_list": frozenset({Items(frozenset({Record("ProductCard")}))}),
    "collection": frozenset({Record("CollectionView")}),
    "collection_list": frozenset({Items(frozenset({Record("CollectionView")}))}),
    "page": frozenset({Record("LinkView")}),
    "link_list": frozenset({Items(frozenset({Record("LinkView")}))}),
    "color_scheme_group": UNKNOWN,
}


def shape_of_setting(kind: str) -> Shape:
    """What a template sees of a setting of that type."""
    return _OF_SETTINGS.get(kind, PLAIN)


def element(shape: Shape) -> Shape:
    """What an element of it may be."""
    found: set[Kind] = set()
    for kind in shape:
        found |= kind.of if isinstance(kind, Items) else UNKNOWN
    return frozenset(found)


@lru_cache(maxsize=128)
def fields_of(name: str) -> Mapping[str, Shape]:
    """The fields of the view of that name."""
    if name == "loop":
        return {**dict.fromkeys(_LOOP_FIELDS, PLAIN), "previtem": UNKNOWN, "nextitem": UNKNOWN}
    return {field: _shape(hint) for field, hint in get_type_hints(getattr(views, name)).items()}


def _shape(hint: Any) -> Shape:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return frozenset[Kind]().union(*(_shape(part) for part in get_args(hint) if part is not type(None)))
    if origin is tuple:
        return frozenset({Items(_shape(get_args(hint)[0]))})
    if origin is not None and issubclass(origin, Mapping):
        return frozenset({Keys(_shape(get_args(hint)[1]))})
    if hint is Any:
        return UNKNOWN
    return frozenset({Record(hint.__name__)}) if isinstance(hint, type) and is_dataclass(hint) else PLAIN


LOOP: Shape = frozenset({Record("loop")})
#: What every template finds by name, beside the settings and its section.
CONTEXT: Mapping[str, Shape] = {
    name: shape for name, shape in fields_of("RenderContext").items() if name in views.CONTEXT_NAMES
} | {"preloads": frozenset({Items(PLAIN)})}
