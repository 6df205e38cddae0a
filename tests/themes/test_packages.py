"""Theme packages: ours are sound, and what is wrong with one is told by file."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from provisioning.errors import InvalidInput, NotFound
from provisioning.themes.assets import theme_assets
from provisioning.themes.locales import keys_of
from provisioning.themes.packages import THEMES, list_themes, load_theme, read_package
from provisioning.themes.sandbox import compile_all
from provisioning.themes.settings import resolve_theme


@pytest.mark.parametrize("slug", list_themes())
def test_our_themes_are_sound(slug: str) -> None:
    """They load, carry their folder's name, and every template of theirs compiles."""
    theme = load_theme(slug)
    compile_all(theme)

    assert theme.slug == slug


@pytest.mark.parametrize("slug", list_themes())
def test_a_theme_is_shown_by_pictures(slug: str) -> None:
    """Whoever chooses a theme sees it on a small picture, a desk and a phone, each of a known size and light to send."""
    manifest = load_theme(slug).manifest

    assert manifest.thumbnail is not None
    assert manifest.preview is not None
    sizes = {
        manifest.thumbnail: (800, 600),
        manifest.preview.desktop: (1440, 900),
        manifest.preview.mobile: (390, 844),
    }
    for name, size in sizes.items():
        file = THEMES / slug / name
        assert file.stat().st_size <= 80_000
        with Image.open(file) as picture:
            assert (picture.format, picture.size) == ("WEBP", size)


def test_upfront_modern_is_there() -> None:
    assert "upfront-modern" in list_themes()


@pytest.mark.parametrize("slug", list_themes())
def test_every_preset_stands_out_enough(slug: str) -> None:
    """Each named set of colours passes the contrast rules, not only the current one."""
    theme = load_theme(slug)

    assert len(theme.presets) >= 3
    for values in theme.presets.values():
        resolve_theme(theme.settings_schema, theme.fonts, values)


def test_assets_are_small() -> None:
    """Scripts at most 10,000 bytes a file, styles 100,000, fonts 60,000: the budgets that Lighthouse 100 needs; icons 20,000."""
    limits = {".js": 10_000, ".css": 100_000, ".woff2": 60_000, ".png": 20_000}
    for name, asset in theme_assets(load_theme("upfront-modern")).items():
        suffix = Path(name).suffix
        assert len(asset.body) <= limits.get(suffix, 10_000), name


def test_a_font_is_followed_by_its_stand_in(package: Path) -> None:
    """Until a font has come, one of the device's is shown in its room; one without a stand-in has the system's at once."""
    _change(
        package, "theme.json", lambda d: d.update(fonts=[_font("one", "One Stand In"), _font("two", None)])
    )
    fonts = read_package(package).fonts

    assert fonts["one"].startswith('"One", "One Stand In", system-ui')
    assert fonts["two"].startswith('"Two", system-ui')


def _font(name: str, stand_in: str | None) -> dict[str, object]:
    return {
        "id": name,
        "family": name.title(),
        "stand_in": stand_in,
        "fallback": "system-sans",
        "license": "OFL-1.1",
    }


@pytest.mark.parametrize("slug", list_themes())
def test_scripts_and_styles_are_light(slug: str) -> None:
    """All scripts together at most 16 kB and all styles 20 kB, as they are sent."""
    bodies: dict[str, bytes] = {".js": b"", ".css": b""}
    for name, asset in theme_assets(load_theme(slug)).items():
        bodies[Path(name).suffix] = bodies.get(Path(name).suffix, b"") + asset.body

    assert len(gzip.compress(bodies[".js"])) <= 16_000
    assert len(gzip.compress(bodies[".css"])) <= 20_000


def test_modules_import_each_other_by_their_hashed_names(package: Path) -> None:
    """So a change of a module changes the names of all that import it, and no browser mixes two versions."""
    (package / "assets/one.js").write_text(
        'import { a } from "./two.js";\nimport("./two.js");\nimport "./two.js";\n'
    )
    (package / "assets/two.js").write_text("export const a = 1;\n")
    before = theme_assets(read_package(package))
    (package / "assets/two.js").write_text("export const a = 2;\n")
    after = theme_assets(read_package(package))

    assert before["one.js"].body.decode().count(f'"{before["two.js"].path}"') == 3
    assert before["one.js"].path != after["one.js"].path


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("one.js", 'import "./nothing.js";', "UNKNOWN_ASSET"),
        ("one.js", 'import "./one.js";', "CYCLE"),
        ("extra.css", 'a { background: url("nothing.svg") }', "UNKNOWN_ASSET"),
    ],
)
def test_assets_that_name_what_is_not_there_are_refused(
    package: Path, name: str, body: str, code: str
) -> None:
    (package / "assets" / name).write_text(body)
    with pytest.raises(InvalidInput) as caught:
        theme_assets(read_package(package))

    assert [(f.field, f.code) for f in caught.value.fields] == [(f"assets/{name}", code)]


def test_scripts_and_styles_load_nothing_from_elsewhere() -> None:
    """No remote address, no evaluation of text, no writing of markup."""
    for name, asset in theme_assets(load_theme("upfront-modern")).items():
        if name.endswith((".js", ".css")):
            text = asset.body.decode()
            for word in ("http:", "https:", "@import", "eval(", "innerHTML", "document.write", "Function("):
                assert word not in text, (name, word)


