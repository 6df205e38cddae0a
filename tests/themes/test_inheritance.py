"""Inheritance: a child is read as one theme, the nearer file wins, and what cannot be is told by file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jinja2 import TemplateNotFound, TemplateSyntaxError

from provisioning.themes.sandbox import compile_all, environment_of
from tests.themes.packages import Shelf, change, write

SCHEMA = "config/settings_schema.json"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def _setting(theme: Any, name: str) -> Any:
    return next(i for group in theme.settings_schema for i in group.settings if getattr(i, "id", "") == name)


def test_a_child_of_one_file_is_a_whole_theme(shelf: Shelf) -> None:
    """With nothing but `theme.json` it renders what its parent would."""
    shelf.add("child")
    parent, child = shelf.read("upfront-base"), shelf.read("child")
    compile_all(child)

    assert child.slug == "child"
    assert (child.sources, child.assets, child.locales) == (parent.sources, parent.assets, parent.locales)
    assert child.templates == parent.templates
    assert [(a.slug, a.version, a.digest) for a in child.ancestors] == [
        ("upfront-base", parent.version, parent.digest)
    ]


def test_the_nearer_file_wins(shelf: Shelf) -> None:
    """Snippets, assets and templates of the same path, over two generations."""
    child, grandchild = shelf.add("child"), shelf.add("grandchild", "child")
    write(child, "snippets/arrow.html", "child")
    write(child, "snippets/tile.html", "child")
    write(grandchild, "snippets/tile.html", "grandchild")
    write(grandchild, "assets/theme.js", "0")
    write(child, "templates/404.json", {"sections": {"main": {"type": "rich-text"}}, "order": ["main"]})
    theme = shelf.read("grandchild")

    assert theme.sources["snippets/arrow.html"] == "child"
    assert theme.sources["snippets/tile.html"] == "grandchild"
    assert theme.assets["theme.js"] == b"0"
    assert [section.type for section in theme.templates["404"].sections] == ["rich-text"]
    assert [ancestor.slug for ancestor in theme.ancestors] == ["child", "upfront-base"]


def test_parent_names_the_next_farther_template(shelf: Shelf) -> None:
    """From each generation one further up, and what a parent includes is the nearest again."""
    child, grandchild = shelf.add("child"), shelf.add("grandchild", "child")
    base = shelf.folder / "upfront-base"
    write(base, "snippets/a.html", "base({% include 'snippets/b.html' %})")
    write(base, "snippets/b.html", "b of base")
    write(child, "snippets/a.html", "child({% include 'parent:snippets/a.html' %})")
    write(grandchild, "snippets/a.html", "grandchild({% include 'parent:snippets/a.html' %})")
    write(grandchild, "snippets/b.html", "b of grandchild")
    write(grandchild, "snippets/c.html", "{% include 'parent:snippets/arrow.html' %}")
    theme = shelf.read("grandchild")
    compile_all(theme)

    def render(name: str) -> str:
        return environment_of(theme).get_template(name).render()

    assert render("snippets/a.html") == "grandchild(child(base(b of grandchild)))"
    assert "<svg" in render("snippets/c.html")


def test_a_layout_can_extend_its_parents(shelf: Shelf) -> None:
    child = shelf.add("child")
    write(shelf.folder / "upfront-base", "layout/base.html", "<p>{% block inner %}base{% endblock %}</p>")
    write(
        child,
        "layout/base.html",
        "{% extends 'parent:layout/base.html' %}{% block inner %}child{% endblock %}",
    )

    assert environment_of(shelf.read("child")).get_template("layout/base.html").render() == "<p>child</p>"


@pytest.mark.parametrize(
    "name", ["parent:snippets/nothing.html", "parent:snippets/own.html", "parent:parent:x"]
)
def test_a_parents_template_that_is_not_there_is_not_found(shelf: Shelf, name: str) -> None:
    child = shelf.add("child")
    write(child, "snippets/own.html", "{% include '" + name + "' %}")

    with pytest.raises((TemplateNotFound, TemplateSyntaxError)):
        environment_of(shelf.read("child")).get_template("snippets/own.html").render()


def test_texts_are_merged_deeply(shelf: Shelf) -> None:
    """The child's text wins, the rest stays; plural forms are replaced whole."""
    base, child = shelf.folder / "upfront-base", shelf.add("child")
    write(
        base,
        "locales/en.default.json",
        {"a": {"x": "base", "y": "base"}, "n": {"one": "1", "two": "2", "other": "n"}},
    )
    write(child, "locales/en.json", {"a": {"y": "child"}, "n": {"one": "I", "other": "N"}, "b": "child"})

    assert shelf.read("child").locales["en"] == {
        "a": {"x": "base", "y": "child"},
        "n": {"one": "I", "other": "N"},
        "b": "child",
    }


