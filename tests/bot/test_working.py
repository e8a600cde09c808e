"""A command that lasts shows that it is at work to whoever watches it, and nothing to a script."""

import io
import sys

import pytest

from bot.working import working


class Screen(io.StringIO):
    """Standard error as a terminal or a file."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize("terminal", [True, False])
def test_only_a_terminal_shows_that_work_goes_on(monkeypatch: pytest.MonkeyPatch, terminal: bool) -> None:
    screen = Screen(terminal=terminal)
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with working("Đang nạp thon.csv …"):
        pass
    assert ("Đang nạp thon.csv …" in screen.getvalue()) is terminal
    assert terminal or screen.getvalue() == ""
