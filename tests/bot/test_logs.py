"""One line per event, and no secret in any of them, however it came there."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import LineFormatter, Redactor, configure, event

TOKEN = "123456:" + "abcdefghij" * 3 + "ABCDE"
SECRETS = (TOKEN, "redis://someone:pass-word@store:6379/0", "hook-secret")


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """The root logger's set-up is given back afterwards: pytest listens there too."""
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level = root.handlers[:], root.level
    out = io.StringIO()
    configure("DEBUG", secrets=SECRETS, stream=out)
    yield out
    root.handlers[:] = handlers
    root.setLevel(level)
    sys.excepthook = hook


log = logging.getLogger("bot.test")


def test_an_event_is_one_line_of_fields(stream: io.StringIO) -> None:
    event(log, "delivery.sent", id="d1", chat=-100, title="储能 电站", note='say "hi"', late=None, ok=True)
    line = stream.getvalue()
    assert line.endswith(
        'level=info logger=bot.test event=delivery.sent id=d1 chat=-100 title="储能 电站" note="say \\"hi\\"" late=null ok=true\n'
    )
    assert line.startswith("time=2") and line.count("\n") == 1 and "Z level" in line


def test_json(stream: io.StringIO) -> None:
    configure("INFO", as_json=True, secrets=SECRETS, stream=stream)
    log.info("issue.added", extra={"fields": {"level": 3, "title": "储能", "articles": 4}})
    entry = json.loads(stream.getvalue())
    assert entry.pop("time").endswith("Z")
    assert entry == {
        "level": "info",
        "logger": "bot.test",
        "event": "issue.added",
        "level_": 3,
        "title": "储能",
        "articles": 4,
    }


def test_fields_that_are_none_of_ours_are_left(stream: io.StringIO) -> None:
    log.info("plain", extra={"fields": "no mapping"})
    assert stream.getvalue().endswith("event=plain\n")


@pytest.mark.parametrize("as_json", [False, True])
def test_no_secret_in_arguments_fields_errors_or_tracebacks(stream: io.StringIO, as_json: bool) -> None:
    configure("INFO", as_json=as_json, secrets=SECRETS, stream=stream)
    log.info("calling %s with %s", f"https://api.telegram.org/bot{TOKEN}/getMe", {"secret": SECRETS[2]})
    event(log, "store.lost", url=SECRETS[1], quoted=quote(TOKEN, safe=""), half=TOKEN.partition(":")[2], thing=[TOKEN])
    try:
        try:
            raise OSError(f"connect to {SECRETS[1]} failed")
        except OSError as cause:
            raise ValueError(TOKEN) from cause
    except ValueError:
        log.exception("failed")
    text = stream.getvalue()
    for word in (TOKEN, TOKEN.partition(":")[2], quote(TOKEN, safe=""), "pass-word", "hook-secret"):
        assert word not in text
    assert text.count("\n") == 3 and "ValueError: ***" in text and "store:6379" in text


def test_other_tokens_and_passwords_are_known_by_their_look() -> None:
    redact = Redactor(())
    other = "987654321:" + "Zz_-9" * 7
    assert redact(f"https://h/bot{other}/x and redis://:pw@h") == "https://h/bot***/x and redis://***@h"
    assert redact("12:30 at 2031-04-08T00:00:00") == "12:30 at 2031-04-08T00:00:00"


def test_a_short_secret_is_not_searched_for() -> None:
    assert Redactor(["abc", "redis://host"])("abcdef redis://host") == "abcdef redis://host"


def test_an_uncaught_exception_is_a_line_too(stream: io.StringIO) -> None:
    try:
        raise RuntimeError(TOKEN)
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)
    text = stream.getvalue()
    assert "level=critical logger=kanbao event=uncaught" in text and TOKEN not in text


def test_an_interrupt_is_no_failure(stream: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert stream.getvalue() == "" and "KeyboardInterrupt" in capsys.readouterr().err


def test_chatty_libraries_keep_to_warnings(stream: io.StringIO) -> None:
    logging.getLogger("aiogram.event").info("Update id=1 is handled")
    logging.getLogger("aiogram.event").warning("lost")
    assert stream.getvalue().count("\n") == 1


def test_a_tick_left_out_is_no_news_but_one_that_fails_is(stream: io.StringIO) -> None:
    ticks = logging.getLogger("apscheduler.scheduler")
    ticks.warning('Execution of job "drain" skipped: maximum number of running instances reached (1)')
    assert stream.getvalue() == ""
    ticks.error("Job raised an exception")
    assert "Job raised" in stream.getvalue()


def test_the_error_stream_is_the_default() -> None:
    code = "import logging, bot.logs as l; l.configure(); l.event(logging.getLogger('x'), 'a.b', n=1); 1/0"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    first, second = done.stderr.splitlines()
    assert done.stdout == "" and done.returncode == 1
    assert first.endswith("event=a.b n=1") and "ZeroDivisionError" in second


@given(st.text(), st.dictionaries(st.text(min_size=1), st.text()))
def test_whatever_is_logged_is_one_line(message: str, fields: dict[str, str]) -> None:
    record = logging.LogRecord("x", logging.INFO, "f", 1, "%s", (message,), None)
    record.fields = {"a": list(fields.items()), "b": message}
    for as_json in (False, True):
        assert len(LineFormatter(as_json=as_json).format(record).splitlines()) == 1
