"""Building an index in a process of its own, so that neither the automaton's memory nor its time is the caller's.

The queries go to the child as the raw bytes they are, and what comes back is taken in parts that hold the interpreter
for some milliseconds each; the automaton, the largest, as the bytes that it reads without holding it. The child ends
with the pipe, whatever becomes of its parent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from multiprocessing import get_context
from multiprocessing.connection import Connection

from daachorse import CharwiseDoubleArrayAhoCorasick

from subscriptions.aliases import AliasTable
from subscriptions.matcher_compile import build_automata, build_index, compile_queries
from subscriptions.matcher_index import Index
from subscriptions.matcher_texts import Texts, in_order
from subscriptions.types import QueryPage

WORTH = 20_000
"""So many queries, about .2 s of building, are worth starting a process."""


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
    """Take pages, build, send every part; what is sent is let go before the automata take their memory."""
    index, patterns = compile_queries(in_order(receive_pages(there)), aliases)
    send_pages(there, [index.texts])
    for field in _PARTS:
        there.send(getattr(index, field))
    del index
    for first, automaton in build_automata(patterns):
        there.send(first)
        there.send_bytes(automaton.serialize())
    there.send(None)
    there.close()


def receive_index(here: Connection) -> Index:
    """What `serve_index` sends, as it comes. Raises EOFError where it ends too soon."""
    (page,) = receive_pages(here)
    index = Index(Texts.of(page), [], **{field: here.recv() for field in _PARTS})
    while (first := here.recv()) is not None:
        index.automata.append((first, CharwiseDoubleArrayAhoCorasick.deserialize(here.recv_bytes())))
    return index


_PARTS = tuple(field.name for field in fields(Index) if field.name not in {"texts", "automata"})