def test_settings_are_merged_by_id(shelf: Shelf) -> None:
    """Default, label and fewer options are the child's; new ones join the group of their name; presets replace."""
    child = shelf.add("child")
    layout = [
        {"id": "corner_radius", "default": 0, "label": "Corners"},
        {"type": "checkbox", "id": "wide", "label": "Wide"},
    ]
    extra = {"name": "Extra", "settings": [{"type": "text", "id": "extra", "label": "Extra"}]}
    write(child, SCHEMA, [{"name": "Layout", "settings": layout}, extra])
    write(
        child, "config/settings_data.json", {"current": "a", "presets": {"a": {"corner_radius": 8}, "b": {}}}
    )
    theme = shelf.read("child")

    assert (theme.settings["corner_radius"], theme.presets["b"]["corner_radius"]) == (8, 0)
    assert _setting(theme, "corner_radius").label == "Corners"
    assert _setting(theme, "corner_radius").max == _setting(shelf.read("upfront-base"), "corner_radius").max
    names = [group.name for group in theme.settings_schema]
    assert names == [*(group.name for group in shelf.read("upfront-base").settings_schema), "Extra"]
    assert [item.id for item in theme.settings_schema[names.index("Layout")].settings][-1] == "wide"


@pytest.mark.parametrize(
    "item",
    [
        {"id": "corner_radius", "type": "text"},
        {"id": "corner_radius", "max": 100},
        {"id": "align", "options": [{"value": "end", "label": "End"}, {"value": "free", "label": "Free"}]},
    ],
)
def test_a_childs_setting_keeps_its_type_and_range(shelf: Shelf, item: dict[str, object]) -> None:
    """Else a merchant's value would not fit any more after a switch."""
    options = [{"value": v, "label": v} for v in ("start", "center", "end")]
    select = {"type": "select", "id": "align", "label": "Align", "options": options, "default": "start"}
    change(shelf.folder / "upfront-base", SCHEMA, lambda groups: groups[0]["settings"].append(select))
    write(shelf.add("child"), SCHEMA, [{"name": "Layout", "settings": [item]}])

    assert (SCHEMA, "WRONG_CHANGE") in shelf.problems("child")


def test_a_section_is_shadowed_whole(shelf: Shelf) -> None:
    """Template and schema together, or neither."""
    one, other, both = shelf.add("one"), shelf.add("other"), shelf.add("both")
    write(one, "sections/hero.html", "x")
    write(other, "sections/hero.schema.json", {"name": "Hero"})
    write(both, "sections/hero.html", "x")
    write(both, "sections/hero.schema.json", {"name": "Hero"})
    index = {"sections": {"a": {"type": "hero"}}, "order": ["a"]}
    for package in (one, other, both):
        write(package, "templates/index.json", index)

    assert shelf.problems("one") == {("sections/hero.schema.json", "MISSING")}
    assert shelf.problems("other") == {("sections/hero.html", "MISSING")}
    assert shelf.problems("both") == set()


