"""Rules of what a package declares: `theme.json`, schemas of settings and sections, presets, and the shape of templates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from provisioning.themes.checking.findings import Finding
from provisioning.themes.checking.positions import Path, as_list, as_object
from provisioning.themes.checking.subjects import Subject
from provisioning.themes.colors import contrast_ratio
from provisioning.themes.conditions import read_condition
from provisioning.themes.declarations import Manifest, PageTemplate, SectionSchema, SettingsData
from provisioning.themes.inheritance import SCHEMA_FILE
from provisioning.themes.packages import ENGINE, MAX_GLOBAL_SETTINGS, includes_version
from provisioning.themes.setting_types import (
    SETTING_GROUPS,
    ColorSchemeGroupSetting,
    ColorSchemeSetting,
    ColorSetting,
    FontSetting,
    Header,
    Paragraph,
    Setting,
)
from provisioning.themes.settings import SYSTEM_FONTS, check_key

DATA_FILE = "config/settings_data.json"
#: A setting that holds a value, by its id.
Declared = Mapping[str, Any]

_BY_TYPE: Mapping[str, str] = {
    "select": "JS05", "radio": "JS05", "color": "JS06", "color_scheme_group": "JS06", "image": "JS07",
    "range": "JS08", "number": "JS08",
}  # fmt: skip
_BY_WORDS: tuple[tuple[str, str], ...] = (
    ("stands out from", "JS17"),
    ("vocabulary of settings", "JS18"),
    (" goes with ", "JS18"),
    ("is declared twice", "JS03"),
    ("two blocks have one type", "JS03"),
    ("must name every", "JS11"),
)
_TEMPLATE_SIGNS = ("{{", "{%", "{#")


def check_declarations(subject: Subject) -> Iterator[Finding]:
    """`theme.json`, the global settings, their presets, and every schema; values in templates are `placements.py`'s."""
    yield from _check_manifest(subject)
    yield from _check_schema(subject)
    for name in subject.own:
        if name.startswith("sections/") and name.endswith(".schema.json"):
            yield from _check_section_schema(subject, name)
    yield from _check_data(subject)
    for problem in subject.inheritance:
        if problem.code == "WRONG_CHANGE":
            path = _path_of_id(subject, problem.message.partition(":")[0])
            yield subject.at("JS23", SCHEMA_FILE, path or (), problem.message)


def declared(settings: Iterable[Setting]) -> dict[str, Any]:
    """The settings that hold a value, by id."""
    return {item.id: item for item in settings if not isinstance(item, Header | Paragraph)}


def explain(subject: Subject, file: str, model: type[BaseModel], code: str) -> Iterator[Finding]:
    """Each thing in a JSON file of its own that does not fit the model, where it stands."""
    read = subject.json.get(file)
    if read is None or read.error:
        return
    try:
        model.model_validate(read.value)
    except ValidationError as error:
        for item in error.errors(include_url=False, include_input=False):
            path = _follow(read.value, item["loc"])
            yield _tell(subject, file, path, item, code)


def _tell(subject: Subject, file: str, path: Path, item: Any, code: str) -> Finding:
    found = _code_of(item, code)
    message = str(item["msg"]).removeprefix("Value error, ")
    if found == "JS18":
        path = (*path, "semantic")
    where = ".".join(str(part) for part in item["loc"])
    return subject.at(found, file, path, f"{where}: {message}" if where else message)


def _code_of(item: Any, code: str) -> str:
    words, where = str(item["msg"]), tuple(item["loc"])
    for sign, named in _BY_WORDS:
        if sign in words:
            return named
    if "visible_if" in where:
        return "JS09"
    if item["type"] == "too_long" and where[-1:] == ("settings",):
        return "JS04"
    if code == "JS02":
        return next((_BY_TYPE[part] for part in where if part in _BY_TYPE), code)
    return code


