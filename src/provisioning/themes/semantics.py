"""
What a setting means, in words that all themes share: by these a merchant's values follow the store to another theme.

The vocabulary is closed. A word goes with the types of settings that can hold such a value, so that what one theme calls a
colour never becomes another's text.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_TEXT = frozenset({"text", "textarea", "inline_richtext"})
_PROSE = _TEXT | {"richtext"}
_COLOR = frozenset({"color"})
_FONT = frozenset({"font"})
_LINK = frozenset({"url"})
_IMAGE = frozenset({"image"})
_SWITCH = frozenset({"checkbox"})
_NUMBER = frozenset({"range", "number"})
_CHOICE = frozenset({"select", "radio"})
_MENU = frozenset({"link_list"})
_PRODUCTS = frozenset({"product", "product_list"})
_COLLECTIONS = frozenset({"collection", "collection_list"})

SEMANTICS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "brand.favicon": _IMAGE,
        "brand.logo": _IMAGE,
        "brand.logo_width": _NUMBER,
        "brand.tagline": _TEXT,
        "color.accent": _COLOR,
        "color.background": _COLOR,
        "color.border": _COLOR,
        "color.control": _COLOR,
        "color.muted": _COLOR,
        "color.on_accent": _COLOR,
        "color.sale": _COLOR,
        "color.schemes": frozenset({"color_scheme_group"}),
        "color.surface": _COLOR,
        "color.text": _COLOR,
        "font.body": _FONT,
        "font.heading": _FONT,
        "layout.corner_radius": _NUMBER,
        "layout.page_width": _NUMBER,
        "layout.spacing": _NUMBER,
        "header.announcement": _PROSE,
        "header.announcement_link": _LINK,
        "header.menu": _MENU,
        "header.show_search": _SWITCH,
        "footer.menu": _MENU,
        "footer.text": _PROSE,
        "social.facebook": _LINK,
        "social.instagram": _LINK,
        "social.linkedin": _LINK,
        "social.pinterest": _LINK,
        "social.tiktok": _LINK,
        "social.x": _LINK,
        "social.youtube": _LINK,
        "home.hero.action": _TEXT,
        "home.hero.heading": _TEXT,
        "home.hero.image": _IMAGE,
        "home.hero.link": _LINK,
        "home.hero.text": _PROSE,
        "home.featured.collection": _COLLECTIONS,
        "home.featured.count": _NUMBER,
        "home.featured.heading": _TEXT,
        "home.featured.products": _PRODUCTS,
        "home.collections.heading": _TEXT,
        "home.collections.list": _COLLECTIONS,
        "home.story.action": _TEXT,
        "home.story.heading": _TEXT,
        "home.story.image": _IMAGE,
        "home.story.link": _LINK,
        "home.story.text": _PROSE,
        "collection.columns": _NUMBER | _CHOICE,
        "collection.show_filters": _SWITCH,
        "collection.show_vendor": _SWITCH,
        "product.delivery_text": _PROSE,
        "product.show_quantity": _SWITCH,
        "product.show_sku": _SWITCH,
        "product.show_vendor": _SWITCH,
        "cart.note": _PROSE,
        "coming_soon.heading": _TEXT,
        "coming_soon.text": _PROSE,
    }
)