def test_every_text_of_the_locale_is_used() -> None:
    """A key that no template, template list or page names is a leftover."""
    files = [path for path in THEMES.rglob("*") if path.suffix in {".html", ".json"}]
    used = "\n".join(path.read_text() for path in files if path.parent.name != "locales")
    keys = keys_of(read_package(THEMES / "upfront-base").locales["en"])

    assert [key for key in sorted(keys) if key not in used] == []


@pytest.mark.parametrize(
    "slug",
    [
        "nothing",
        "upfront-base",
        "",
        ".",
        "..",
        "../themes/upfront-modern",
        "Upfront-Modern",
        "a" * 50,
        "a\x00",
    ],
)
def test_an_unknown_slug_is_not_found(slug: str) -> None:
    """A slug is never a path, and a hidden theme is none to choose."""
    with pytest.raises(NotFound):
        load_theme(slug)


def test_loading_twice_reads_once() -> None:
    assert load_theme("upfront-modern") is load_theme("upfront-modern")


# --- What is wrong is told --------------------------------------------------------------------------------


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of Upfront Base, which inherits nothing, to spoil."""
    return shutil.copytree(THEMES / "upfront-base", tmp_path / "theme")


def _change(package: Path, name: str, change: Callable[[Any], Any]) -> None:
    file = package / name
    data = json.loads(file.read_text())
    change(data)
    file.write_text(json.dumps(data))


def _problems(package: Path) -> set[tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught:
        read_package(package)
    return {(f.field, f.code) for f in caught.value.fields}


def test_an_untouched_copy_is_the_same_theme(package: Path) -> None:
    """The digest is that of the content, wherever it lies."""
    original = read_package(THEMES / "upfront-base").digest
    assert read_package(package).digest == original
    (package / "assets/theme.css").write_text("a{}")
    assert read_package(package).digest != original


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("theme.json", "MISSING"),
        ("config/settings_schema.json", "MISSING"),
        ("templates/product.json", "MISSING"),
        ("sections/header-group.json", "MISSING"),
        ("sections/hero.html", "MISSING"),
    ],
)
def test_a_missing_file_is_named(package: Path, name: str, code: str) -> None:
    (package / name).unlink()

    assert (name, code) in _problems(package)


def test_broken_json_is_named(package: Path) -> None:
    (package / "templates/index.json").write_text("{,}")
    (package / "locales/en.default.json").write_text("[]")

    assert {("templates/index.json", "NOT_JSON"), ("locales/en.default.json", "NOT_AN_OBJECT")} <= _problems(
        package
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["sections"]["opening"].update(type="nothing"),
        lambda d: d["sections"]["opening"]["settings"].update(unknown="x"),
        lambda d: d["sections"]["opening"]["settings"].update(link="javascript:alert(1)"),
        lambda d: d["sections"]["featured"]["settings"].update(count=99),
        lambda d: d["sections"]["featured"]["settings"].update(layout="free"),
        lambda d: d["sections"]["promises"]["blocks"]["delivery"].update(type="nothing"),
    ],
)
def test_a_section_that_does_not_fit_is_named(package: Path, change: Callable[[Any], Any]) -> None:
    """Unknown sections, blocks and settings, and values outside what is declared."""
    _change(package, "templates/index.json", change)

    assert _problems(package) == {("templates/index.json", "WRONG_SECTION")}


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["order"].append("nothing"),
        lambda d: d["order"].pop(),
        lambda d: d.update(surprise=1),
        lambda d: d["sections"]["promises"]["block_order"].pop(),
    ],
)
def test_a_template_list_that_does_not_hold_together_is_named(
    package: Path, change: Callable[[Any], Any]
) -> None:
    _change(package, "templates/index.json", change)

    assert _problems(package) == {("templates/index.json", "WRONG_VALUE")}


def test_pale_colours_are_refused(package: Path) -> None:
    """A preset whose text cannot be read is no preset."""
    _change(
        package, "config/settings_data.json", lambda d: d["presets"]["plain"].update(color_text="#cccccc")
    )

    assert _problems(package) == {("config/settings_data.json", "WRONG_PRESET")}


def test_files_without_a_place_are_refused(package: Path) -> None:
    """Unknown kinds of files, odd names, links to elsewhere, too much."""
    (package / "assets/run.php").write_text("x")
    (package / "assets/Bad Name.css").write_text("x")
    (package / "secret").mkdir()
    (package / "secret/x.html").write_text("x")
    (package / "assets/passwd.css").symlink_to("/etc/passwd")
    (package / "assets/large.css").write_text("x" * (2 * 1024 * 1024 + 1))

    assert _problems(package) == {
        ("assets/run.php", "UNKNOWN_FILE"),
        ("assets/Bad Name.css", "WRONG_NAME"),
        ("secret/x.html", "UNKNOWN_FILE"),
        ("assets/passwd.css", "SYMLINK"),
        ("assets/large.css", "TOO_LARGE"),
    }


def test_a_template_that_does_not_compile_is_named(package: Path) -> None:
    (package / "snippets/card.html").write_text("{% if %}")
    with pytest.raises(InvalidInput) as caught:
        compile_all(read_package(package))

    assert [f.field for f in caught.value.fields] == ["snippets/card.html"]
