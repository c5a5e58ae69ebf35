"""Logs: one structured line per event on the error stream, as logfmt or as JSON. Standard library only.

Rules: an event has a dotted name and fields, never a sentence; code below bot/ writes the same with
`logger.info("issue.added", extra={"fields": {...}})`. Secrets are taken out of the finished line, so neither an
argument, nor an exception's text, nor a traceback can carry one out.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO
from urllib.parse import quote, urlsplit

HIDDEN = "***"
QUIET = {
    "aiogram.dispatcher": logging.WARNING,
    "aiogram.event": logging.WARNING,
    "aiohttp.access": logging.WARNING,
    "apscheduler": logging.ERROR,
}
"""Libraries that write a line per request or tick, and what is kept of them. A tick that is left out while the last one is at work is
as it should be, and is a warning there."""

_TOKEN = re.compile(r"(?<![0-9])[0-9]{5,20}(?::|%3[Aa])[A-Za-z0-9_-]{30,}")
_PASSWORD = re.compile(r"(?<=://)[^\s/@]*:[^\s/@]+(?=@)")
_ONE_LINE = {ord(mark): f"\\u{ord(mark):04x}" for mark in "\x85\u2028\u2029"}
"""Line ends of Unicode, which JSON leaves as they are."""

_PLAIN = re.compile(r"[^\s\"=\\]+")


def configure(
    level: int | str = "INFO", *, as_json: bool = False, secrets: Iterable[str] = (), stream: TextIO | None = None
) -> None:
    """Send all records from `level` on to `stream` (default: standard error). Called once at start; a second call replaces the first."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(LineFormatter(as_json=as_json, secrets=secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(max(least, root.level))
    sys.excepthook = _log_uncaught


def event(logger: logging.Logger, name: str, /, *, level: int = logging.INFO, **fields: object) -> None:
    """Write one event, such as event(log, "delivery.sent", id=…, chat=…)."""
    logger.log(level, "%s", name, extra={"fields": fields})


class Redactor:
    """Takes secrets out of a text: those given, in their percent-encoded form too, and whatever looks like a bot token
    or like the password in an address."""

    def __init__(self, secrets: Iterable[str]) -> None:
        words = {form for secret in secrets for form in _forms(secret) if len(form) >= 4}
        longest_first = sorted(words, key=lambda word: (-len(word), word))
        self._known = re.compile("|".join(map(re.escape, longest_first))) if words else None

    def __call__(self, text: str) -> str:
        if self._known:
            text = self._known.sub(HIDDEN, text)
        return _PASSWORD.sub(HIDDEN, _TOKEN.sub(HIDDEN, text))


class LineFormatter(logging.Formatter):
    """A record as one line: time (UTC), level, logger, event, its fields, and the traceback if there is one."""

    def __init__(self, *, as_json: bool, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._as_json, self._redact = as_json, Redactor(secrets)

    def format(self, record: logging.LogRecord) -> str:
        entry = {name: _clean(value, self._redact) for name, value in self._entry(record).items()}
        line = json.dumps(entry, ensure_ascii=False) if self._as_json else _logfmt(entry)
        return line.translate(_ONE_LINE)

    def _entry(self, record: logging.LogRecord) -> dict[str, object]:
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC)
            .isoformat(timespec="milliseconds")
            .replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        fields = getattr(record, "fields", None)
        for name, value in (fields if isinstance(fields, Mapping) else {}).items():
            entry[f"{name}_" if name in entry else name] = value
        if record.exc_info:
            entry["error"] = _describe(record.exc_info[1])
            entry["trace"] = self.formatException(record.exc_info)
        return entry


def _clean(value: object, redact: Redactor) -> object:
    """JSON's own scalars as they are; all else as text without secrets. Numbers cannot carry a secret of ours."""
    if value is None or isinstance(value, bool | int | float):
        return value
    return redact(value if isinstance(value, str) else str(value))


def _logfmt(entry: Mapping[str, object]) -> str:
    return " ".join(f"{name}={_quoted(value)}" for name, value in entry.items())


def _quoted(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if _PLAIN.fullmatch(text) and text.isprintable() else json.dumps(text, ensure_ascii=False)


def _describe(error: BaseException | None) -> str:
    return f"{type(error).__name__}: {error}"


def _forms(secret: str) -> tuple[str, ...]:
    """The ways in which a secret may turn up: itself, quoted, and the password or the second half of it alone."""
    parts = [secret, quote(secret, safe="")]
    if "://" in secret:
        parts = [password] if (password := urlsplit(secret).password) else []
    elif ":" in secret:
        parts.append(secret.partition(":")[2])
    return tuple(parts)


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger("kanbao").critical("uncaught", exc_info=(kind, error, trace))
