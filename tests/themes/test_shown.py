"""What templates see of settings: pictures, products, menus, markup; and what a theme asks its context for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from provisioning.themes.renderer import references_of, render_page
from provisioning.themes.views import (
    CollectionView,
    LinkView,
    PageView,
    PictureView,
    ProductCard,
    ReferenceViews,
    RenderContext,
    ShopView,
)
from tests.themes.packages import Shelf, write

PICTURE = PictureView("/pictures/x.webp", "A shirt", 800, 600)
SHIRT = ProductCard("shirt", "Shirt", "/products/shirt/", "", PICTURE, 100, False, None, True, False)
BAGS = CollectionView("Bags", "/collections/bags/", "", PICTURE, (SHIRT,))
SHOP = ShopView("Shop", "", "USD", "en", None, (), (), menus={"main": (LinkView("Home", "/"),)})
PAGE = PageView("index", "Title", "", "/", "https://shop.example/", "", (), None, ())
CONTEXT = RenderContext(
    SHOP,
    PAGE,
    "/tokens.css",
    references=ReferenceViews(
        {"home/hero": PICTURE},
        {"shirt": SHIRT},
        {"bags": BAGS},
        {"about": LinkView("About", "/pages/about/")},
    ),
)


@pytest.fixture
def show(tmp_path: Path) -> Any:
    """Renders a page of one section with one setting, and answers what stands between the brackets."""
    shelf = Shelf(tmp_path)
    package = shelf.add("child")
    write(package, "layout/base.html", "[{{ content }}]")
    for group in ("header", "footer"):
        write(package, f"sections/{group}-group.json", {"sections": {}, "order": []})

    def show(kind: str, value: object, template: str, context: RenderContext = CONTEXT) -> str:
        setting = {"type": kind, "id": "x", "label": "X"}
        write(package, "sections/own.html", template)
        write(package, "sections/own.schema.json", {"name": "Own", "settings": [setting]})
        use = {"type": "own", "settings": {"x": value}}
        write(package, "templates/index.json", {"sections": {"s": use}, "order": ["s"]})
        return render_page(shelf.read("child"), "index", context)[1:-1]

    return show


@pytest.mark.parametrize(
    ("kind", "value", "template", "shown"),
    [
        ("image", "home/hero", "{{ section.settings.x.src }}", "/pictures/x.webp"),
        ("image", "home/gone", "{% if not section.settings.x %}none{% endif %}", "none"),
        ("image", "", "{% if not section.settings.x %}none{% endif %}", "none"),
        ("product", "shirt", "{{ section.settings.x.title }}", "Shirt"),
        ("product", "gone", "{% if not section.settings.x %}none{% endif %}", "none"),
        ("product_list", ["gone", "shirt"], "{% for p in section.settings.x %}{{ p.url }}{% endfor %}", "/products/shirt/"),
        ("collection", "bags", "{{ section.settings.x.products|length }}", "1"),
        ("collection_list", ["bags"], "{% for c in section.settings.x %}{{ c.title }}{% endfor %}", "Bags"),
        ("page", "about", "{{ section.settings.x.url }}", "/pages/about/"),
        ("link_list", "main", "{% for l in section.settings.x %}{{ l.title }}{% endfor %}", "Home"),
        ("link_list", "gone", "{% if not section.settings.x %}none{% endif %}", "none"),
        ("url", "upfront://collection/bags", "{{ section.settings.x }}", "/collections/bags/"),
        ("richtext", "<p>a &amp; b<script>x</script></p>", "{{ section.settings.x }}", "<p>a &amp; b</p>"),
        ("inline_richtext", "<b>a</b>", "{{ section.settings.x }}", "<b>a</b>"),
        ("text", "<b>a</b>", "{{ section.settings.x }}", "&lt;b&gt;a&lt;/b&gt;"),
        ("text", "t:cart.title", "{{ section.settings.x }}", "Your cart"),
        ("richtext", "t:cart.title", "{{ section.settings.x }}", "Your cart"),
        ("text_alignment", "right", "{{ section.settings.x }}", "end"),
        ("checkbox", True, "{% if section.settings.x %}yes{% endif %}", "yes"),
    ],
)  # fmt: skip
def test_a_setting_is_shown_as_what_it_means(
    show: Any, kind: str, value: object, template: str, shown: str
) -> None:
    assert show(kind, value, template) == shown


def test_what_the_context_lacks_is_shown_as_not_chosen(show: Any) -> None:
    """A product may be gone, a picture removed: the page still renders."""
    bare = replace(CONTEXT, references=ReferenceViews())

    assert show("product", "shirt", "{% if not section.settings.x %}-{% endif %}", bare) == "-"


def test_what_a_theme_refers_to_is_known(tmp_path: Path) -> None:
    """From global settings, sections and blocks of every template and group."""
    shelf = Shelf(tmp_path)
    package = shelf.add("child")
    kinds = ["image", "product", "product_list", "collection", "page", "link_list", "text"]
    settings = [{"type": kind, "id": kind, "label": kind} for kind in kinds]
    block = {"type": "b", "name": "B", "settings": settings[:1]}
    write(package, "sections/own.html", "x")
    write(package, "sections/own.schema.json", {"name": "Own", "settings": settings, "blocks": [block]})
    values = {
        "image": "media/a",
        "product": "p",
        "product_list": ["q", "r"],
        "collection": "c",
        "page": "about",
    }
    use = {"type": "own", "settings": values | {"link_list": "main", "text": "x"}, "block_order": ["b"]}
    use["blocks"] = {"b": {"type": "b", "settings": {"image": "media/b"}}}
    write(package, "sections/footer-group.json", {"sections": {"s": use}, "order": ["s"]})
    write(package, "config/settings_data.json", {"current": "a", "presets": {"a": {"logo": "media/logo"}}})

    assert references_of(shelf.read("child")) == {
        ("pictures", "media/a"),
        ("pictures", "media/b"),
        ("pictures", "media/logo"),
        ("products", "p"),
        ("products", "q"),
        ("products", "r"),
        ("collections", "c"),
        ("pages", "about"),
    }