def _follow(value: Any, loc: Iterable[str | int]) -> Path:
    """The path of a model's error in the JSON: names of alternatives and of what is missing are no steps."""
    path: list[str | int] = []
    for part in loc:
        if (isinstance(value, dict) and part in value) or (
            isinstance(value, list) and isinstance(part, int) and part < len(cast("list[Any]", value))
        ):
            value = cast("Any", value[part])
        else:
            continue
        path.append(part)
    return tuple(path)


# --- theme.json ------------------------------------------------------------------------------------------


def _check_manifest(subject: Subject) -> Iterator[Finding]:
    yield from explain(subject, "theme.json", Manifest, "ST11")
    manifest = subject.manifest
    if manifest is None:
        return
    if not includes_version(manifest.engine, ENGINE):
        message = f"engine: themes are rendered by version {ENGINE}, which {manifest.engine} leaves out"
        yield subject.at("ST08", "theme.json", ("engine",), message)
    for problem in subject.inheritance:
        if problem.field == "theme.json" and problem.code in {"CYCLE", "TOO_DEEP"}:
            yield subject.at("ST10", "theme.json", ("extends",), problem.message)
        elif problem.field == "theme.json" and problem.code in {"UNKNOWN_PARENT", "WRONG_PARENT"}:
            yield subject.at("ST09", "theme.json", ("extends",), problem.message)


# --- Settings of the whole theme -------------------------------------------------------------------------


def _check_schema(subject: Subject) -> Iterator[Finding]:
    value = subject.merged.get(SCHEMA_FILE)
    if value is None:
        return
    own = subject.json.get(SCHEMA_FILE)
    for index, group in enumerate(as_list(own.value) if own else ()):
        if not isinstance(as_object(group).get("settings", []), list) or not isinstance(group, dict):
            yield subject.at(
                "JS02", SCHEMA_FILE, (index,), f"{index}: must be a group with a list of settings"
            )
    try:
        SETTING_GROUPS.validate_python(value)
    except ValidationError as error:
        yield from _explain_schema(subject, value, error)
        return
    settings = [item for group in subject.setting_groups for item in group.settings]
    yield from _check_repeated(subject)
    if len(settings) > MAX_GLOBAL_SETTINGS:
        message = f"there are {len(settings)} settings, and may be {MAX_GLOBAL_SETTINGS}"
        yield subject.at("JS04", SCHEMA_FILE, (), message)
    if sum(isinstance(item, ColorSchemeGroupSetting) for item in settings) > 1:
        yield subject.at("JS04", SCHEMA_FILE, (), "a theme has one color_scheme_group")
    for name, item in declared(settings).items():
        path = _path_of_id(subject, name)
        if path is not None:
            yield from _check_condition(subject, SCHEMA_FILE, path, item, {"settings": subject.ids})


def _explain_schema(subject: Subject, value: Any, error: ValidationError) -> Iterator[Finding]:
    """Errors are found in what inheritance has made of the schema, and told where the package says it."""
    own = subject.json.get(SCHEMA_FILE)
    same = own is not None and own.value is value
    for item in error.errors(include_url=False, include_input=False):
        if same:
            yield _tell(subject, SCHEMA_FILE, _follow(value, item["loc"]), item, "JS02")
            continue
        setting = _setting_at(value, item["loc"])
        path = _path_of_id(subject, str(as_object(setting).get("id")))
        if path is not None:
            tail = [part for part in item["loc"][3:] if part in as_object(setting)]
            yield _tell(subject, SCHEMA_FILE, (*path, *tail), item, "JS02")
        elif own is not None:
            yield _tell(subject, SCHEMA_FILE, (), item, "JS02")


def _setting_at(value: Any, loc: tuple[str | int, ...]) -> Any:
    for part in loc[:3]:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _path_of_id(subject: Subject, name: str) -> Path | None:
    """Where the package's own schema speaks of a setting."""
    own = subject.json.get(SCHEMA_FILE)
    for index, group in enumerate(as_list(own.value) if own else ()):
        for number, item in enumerate(as_list(as_object(group).get("settings"))):
            if as_object(item).get("id") == name:
                return (index, "settings", number)
    return None


