"""Imported themes render in a process of their own, which is ended where it takes too much and can reach nothing."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from provisioning.confinement import Given
from provisioning.errors import Permanent, Transient
from provisioning.themes import isolation
from provisioning.themes.isolation import Limits, is_at_fault, render_isolated
from provisioning.themes.packages import Theme, read_package
from provisioning.themes.plans import plan_of
from provisioning.themes.renderer import render_page, render_pages
from provisioning.themes.views import LinkView, PageView, RenderContext, ShopView
from tests.themes.packages import Shelf, write

LINKS = tuple(LinkView(f"Link {i}", "/") for i in range(2_000))
SHOP = ShopView("Shop <b>", "", "USD", "en", None, (), (), menus={"main": LINKS})
PAGE = PageView("index", "Title", "", "/", "https://shop.example/", "", (), None, ())
CONTEXT = RenderContext(SHOP, PAGE, "/tokens.css")
ENDLESS = (
    "{% set m = shop.menus.main %}"
    "{% for a in m %}{% for b in m %}{% for c in m %}{% if a == b %}{% endif %}{% endfor %}{% endfor %}{% endfor %}"
)


def _theme(folder: Path, template: str) -> Theme:
    shelf = Shelf(folder)
    package = shelf.add("child")
    write(package, "layout/base.html", "{{ content }}")
    write(package, "sections/own.html", template)
    write(package, "sections/own.schema.json", {"name": "Own"})
    write(package, "templates/index.json", {"sections": {"s": {"type": "own"}}, "order": ["s"]})
    return read_package(package, shelf.find, imported=True)


def _refused(theme: Theme, limits: Limits, pages: int = 1) -> str:
    with pytest.raises(Permanent) as caught:
        list(render_isolated(plan_of(theme), [("index", CONTEXT)] * pages, limits))
    assert caught.value.code == "THEME_FAILED"
    return caught.value.detail


def test_a_page_is_the_same_in_either_process(tmp_path: Path) -> None:
    """Settings, texts, views and all: what is imported renders like our own, many in a row."""
    theme = _theme(
        tmp_path,
        "<p>{{ shop.name }}{{ t('cart.title') }}{{ shop.menus.main|length }}{{ 100|money('EUR') }}</p>",
    )
    ours = replace(theme, imported=False)
    pages = [("index", replace(CONTEXT, page=replace(PAGE, title=str(i)))) for i in range(3)]

    assert list(render_pages(theme, pages)) == list(render_pages(ours, pages))
    assert "Shop &lt;b&gt;" in render_page(theme, "index", CONTEXT)


def test_a_template_without_end_is_ended(tmp_path: Path) -> None:
    """By the limit of computing, and by the clock: the caller waits no longer than that."""
    theme = _theme(tmp_path, ENDLESS)

    told = _refused(theme, Limits(cpu=1, wall=60))
    assert told == "index: sections/own.html: more than 1 seconds of computing"
    error, wall, took = _ended_by_the_clock(theme, share=0)
    assert isinstance(error, Permanent)
    assert error.detail == f"index: sections/own.html: it took longer than {wall} seconds"
    assert took < wall + 10


def _ended_by_the_clock(theme: Theme, share: float) -> tuple[Exception, int, float]:
    """The error, the limit and how long it took, once the limit was enough for the process to begin: where others are at work that takes it longer."""
    for wall in (2, 4, 8, 16, 32):
        started = time.monotonic()
        with pytest.raises((Permanent, Transient)) as caught:
            list(
                render_isolated(plan_of(theme), [("index", CONTEXT)], Limits(cpu=60, wall=wall, share=share))
            )
        if "sections/own.html" in f"{caught.value} {getattr(caught.value, 'detail', '')}":
            return caught.value, wall, time.monotonic() - started
    pytest.fail("it never began")


def test_a_busy_machine_is_not_the_themes_fault(tmp_path: Path) -> None:
    """Who was kept from computing may try again: where it says so itself, and where it could not even begin."""
    theme = _theme(tmp_path, ENDLESS)

    error, wall, _ = _ended_by_the_clock(theme, share=1)
    assert isinstance(error, Transient)
    assert (error.code, str(error)) == (
        "OUT_OF_TIME",
        f"the machine is too busy: index: sections/own.html: it took longer than {wall} seconds",
    )
    with pytest.raises(
        Transient, match=r"the machine is too busy: index: it took longer than 0.01 seconds"
    ) as caught:
        list(render_isolated(plan_of(theme), [("index", CONTEXT)], Limits(wall=0.01, share=0)))
    assert caught.value.code == "OUT_OF_TIME"


@pytest.mark.parametrize(
    ("computed", "waited", "at_fault"),
    [
        pytest.param(2.5, False, True, id="a quarter of its time"),
        pytest.param(2.4, False, False, id="less than a quarter"),
        pytest.param(5.0, True, False, id="it had to wait for its turn"),
        pytest.param(6.0, True, True, id="all that it may compute"),
    ],
)
def test_whose_fault_it_is(computed: float, waited: bool, at_fault: bool) -> None:
    """Of eight seconds by the clock and six of computing, where half a second went by before the theme was begun with."""
    assert is_at_fault(computed, 0.5, Given(8.0, waited), Limits(cpu=6)) is at_fault


def test_themes_take_turns(tmp_path: Path) -> None:
    """Each may take a core and 512 MB: who has waited for half of its time is asked to come again."""
    theme = _theme(tmp_path, "{{ shop.name }}")
    with isolation._WORKERS.turn(0), pytest.raises(Transient, match="other imported themes") as busy:
        list(render_isolated(plan_of(theme), [("index", CONTEXT)], Limits(wall=0.1)))
    assert (busy.value.code, busy.value.retry_after) == ("BUSY", 5)

    _refused(_theme(tmp_path / "wrong", "{{ nothing }}"), Limits())
    pages = render_isolated(plan_of(theme), [("index", CONTEXT)] * 2, Limits())
    next(pages)
    with pytest.raises(Transient), isolation._WORKERS.turn(0):
        pytest.fail("two at once")
    del pages
    with isolation._WORKERS.turn(0) as waited:
        assert not waited


def test_who_waits_has_its_turn(tmp_path: Path) -> None:
    """Many at once are rendered one after the other, and never two together."""
    theme = _theme(tmp_path, "{{ shop.name }}")
    plan, at_work, together = plan_of(theme), threading.Semaphore(1), threading.Event()
    barrier = threading.Barrier(3)

    def render(_: int) -> list[str]:
        barrier.wait()
        made: list[str] = []
        for page in render_isolated(plan, [("index", CONTEXT)] * 3, Limits()):
            if not at_work.acquire(blocking=False):
                together.set()
            made.append(page)
            if len(made) < 3:
                time.sleep(0.01)
            at_work.release()
        return made

    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(render, range(3)))
    assert [len(pages) for pages in made] == [3, 3, 3]
    assert not together.is_set()


def test_a_limit_of_time_leaves_no_more_than_it_says() -> None:
    """Half of it for computing; a second at least, since no process starts in less."""
    assert (Limits().within(4.4).wall, Limits().within(4.4).cpu) == (4.4, 2)
    assert (Limits().within(-3).wall, Limits().within(-3).cpu) == (1.0, 1)
    assert (Limits().within(600).wall, Limits().within(600).cpu) == (60, 10)


def test_a_template_that_grows_is_ended(tmp_path: Path) -> None:
    """Doubling a text a few dozen times would fill any memory."""
    doubling = "{% set x = x ~ x %}" * 40
    theme = _theme(tmp_path, "{% set x = shop.name %}" + doubling + "{{ x }}")

    assert "MemoryError" in _refused(theme, Limits()) or "too much memory" in _refused(theme, Limits())


def test_pages_and_releases_have_a_size(tmp_path: Path) -> None:
    theme = _theme(tmp_path, "{% for l in shop.menus.main %}{{ l.title }}{% endfor %}")

    assert "larger than 1000 bytes" in _refused(theme, Limits(page=1_000))
    assert "larger than 30000 bytes together" in _refused(theme, Limits(total=30_000), pages=3)


@pytest.mark.parametrize(
    "template",
    ["{{ 7 ** 7 }}", "{{ nothing }}", "{{ shop.name.__class__ }}", "{% include 'snippets/gone.html' %}"],
)
def test_what_is_wrong_is_told(tmp_path: Path, template: str) -> None:
    """The template's name and the kind of error; nothing is rendered instead."""
    assert "index: " in _refused(_theme(tmp_path, template), Limits())


