"""Subscriptions in files: OPML beside the JSON of service_export, and reading either back. Pure.

What a file says of settings, times or people is not taken over, only queries and their cadences. A file is never trusted: it is
small, has no document type, and each query is read like one that is typed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from subscriptions.errors import QueryError, SubscriptionsError
from subscriptions.parse import parse_query
from subscriptions.query import print_query, query_id
from subscriptions.types import Cadence, CadenceKind, QueryId, Subscriber

MOST_BYTES = 256 * 1024
MOST_ENTRIES = 1000
MINUTES = 24 * 60


class ImportFileError(SubscriptionsError):
    """A file that cannot be read. `code`: too_big, not_text, bad_json, bad_xml, no_list, too_many; `line` 0: nowhere in particular."""

    def __init__(self, code: str, line: int = 0) -> None:
        super().__init__(f"{code} at line {line}")
        self.code, self.line = code, line


@dataclass(frozen=True, slots=True)
class Wanted:
    """A query in canonical form with the cadence that the file gives it."""

    query_id: QueryId
    query: str
    cadence: Cadence | None = None


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """`wanted`: each query once, in the file's order. `bad`: what is no query, as written."""

    wanted: tuple[Wanted, ...]
    bad: tuple[str, ...]


# ---------------------------------------------------------------------------------------------- writing
def to_opml(subscriber: Subscriber) -> str:
    """An outline for each subscription: `text` is the query, `kanbaoCadence` its own cadence as JSON."""
    lines = [_outline(held.query, held.cadence) for held in subscriber.subscriptions]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n<head><title>Kanbao</title></head>\n<body>\n'
    return head + "".join(f"{line}\n" for line in lines) + "</body>\n</opml>\n"


def _outline(query: str, cadence: Cadence | None) -> str:
    own = f" kanbaoCadence={quoteattr(json.dumps(plain_cadence(cadence)))}" if cadence else ""
    return f'<outline type="kanbao" text={quoteattr(query)}{own}/>'


def plain_cadence(cadence: Cadence) -> dict[str, Any]:
    return {"kind": cadence.kind, "times": list(cadence.times), "weekday": cadence.weekday, "day": cadence.day}


# ---------------------------------------------------------------------------------------------- reading
def read_import(content: bytes) -> ImportPlan:
    """What a JSON or OPML file would add. Raises ImportFileError."""
    if len(content) > MOST_BYTES:
        raise ImportFileError("too_big")
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise ImportFileError("not_text") from error
    entries, bad = (_opml_entries(text), []) if text.startswith("<") else _json_entries(text)
    if not entries:
        raise ImportFileError("no_list")
    if len(entries) + len(bad) > MOST_ENTRIES:
        raise ImportFileError("too_many")
    return _plan(entries, bad)


def _plan(entries: Sequence[tuple[str, Any]], bad: list[str]) -> ImportPlan:
    wanted: dict[QueryId, Wanted] = {}
    for text, cadence in entries:
        try:
            query = print_query(parse_query(text))
        except QueryError:
            bad.append(text)
            continue
        id = query_id(query)
        wanted.setdefault(id, Wanted(id, query, read_cadence(cadence)))
    return ImportPlan(tuple(wanted.values()), tuple(bad))


def _json_entries(text: str) -> tuple[list[tuple[str, Any]], list[str]]:
    """Of an export, or of a plain list of queries; and what in it is neither, as JSON."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise ImportFileError("bad_json", getattr(error, "lineno", 0)) from error
    except RecursionError as error:
        raise ImportFileError("bad_json") from error
    found = data.get("subscriptions") if isinstance(data, Mapping) else data
    entries, bad = list[tuple[str, Any]](), list[str]()
    for item in found if isinstance(found, list) else ():
        held = item if isinstance(item, Mapping) else {"query": item}
        if isinstance(held.get("query"), str):
            entries.append((held["query"], held.get("cadence")))
        else:
            bad.append(json.dumps(item, ensure_ascii=False))
    return entries, bad


def _opml_entries(text: str) -> list[tuple[str, Any]]:
    """Outlines without an address of a feed; folders of other programs are not queries either."""
    entries: list[tuple[str, Any]] = []
    parser = expat.ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:
        query = attributes.get("text", "").strip()
        if name == "outline" and attributes.get("type") == "kanbao" and query:
            entries.append((query, attributes.get("kanbaoCadence")))

    def refuse(*_: object) -> None:
        raise ImportFileError("bad_xml", parser.CurrentLineNumber)

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise ImportFileError("bad_xml", error.lineno) from error
    return entries


def read_cadence(data: Any) -> Cadence | None:
    """A cadence from a file, as JSON values or their text; None where there is none or it makes no sense."""
    if isinstance(data, str):
        try:
            data = json.loads(data)
        except ValueError:
            return None
    if not isinstance(data, Mapping) or data.get("kind") not in get_args(CadenceKind):
        return None
    times, weekday, day = data.get("times"), data.get("weekday", 0), data.get("day", 1)
    if (
        not isinstance(times, list)
        or not 1 <= len(times) <= 4
        or not all(_within(time, 0, MINUTES - 1) for time in times)
    ):
        return None
    if not _within(weekday, 0, 6) or not _within(day, 1, 31):
        return None
    return Cadence(data["kind"], tuple(sorted(set(times))), weekday, day)


def _within(value: Any, low: int, high: int) -> bool:
    return type(value) is int and low <= value <= high