def _check_repeated(subject: Subject) -> Iterator[Finding]:
    own = subject.json.get(SCHEMA_FILE)
    seen: set[str] = set()
    for index, group in enumerate(as_list(own.value) if own else ()):
        for number, item in enumerate(as_list(as_object(group).get("settings"))):
            name = as_object(item).get("id")
            if not isinstance(name, str):
                continue
            if name in seen:
                path = (index, "settings", number, "id")
                yield subject.at("JS03", SCHEMA_FILE, path, f"{name} is declared twice")
            seen.add(name)


def _check_condition(
    subject: Subject, file: str, path: Path, item: Any, scopes: Mapping[str, frozenset[str]]
) -> Iterator[Finding]:
    if item.visible_if is None:
        return
    for scope, name in sorted(read_condition(item.visible_if).references):
        if name not in scopes.get(scope, frozenset()):
            message = f"{item.id}: visible_if looks at {scope}.{name}, which is not declared"
            yield subject.at("JS09", file, (*path, "visible_if"), message)


# --- Schemas of sections ---------------------------------------------------------------------------------


def _check_section_schema(subject: Subject, file: str) -> Iterator[Finding]:
    yield from explain(subject, file, SectionSchema, "JS02")
    kind = file.removeprefix("sections/").removesuffix(".schema.json")
    schema = subject.sections.get(kind)
    if schema is None:
        return
    scopes = {"settings": subject.ids, "section": frozenset(declared(schema.settings))}
    lists: list[tuple[Path, tuple[Setting, ...], dict[str, frozenset[str]]]] = [
        (("settings",), schema.settings, scopes)
    ]
    for number, block in enumerate(schema.blocks):
        inside = scopes | {"block": frozenset(declared(block.settings))}
        lists.append((("blocks", number, "settings"), block.settings, inside))
    for path, settings, known in lists:
        for index, item in enumerate(settings):
            if isinstance(item, Header | Paragraph):
                continue
            yield from _check_condition(subject, file, (*path, index), item, known)
            yield from check_value(subject, file, (*path, index, "default"), item, item.default)
    for number, preset in enumerate(schema.presets):
        where: Path = ("presets", number)
        yield from check_values(
            subject, file, (*where, "settings"), declared(schema.settings), preset.settings
        )
        blocks = {block.type: block for block in schema.blocks}
        for index, block in enumerate(preset.blocks):
            if block.type not in blocks:
                path = (*where, "blocks", index, "type")
                yield subject.at("JS10", file, path, f"the section has no block {block.type}")
                continue
            path = (*where, "blocks", index, "settings")
            yield from check_values(
                subject, file, path, declared(blocks[block.type].settings), block.settings
            )


# --- Values ----------------------------------------------------------------------------------------------


def check_values(
    subject: Subject, file: str, path: Path, settings: Declared, given: Mapping[str, Any]
) -> Iterator[Finding]:
    """Values that a package gives to settings: each is declared, and fits."""
    for name, value in given.items():
        if name not in settings:
            there = ", ".join(sorted(settings)) or "none"
            yield subject.at("JS13", file, (*path, name), f"{name} is not declared; there are: {there}")
        else:
            yield from check_value(subject, file, (*path, name), settings[name], value)


