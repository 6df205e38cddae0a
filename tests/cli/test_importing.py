"""A theme of somebody else's, from its folder to a store's visitors, and one that would fill any memory."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Desk
from tests.themes.packages import write, write_imported

#: Passes the checker, and would fill any memory.
GROWING = "{% set x = shop.name ~ shop.name %}" + "{% set x = x ~ x %}" * 45 + "<p>{{ x }}</p>"


def test_a_theme_goes_from_its_folder_to_visitors(desk: Desk, tmp_path: Path) -> None:
    """Looked at, kept, previewed while it is inactive, activated, switched to, published, and exported as it came."""
    desk.open_store("harbouring")
    package = write_imported(tmp_path)

    looked = desk.type("themes", "import", str(package), "--dry-run")
    assert looked.code == 0 and "not kept" in looked.text
    assert desk.type("themes", "preview", "harbour", "--store", "harbouring", "--wait").code == 1
    kept = desk.type("themes", "import", str(package))
    assert kept.code == 0, kept

    assert "UNKNOWN_THEME" in desk.type("themes", "switch", "harbour", "--store", "harbouring").error
    previewed = desk.type("themes", "preview", "harbour", "--store", "harbouring", "--wait", "--json").json
    assert previewed["status"] == "COMPLETED"
    desk.until(previewed["link"], lambda page: "High water at noon" in page)
    assert "High water at noon" not in desk.see("harbouring")

    assert desk.type("themes", "activate", "harbour").code == 0
    drafted = desk.type(
        "themes", "customise", "harbour", "index/tide/words=Low water at six", "--store", "harbouring"
    )
    assert drafted.code == 0, drafted
    desk.type("themes", "publish", "harbour", "--store", "harbouring", "--wait")
    assert desk.type("themes", "switch", "harbour", "--store", "harbouring", "--wait").code == 0
    desk.until("harbouring", lambda page: "Low water at six" in page)

    file, again = tmp_path / "out.zip", tmp_path / "again.zip"
    assert desk.type("themes", "export", "harbour", str(file)).code == 0
    assert desk.type("themes", "import", str(file)).code == 0
    assert desk.type("themes", "export", "harbour", str(again)).code == 0
    assert file.read_bytes() == again.read_bytes()
    assert desk.type("themes", "deactivate", "harbour").code == 0
    desk.open_store("other")
    assert "UNKNOWN_THEME" in desk.type("themes", "switch", "harbour", "--store", "other").error


def test_a_store_can_begin_with_an_imported_theme(desk: Desk, tmp_path: Path) -> None:
    """An activation renders it like one of ours."""
    desk.type("themes", "import", str(write_imported(tmp_path, "quay")))
    desk.type("themes", "activate", "quay")

    desk.open_store("quayside", theme="quay")

    assert "High water at noon" in desk.see("quayside")


def test_a_theme_that_takes_too_much_fails_its_publication_alone(desk: Desk, tmp_path: Path) -> None:
    """The error names page and section and cannot be retried; visitors see what they saw, and other stores are published meanwhile."""
    desk.open_store("patient")
    before = desk.see("patient")
    package = write_imported(tmp_path, "growing")
    write(package, "sections/tide.html", GROWING)
    assert desk.type("themes", "import", str(package)).code == 0

    ordered = desk.type("themes", "preview", "growing", "--store", "patient", "--json").json
    done = desk.type("status", ordered["provisioning_id"], "--watch")

    record = desk.served.documents.get(f"provisionings/{ordered['provisioning_id']}").data or {}
    assert record["status"] == "FAILED", done
    error = record["error"]
    assert (error["code"], error["retryable"]) == ("THEME_FAILED", False)
    assert "index: sections/tide.html" in error["detail"], error
    assert desk.see("patient") == before
    assert desk.type("releases", "publish", "patient", "--wait").code == 0