@pytest.mark.parametrize(
    "escape",
    [
        "open('/etc/passwd')",
        "open('/dev/null')",
        "__import__('socket').socket()",
        "__import__('os').open('/etc/passwd', 0)",
        "__import__('os').system('true')",
        "__import__('os').fork()",
        "__import__('os').listdir('/')",
        "__import__('subprocess').run(['true'])",
        "__import__('resource').setrlimit(7, (100, 100))",
        "__import__('ctypes')",
        "__import__('wave')",
    ],
)
def test_even_a_way_out_of_the_sandbox_reaches_nothing(escape: str) -> None:
    """Code that runs in the process after it gave up the rest: no file, no network, no process, no module."""
    code = (
        "import sys, socket, subprocess, os, resource\n"
        "from provisioning.confinement import give_up\n"
        "from provisioning.themes.worker import _ALLOWED_EVENTS\n"
        "give_up(1 << 30, 5, _ALLOWED_EVENTS)\n"
        f"try:\n    {escape}\nexcept (PermissionError, OSError) as error:\n    print('refused', type(error).__name__)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)

    assert done.stdout.startswith("refused"), done.stdout + done.stderr


def test_the_kernel_refuses_where_the_audit_does_not() -> None:
    """Without Python's audit hook too, no further descriptor is to be had."""
    code = (
        "import sys, socket\nsys.addaudithook = lambda hook: None\n"
        "from provisioning.confinement import give_up\n"
        "from provisioning.themes.worker import _ALLOWED_EVENTS\n"
        "give_up(1 << 30, 5, _ALLOWED_EVENTS)\n"
        "for attempt in (lambda: open('/etc/passwd'), socket.socket):\n"
        "    try:\n        attempt()\n        print('reached')\n    except OSError as error:\n        print(error.errno)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)

    assert done.stdout.split() == ["24", "24"], done.stdout + done.stderr