def test_a_stylesheet_may_begin_with_its_parents(shelf: Shelf) -> None:
    """One file for the browser, over two generations; without the import it is the child's alone."""
    child, grandchild, bare = shelf.add("child"), shelf.add("grandchild", "child"), shelf.add("bare")
    write(shelf.folder / "upfront-base", "assets/theme.css", "base{}\n")
    write(child, "assets/theme.css", '@import "parent:theme.css";\nchild{}\n')
    write(grandchild, "assets/theme.css", '@import "parent:theme.css";\n\ngrandchild{}\n')
    write(bare, "assets/theme.css", "bare{}")
    write(bare, "assets/more.css", '@import "parent:nothing.css";')

    assert shelf.read("grandchild").assets["theme.css"] == b"base{}\nchild{}\ngrandchild{}\n"
    assert shelf.problems("bare") == {("assets/more.css", "UNKNOWN_PARENT")}
    (bare / "assets/more.css").unlink()
    assert shelf.read("bare").assets["theme.css"] == b"bare{}"


def test_the_parents_content_is_pinned_in_the_digest(shelf: Shelf) -> None:
    """Any change of a parent, however far up, makes another theme of its children."""
    shelf.add("child")
    shelf.add("grandchild", "child")
    before = shelf.read("grandchild").digest
    write(shelf.folder / "upfront-base", "snippets/arrow.html", "changed")

    assert shelf.read("grandchild").digest != before
    assert shelf.read("grandchild").ancestors[1].digest == shelf.read("upfront-base").digest


def test_who_cannot_be_a_parent_is_told(shelf: Shelf) -> None:
    """Absent, itself, a circle, a fourth generation, an older or another major version."""
    shelf.add("orphan", "nothing")
    shelf.add("self", "self")
    shelf.add("one", "two")
    shelf.add("two", "one")
    shelf.add("child")
    shelf.add("grandchild", "child")
    shelf.add("fourth", "grandchild")
    shelf.add("newer", version="1.1.0")
    shelf.add("major", version="0.9.0")
    expected = {
        "orphan": "UNKNOWN_PARENT",
        "self": "CYCLE",
        "one": "CYCLE",
        "fourth": "TOO_DEEP",
        "newer": "WRONG_PARENT",
        "major": "WRONG_PARENT",
    }

    for slug, code in expected.items():
        assert ("theme.json", code) in shelf.problems(slug), slug
    assert shelf.problems("grandchild") == set()


def test_a_broken_parent_is_told_to_the_child(shelf: Shelf) -> None:
    shelf.add("child")
    write(shelf.folder / "upfront-base", "assets/run.php", "x")

    assert shelf.problems("child") == {("theme.json", "UNKNOWN_FILE")}


def test_a_theme_for_another_engine_is_refused(shelf: Shelf) -> None:
    """The range in `engine` must hold the version that renders."""
    child = shelf.add("child")
    for engine, wrong in ((">=1.0 <2", False), (">=2.0", True), ("<1.0", True), ("==1.0", False)):
        change(child, "theme.json", lambda d, e=engine: d.update(engine=e))
        assert (("theme.json", "WRONG_ENGINE") in shelf.problems("child")) is wrong, engine


def test_locales_and_fonts_that_are_listed_must_be_there(shelf: Shelf) -> None:
    child = shelf.add("child")
    font = {"id": "x", "family": "X", "fallback": "system-sans", "license": "OFL-1.1", "preload": ["x.woff2"]}
    change(child, "theme.json", lambda d: d.update(locales=["en", "de", "fr"], fonts=[font]))

    assert shelf.problems("child") == {("locales/fr.json", "MISSING"), ("assets/x.woff2", "MISSING")}


# --- Where sections may stand -----------------------------------------------------------------------------


def _one_section(shelf: Shelf, schema: dict[str, object], count: int = 1) -> Path:
    child = shelf.add("child")
    write(child, "sections/own.html", "x")
    write(child, "sections/own.schema.json", {"name": "Own"} | schema)
    uses = {f"s{i}": {"type": "own"} for i in range(count)}
    write(child, "templates/index.json", {"sections": uses, "order": list(uses)})
    return child


