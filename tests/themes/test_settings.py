"""Typed settings: what fits, what does not, and what reaches a stylesheet."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from provisioning.themes.packages import load_theme
from provisioning.themes.settings import (
    SETTING_GROUPS,
    SYSTEM_FONTS,
    Setting,
    contrast_ratio,
    is_safe_url,
    resolve,
    resolve_theme,
    tokens_css,
)

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
            ["", "/a/", "https://x.example/", "mailto:a@b.c"],
            ["javascript:x", "//x.example", "x"],
        ),
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
