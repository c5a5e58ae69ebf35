"""Building an index in a process of its own, so that neither its time nor the memory it takes is the caller's.

The queries go to the child as the raw bytes they are, and what comes back is taken in parts that hold the interpreter
for some milliseconds each. The child ends with the pipe, whatever becomes of its parent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from multiprocessing import get_context
from multiprocessing.connection import Connection

from subscriptions.aliases import AliasTable
from subscriptions.matcher_compile import build_index
from subscriptions.matcher_index import Index
from subscriptions.matcher_strings import Level, Strings
from subscriptions.matcher_texts import Texts, in_order
from subscriptions.types import QueryPage

WORTH = 20_000
"""So many queries, about .1 s of building, are worth starting a process."""


def build_apart(pages: Sequence[QueryPage], aliases: AliasTable) -> Index:
    """The index, built by a child where that is worth it. Call it in a thread. Raises ChildProcessError if the child dies."""
    queries = sum(map(len, pages))
    if queries < WORTH:
        return build_index(in_order(pages), aliases)
    context = get_context("spawn")
    here, there = context.Pipe()
    child = context.Process(target=serve_index, args=(there, aliases), daemon=True)
    child.start()
    there.close()
    try:
        send_pages(here, pages)
        return receive_index(here)
    except (EOFError, OSError) as error:
        raise ChildProcessError(f"the process that built an index of {queries} queries ended") from error
    finally:
        here.close()
        child.join()


def send_pages(there: Connection, pages: Sequence[QueryPage]) -> None:
    there.send(len(pages))
    for page in pages:
        there.send_bytes(page.ids)
        there.send_bytes(page.blob)


def receive_pages(here: Connection) -> list[QueryPage]:
    return [QueryPage(here.recv_bytes(), here.recv_bytes()) for _ in range(here.recv())]


def serve_index(there: Connection, aliases: AliasTable) -> None:
    """Take pages, build, send every part."""
    index = build_index(in_order(receive_pages(there)), aliases)
    send_pages(there, [index.texts])
    for field in _PARTS:
        there.send(getattr(index, field))
    there.send(index.strings.single)
    there.send(index.strings.beginnings)
    there.send(len(index.strings.levels))
    for level in index.strings.levels:
        there.send(level.first)
        there.send(level.keys)
        there.send(level.under)
    there.close()


def receive_index(here: Connection) -> Index:
    """What `serve_index` sends, as it comes. Raises EOFError where it ends too soon."""
    (page,) = receive_pages(here)
    parts = {field: here.recv() for field in _PARTS}
    single, beginnings = here.recv(), here.recv()
    levels = tuple(Level(here.recv(), here.recv(), here.recv()) for _ in range(here.recv()))
    return Index(Texts.of(page), Strings(beginnings, single, levels), **parts)


_PARTS = tuple(field.name for field in fields(Index) if field.name not in {"texts", "strings"})