@pytest.mark.parametrize(
    ("schema", "count", "fits"),
    [
        ({}, 5, True),
        ({"limit": 1}, 1, True),
        ({"limit": 1}, 2, False),
        ({"enabled_on": {"templates": ["index"]}}, 1, True),
        ({"enabled_on": {"templates": ["product"]}}, 1, False),
        ({"enabled_on": {"groups": ["index"]}}, 1, False),
        ({"disabled_on": {"templates": ["index"]}}, 1, False),
        ({"disabled_on": {"templates": ["product"], "groups": ["index"]}}, 1, True),
    ],
)
def test_a_section_stands_where_its_schema_allows(
    shelf: Shelf, schema: dict[str, object], count: int, fits: bool
) -> None:
    _one_section(shelf, schema, count)

    assert shelf.problems("child") == (set() if fits else {("templates/index.json", "WRONG_SECTION")})


@pytest.mark.parametrize(
    "schema",
    [
        {"enabled_on": {}, "disabled_on": {}},
        {"class": "x"},
        {"tag": "span"},
        {"tag": "div", "class": 'x" onclick="'},
        {"blocks": [{"type": "a", "name": "A"}, {"type": "a", "name": "A"}]},
        {"settings": [{"type": "text", "id": "a", "label": "A"}] * 2},
        {"blocks": [{"type": "a", "name": "A", "settings": [{"type": "text", "id": "a", "label": "A"}] * 2}]},
    ],
)
def test_a_schema_that_does_not_hold_together_is_named(shelf: Shelf, schema: dict[str, object]) -> None:
    _one_section(shelf, schema)

    assert ("sections/own.schema.json", "WRONG_VALUE") in shelf.problems("child")


def test_a_section_is_wrapped_in_its_element(shelf: Shelf) -> None:
    """With an id made from its place, so that links can lead to it."""
    _one_section(shelf, {"tag": "section", "class": "own wide"})
    section = shelf.read("child").templates["index"].sections[0]

    assert (section.opening, section.closing) == ('<section id="section-s0" class="own wide">', "</section>")


def test_blocks_are_limited_by_type_and_may_be_switched_off(shelf: Shelf) -> None:
    child = _one_section(shelf, {"blocks": [{"type": "a", "name": "A", "limit": 1}]})
    blocks: dict[str, Any] = {"x": {"type": "a"}, "y": {"type": "a"}}
    use = {"type": "own", "blocks": blocks, "block_order": ["x", "y"]}
    write(child, "templates/index.json", {"sections": {"s": use}, "order": ["s"]})
    assert shelf.problems("child") == {("templates/index.json", "WRONG_SECTION")}

    change(child, "sections/own.schema.json", lambda d: d["blocks"][0].pop("limit"))
    change(child, "templates/index.json", lambda d: d["sections"]["s"]["blocks"]["x"].update(disabled=True))
    assert [block.id for block in shelf.read("child").templates["index"].sections[0].blocks] == ["y"]


@pytest.mark.parametrize(
    ("scope", "seen"),
    [("settings.page_width", True), ("section.a", True), ("block.b", False), ("section.b", False)],
)
def test_visibility_looks_at_what_is_declared(shelf: Shelf, scope: str, seen: bool) -> None:
    """A section's setting may hang on global ones and its own; a block's on the block's too."""
    _one_section(
        shelf,
        {
            "settings": [
                {"type": "text", "id": "a", "label": "A"},
                {"type": "text", "id": "c", "label": "C", "visible_if": scope},
            ],
            "blocks": [
                {
                    "type": "a",
                    "name": "A",
                    "settings": [
                        {"type": "text", "id": "b", "label": "B"},
                        {"type": "text", "id": "d", "label": "D", "visible_if": "block.b and section.a"},
                    ],
                }
            ],
        },
    )

    assert shelf.problems("child") == (set() if seen else {("sections/own.schema.json", "WRONG_CONDITION")})