def check_value(subject: Subject, file: str, path: Path, item: Any, value: Any) -> Iterator[Finding]:
    """One value: it fits its type, names a text or a scheme that is there, and is no template."""
    try:
        key = check_key(item, value)
        if key is None:
            item.check(value)
    except ValueError as error:
        yield subject.at("JS20", file, path, f"{item.id}: {error}")
        return
    if key is not None:
        wrong = subject.texts.explain(key.key, {"shop"})
        if wrong:
            yield subject.at("TP12", file, path, wrong)
    elif isinstance(value, str) and any(sign in value for sign in _TEMPLATE_SIGNS):
        yield subject.at(
            "JS14", file, path, f"{item.id}: its value is shown as it is, signs of templates too"
        )
    if isinstance(item, ColorSchemeSetting) and value not in subject.schemes:
        there = ", ".join(subject.schemes) or "none, as the theme has no color_scheme_group"
        yield subject.at(
            "JS20", file, path, f"{item.id}: is no colour scheme of the theme; there are: {there}"
        )


def _check_data(subject: Subject) -> Iterator[Finding]:
    yield from explain(subject, DATA_FILE, SettingsData, "JS02")
    data = subject.data
    if data is None:
        return
    settings = declared(item for group in subject.setting_groups for item in group.settings)
    for name, item in settings.items():
        path = _path_of_id(subject, name)
        if path is not None:
            yield from check_value(subject, SCHEMA_FILE, (*path, "default"), item, item.default)
    own = DATA_FILE in subject.own
    for preset, values in data.presets.items():
        if own:
            yield from check_values(subject, DATA_FILE, ("presets", preset), settings, values)
        whole = {name: values.get(name, item.default) for name, item in settings.items()}
        for item in settings.values():
            if isinstance(item, ColorSetting):
                yield from _check_contrast(subject, preset, item, whole, values)
            elif isinstance(item, FontSetting):
                yield from _check_font(subject, preset, item, values)


def _check_contrast(
    subject: Subject, preset: str, item: ColorSetting, whole: Mapping[str, Any], given: Mapping[str, Any]
) -> Iterator[Finding]:
    for rule in item.contrast:
        if rule.against not in whole:
            path = _path_of_id(subject, item.id)
            if path is not None:
                message = f"{item.id}: contrast against {rule.against}, which is not declared"
                yield subject.at("JS02", SCHEMA_FILE, (*path, "contrast"), message)
            continue
        try:
            found = contrast_ratio(item.check(whole[item.id]), whole[rule.against])  # pyright: ignore[reportArgumentType]
        except (ValueError, TypeError):
            continue  # not a colour, which is told where it stands
        if found < rule.ratio:
            message = (
                f"{item.id}: stands out from {rule.against} by {found:.2f} in the preset {preset},"
                f" must be at least {rule.ratio:g}"
            )
            file, path = _whose(subject, preset, (item.id, rule.against), given)
            yield subject.at("JS17", file, path, message)


def _whose(
    subject: Subject, preset: str, names: tuple[str, ...], given: Mapping[str, Any]
) -> tuple[str, Path]:
    """Where the package itself says the value of one of these settings."""
    for name in names:
        if DATA_FILE in subject.own and name in given:
            return DATA_FILE, ("presets", preset, name)
    for name in names:
        path = _path_of_id(subject, name)
        if path is not None:
            return SCHEMA_FILE, (*path, "default")
    return DATA_FILE if DATA_FILE in subject.own else "theme.json", ()


def _check_font(
    subject: Subject, preset: str, item: FontSetting, given: Mapping[str, Any]
) -> Iterator[Finding]:
    fonts = {font.id for font in subject.manifest.fonts} if subject.manifest else set[str]()
    value = given.get(item.id, item.default)
    if value not in fonts | SYSTEM_FONTS.keys():
        there = ", ".join(sorted(fonts | SYSTEM_FONTS.keys()))
        file, path = _whose(subject, preset, (item.id,), given)
        yield subject.at("JS20", file, path, f"{item.id}: is no font of the theme; there are: {there}")


# --- Templates' shape ------------------------------------------------------------------------------------


def check_page_shape(subject: Subject, file: str) -> Iterator[Finding]:
    """A template, or a group, as a list of sections."""
    yield from explain(subject, file, PageTemplate, "JS02")
