"""How a runtime at a terminal ends."""

from __future__ import annotations

from tests.local.processes import other_process, read_line

_SERVES = """
import signal, threading, time
from provisioning.serving import serve_until

ended = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: ended.set())

def end():
    time.sleep(0.2)
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

threading.Thread(target=end, daemon=True).start()
serve_until(ended)
print("ended")
"""


def test_a_signal_that_reached_another_thread_ends_it_all_the_same() -> None:
    """The kernel may choose any thread; Python calls the handler when the main one wakes, which nobody else brings about."""
    with other_process(_SERVES) as process:
        assert read_line(process) == "ended"
