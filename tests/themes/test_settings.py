"""Typed settings: what fits, what does not, and what reaches a stylesheet."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from provisioning.themes.colors import ROLES, contrast_ratio
from provisioning.themes.packages import load_theme
from provisioning.themes.semantics import SEMANTICS
from provisioning.themes.setting_types import SETTING_GROUPS, Setting, TextKey
from provisioning.themes.settings import SYSTEM_FONTS, resolve, resolve_theme, tokens_css
from provisioning.themes.urls import is_safe_url, resolve_url

SETTING: TypeAdapter[Any] = TypeAdapter(Setting)


def _setting(kind: str, **more: object) -> Any:
    return SETTING.validate_python({"type": kind, "id": "thing", "label": "Thing"} | more)


WIDTH = {"min": 0, "max": 10, "step": 2, "default": 4}
PICK = {"options": [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}], "default": "a"}


@pytest.mark.parametrize(
    ("setting", "fits", "does_not"),
    [
        (_setting("text"), ["", "Hello"], ["a\nb", "x" * 201, 5, None, "a\x00"]),
        (_setting("textarea"), ["a\nb"], ["x" * 1_001, "a\x07", []]),
        (_setting("checkbox"), [True, False], ["true", 1, None]),
        (_setting("range", **WIDTH), [0, 4, 10], [3, 12, -2, "4", True, float("nan")]),
        (_setting("select", **PICK), ["a", "b"], ["c", "", None]),
        (_setting("color", default="#000000"), ["#ff00aa"], ["red", "#FFF", "#ff00aa;}", "#FF00AA", 0]),
        (_setting("font", default="system-sans"), ["system-serif"], ["Arial; }", 'x"', ""]),
        (
            _setting("url"),
            ["", "/a/", "https://x.example/", "mailto:a@b.c", "upfront://product/linen-shirt"],
            ["javascript:x", "//x.example", "x", "upfront://cart/x", "upfront://product/../x", "upfront://"],
        ),
        (_setting("number", default=5, min=1, max=9), [1, 2.5, 9], [0, 10, "5", True, float("inf")]),
        (_setting("radio", **PICK), ["a", "b"], ["c", "", None]),
        (_setting("text_alignment"), ["start", "center", "end"], ["top", "", None, 1]),
        (
            _setting("image"),
            ["", "media/Ab3-x_9", "home/hero"],
            ["../x", "media/", "/x/y", "a.png", 'x/"', 3],
        ),
        (_setting("product"), ["", "linen-shirt"], ["Linen", "a/b", "-", 3, "x" * 101]),
        (_setting("collection"), ["", "bags"], ["a b"]),
        (_setting("page"), ["", "about"], ["/pages/about/"]),
        (_setting("link_list"), ["", "main"], ["Main", "a.b"]),
        (_setting("color_scheme", default="light"), ["dark"], ["Dark", "", "x{}", None]),
        (_setting("product_list", limit=2), [(), ("a", "b")], [("a", "b", "c"), ("A",), "a", None]),
        (_setting("collection_list"), [("bags",)], [("",), {"a": 1}]),
        (_setting("richtext"), ["", "<p>Hello</p>"], ["x" * 5_001, 5, None, "\x07"]),
        (_setting("inline_richtext"), ["", "<b>Hello</b>"], ["a\nb", "x" * 501, 5]),
    ],
)
def test_values_fit_their_type_or_are_refused(
    setting: Any, fits: list[object], does_not: list[object]
) -> None:
    for value in fits:
        assert resolve([setting], {"thing": value}) == {"thing": value}
    for value in does_not:
        with pytest.raises(ValueError, match="thing"):
            resolve([setting], {"thing": value})


def test_a_setting_that_is_not_declared_is_refused() -> None:
    with pytest.raises(ValueError, match="other: is not declared"):
        resolve([_setting("text")], {"other": "x"})


def test_what_is_not_given_has_its_default() -> None:
    assert resolve([_setting("text", default="Hello")], {}) == {"thing": "Hello"}


@pytest.mark.parametrize(
    "declared",
    [
        {"type": "range", "min": 0, "max": 10, "step": 3, "default": 4},
        {"type": "range", "min": 0, "max": 1_000, "step": 1, "default": 4},
        {"type": "select", "options": [{"value": "a", "label": "A"}], "default": "a"},
        {"type": "select", **PICK, "default": "z"},
        {"type": "color", "default": "red"},
        {"type": "html"},
        {"type": "text", "id": "Bad Id"},
        {"type": "text", "semantic": "Free Words"},
        {"type": "text", "semantic": "color.text"},
        {"type": "text", "semantic": "brand.unheard_of"},
        {"type": "text", "visible_if": "settings.x =="},
        {"type": "image", "default": "home/hero"},
        {"type": "number", "default": 11, "max": 10},
        {"type": "radio", "options": [{"value": "a", "label": "A"}] * 2, "default": "a"},
        {"type": "text_alignment", "default": "middle"},
        {"type": "header"},
        {"type": "text", "surprise": 1},
    ],
)
def test_declarations_that_make_no_sense_are_refused(declared: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SETTING.validate_python({"id": "thing", "label": "Thing"} | declared)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//evil.example",
        "/\\evil.example",
        "https:",
        "https://",
        'https://x.example/"onload=',
        "\x01https://x.example",
        "",
    ],
)
def test_addresses_that_run_or_lead_astray_are_refused(url: str) -> None:
    assert not is_safe_url(url)


@given(st.text())
def test_no_text_becomes_an_address_that_breaks_out(text: str) -> None:
    """What is accepted has no quote, space or angle bracket and one of the few beginnings."""
    if is_safe_url(text):
        assert not set(text) & set("\"'<> \t\n\\")
        assert text.lower().startswith(("/", "http:", "https:", "mailto:", "tel:"))


def test_contrast_is_wcags() -> None:
    """Black on white is 21; #767676 on white is the well-known 4.54; the order does not matter."""
    assert contrast_ratio("#000000", "#ffffff") == pytest.approx(21)
    assert contrast_ratio("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert contrast_ratio("#ffffff", "#767676") == contrast_ratio("#767676", "#ffffff")


def test_a_colour_that_does_not_stand_out_is_refused() -> None:
    """The rule names both colours and the found contrast."""
    groups = load_theme("upfront-modern").settings_schema
    with pytest.raises(ValueError, match=r"color_accent: stands out from color_background by 1\.\d\d"):
        resolve_theme(groups, {"instrument-sans": "x"}, {"color_accent": "#ffeeee"})


def test_a_font_must_exist() -> None:
    with pytest.raises(ValueError, match="font_body: must be one of"):
        theme = load_theme("upfront-modern")
        resolve_theme(theme.settings_schema, theme.fonts, {"font_body": "comic"})


def test_tokens_are_the_checked_values() -> None:
    """One custom property for each colour, length and font, and nothing for the rest."""
    groups = SETTING_GROUPS.validate_python(
        [
            {
                "name": "All",
                "settings": [
                    {"type": "header", "content": "Look"},
                    {"type": "color", "id": "color_text", "label": "Text", "default": "#112233"},
                    {"type": "range", "id": "edge", "label": "Edge", "unit": "px", **WIDTH},
                    {"type": "font", "id": "font_body", "label": "Font", "default": "system-mono"},
                    {"type": "text", "id": "words", "label": "Words", "default": "} body { display: none"},
                ],
            }
        ]
    )
    values = resolve_theme(groups, SYSTEM_FONTS, {})

    assert tokens_css(groups, SYSTEM_FONTS, values) == (
        ":root {\n"
        "  --color-text: #112233;\n"
        "  --edge: 4px;\n"
        f"  --font-body: {SYSTEM_FONTS['system-mono']};\n"
        "}\n"
    )


def test_every_token_of_the_theme_is_declared() -> None:
    """The stylesheet uses no custom property that neither it nor the tokens define."""
    import re

    theme = load_theme("upfront-modern")
    css = theme.assets["theme.css"].decode()
    defined = set(
        re.findall(r"(--[a-z-]+):", css + tokens_css(theme.settings_schema, theme.fonts, theme.settings))
    )

    assert set(re.findall(r"var\((--[a-z-]+)\)", css)) <= defined


# --- Values that are kept otherwise than given ------------------------------------------------------------


def test_sides_become_beginning_and_end() -> None:
    """So that they turn round where people write from right to left."""
    side = _setting("text_alignment")

    assert resolve([side], {"thing": "left"}) == {"thing": "start"}
    assert resolve([side], {"thing": "right"}) == {"thing": "end"}


def test_a_list_names_each_once() -> None:
    assert resolve([_setting("product_list")], {"thing": ["b", "a", "b"]}) == {"thing": ("b", "a")}


def test_keys_of_texts_are_the_packages_alone() -> None:
    """A merchant may write `t:`, and it is a text like any other; a default stays a key for everybody."""
    text = _setting("text", default="t:cart.title")

    assert resolve([text], {}) == {"thing": TextKey("cart.title")}
    assert resolve([text], {"thing": "t:cart.link"}) == {"thing": TextKey("cart.link")}
    assert resolve([text], {"thing": "t:cart.link"}, packaged=False) == {"thing": "t:cart.link"}
    assert resolve([text], {}, packaged=False) == {"thing": TextKey("cart.title")}
    with pytest.raises(ValueError, match="thing: must be a key"):
        resolve([text], {"thing": "t:Two words"})


def test_references_to_pages_become_their_addresses() -> None:
    assert resolve_url("upfront://product/linen-shirt") == "/products/linen-shirt/"
    assert resolve_url("upfront://policy/refund") == "/policies/refund/"
    assert resolve_url("https://x.example/") == "https://x.example/"


def test_every_word_of_the_vocabulary_fits_a_type_that_exists() -> None:
    types = {kind for kinds in SEMANTICS.values() for kind in kinds}
    more: dict[str, dict[str, object]] = {
        "range": WIDTH,
        "select": PICK,
        "radio": PICK,
        "number": {"default": 1},
    }
    more |= {"color": {"default": "#000000"}, "font": {"default": "system-sans"}}
    more["color_scheme_group"] = {"default": {"light": SCHEME}}
    for kind in types:
        assert _setting(kind, **more.get(kind, {})).type == kind


# --- Colour schemes ---------------------------------------------------------------------------------------

SCHEME = {
    "background": "#ffffff",
    "text": "#111111",
    "primary_button": "#111111",
    "on_primary_button": "#ffffff",
    "secondary_button": "#ffffff",
    "on_secondary_button": "#111111",
    "border": "#767676",
    "links": "#0000cc",
}
DARK = SCHEME | {"background": "#111111", "text": "#ffffff", "links": "#ffffff"}


def _schemes() -> Any:
    return _setting("color_scheme_group", default={"light": SCHEME, "dark": DARK})


def test_a_merchant_changes_colours_of_a_scheme() -> None:
    """One colour of one scheme; everything else stays."""
    values: Any = resolve([_schemes()], {"thing": {"dark": {"links": "#eeeeff"}}})

    assert values["thing"]["dark"] == DARK | {"links": "#eeeeff"}
    assert values["thing"]["light"] == SCHEME


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"light": {"text": "#eeeeee"}}, r"light\.text: stands out from background by 1\.1\d"),
        ({"light": {"links": "#eeeeee"}}, r"light\.links"),
        ({"light": {"border": "#eeeeee"}}, r"light\.border.*at least 3"),
        ({"light": {"primary_button": "#eeeeee"}}, r"light\.on_primary_button"),
        ({"light": {"on_secondary_button": "#eeeeee"}}, r"light\.on_secondary_button"),
        ({"light": {"text": "red"}}, "must be a colour"),
        ({"light": {"glow": "#ffffff"}}, "has colours for"),
        ({"light": []}, "must be an object"),
        ({"night": {}}, "there is no such scheme; there are light, dark"),
        ([], "must be an object"),
    ],
)
def test_a_scheme_that_cannot_be_read_is_refused(given: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        resolve([_schemes()], {"thing": given})


@pytest.mark.parametrize(
    "default",
    [
        {},
        {"light": {}},
        {"light": SCHEME | {"glow": "#ffffff"}},
        {"Light Blue": SCHEME},
        {"light": SCHEME | {"text": "#eeeeee"}},
        {f"s{i}": SCHEME for i in range(9)},
    ],
)
def test_a_scheme_is_declared_whole_and_readable(default: object) -> None:
    with pytest.raises(ValidationError):
        _setting("color_scheme_group", default=default)


def test_schemes_become_classes() -> None:
    """Whatever stands in `scheme-dark` has the dark colours; elsewhere the first scheme's hold."""
    groups = SETTING_GROUPS.validate_python([{"name": "Colours", "settings": [_schemes()]}])
    css = tokens_css(groups, {}, resolve_theme(groups, {}, {}))

    assert css.startswith(":root {\n  --scheme-background: #ffffff;\n")
    assert ".scheme-dark {\n  --scheme-background: #111111;\n" in css
    assert css.count("--scheme-on-primary-button") == 3
    assert set(ROLES) == SCHEME.keys()


def test_a_chosen_scheme_must_exist() -> None:
    choice = _setting("color_scheme", default="night").model_copy(update={"id": "choice"})
    groups = SETTING_GROUPS.validate_python([{"name": "Colours", "settings": [_schemes(), choice]}])

    with pytest.raises(ValueError, match=r"choice: must be one of the colour schemes \(light, dark\)"):
        resolve_theme(groups, {}, {})
    assert resolve_theme(groups, {}, {"choice": "dark"})["choice"] == "dark"
    alone = SETTING_GROUPS.validate_python([{"name": "Colours", "settings": [choice]}])
    with pytest.raises(ValueError, match="none: the theme has no color_scheme_group"):
        resolve_theme(alone, {}, {})
