"""Load, fairness and the comparison with dbos run, and see what is wrong. Tiny numbers: what they measure here says nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from benchmarks import dbos, load
from rich.console import Console

from provisioning.local.mailer import EmlMailer
from provisioning.ports import Delete
from provisioning.steps.step import effect_key


def test_load_sees_that_all_is_right_and_what_is_not(tmp_path: Path) -> None:
    """Nothing is wrong with what was activated; a store that is gone, a lost provisioning and a second mail are each counted."""
    with load._served(tmp_path, emulators=False) as served:
        loaded = load.load(served, tmp_path / "data", ["a-one", "a-two", "a-three"])
        documents = served.platform.ports.documents
        documents.commit([Delete("stores/a-one"), Delete("provisionings/a-two")])
        key = effect_key("a-three", "send_credentials")
        mail = EmlMailer(tmp_path / "data" / "mail", "a@example.com", "A")
        (tmp_path / "data" / "mail" / "second.eml").write_bytes(mail.path(key).read_bytes())
        wrong = load.look(served, tmp_path / "data", ["a-one", "a-two", "a-three"])

    assert loaded.wrong == {}
    assert len(loaded.each) == loaded.count == 3
    assert wrong == {"stores": 1, "lost": 1, "mails": 1}


def test_fairness_is_measured_for_as_long_as_the_flood_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    """One verdict, with a figure that was measured."""
    monkeypatch.setattr(load, "PAUSE_SECONDS", 0.01)
    (verdict,) = load.measure_fairness(Console(quiet=True), flood=5, singles=2)

    assert verdict.figure > 0


def test_our_side_of_the_comparison_completes_every_workflow(tmp_path: Path) -> None:
    """Both rates are there once all were COMPLETED."""
    rates = dbos.run_ours(tmp_path / "ours", at_once=2, one_at_a_time=1)

    assert rates.one_at_a_time > 0
    assert rates.at_once > 0


def test_without_dbos_one_line_says_how_to_have_it(capsys: pytest.CaptureFixture[str]) -> None:
    """This project's own Python has no dbos, and nothing is judged."""
    assert dbos.measure(Console(width=200), python=Path(sys.executable), at_once=1, one_at_a_time=1) == []
    assert dbos.INSTALL in capsys.readouterr().out
