"""Building an index in a process of its own, so that neither the automaton's memory nor its time is the caller's.

What comes back is sent and taken in parts that hold the interpreter for some milliseconds each; the automaton, the
largest, as the bytes that it reads without holding it. The child ends with the pipe, whatever becomes of its parent.
"""

from __future__ import annotations

from dataclasses import fields
from multiprocessing import get_context
from multiprocessing.connection import Connection

from daachorse import CharwiseDoubleArrayAhoCorasick

from subscriptions.aliases import AliasTable
from subscriptions.matcher_compile import build_index
from subscriptions.matcher_index import Index
from subscriptions.matcher_texts import Texts

WORTH = 20_000
"""So many queries, about .2 s of building, are worth starting a process."""


def build_apart(texts: Texts, aliases: AliasTable) -> Index:
    """The index, built by a child where that is worth it. Call it in a thread. Raises ChildProcessError if the child dies."""
    if len(texts) < WORTH:
        return build_index(texts, aliases)
    context = get_context("spawn")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=send_index, args=(there, texts, aliases), daemon=True)
    child.start()
    there.close()
    try:
        return receive_index(here, texts)
    except EOFError as error:
        raise ChildProcessError(f"the process that built an index of {len(texts)} queries ended") from error
    finally:
        here.close()
        child.join()


def send_index(there: Connection, texts: Texts, aliases: AliasTable) -> None:
    """Build, then send every part; the texts stay where they came from."""
    index = build_index(texts, aliases)
    there.send_bytes(index.automaton.serialize() if index.automaton is not None else b"")
    for field in _PARTS:
        there.send(getattr(index, field))
    there.close()


def receive_index(here: Connection, texts: Texts) -> Index:
    """What `send_index` sends, as it comes. Raises EOFError where it ends too soon."""
    automaton = here.recv_bytes()
    parts = {field: here.recv() for field in _PARTS}
    return Index(texts, CharwiseDoubleArrayAhoCorasick.deserialize(automaton) if automaton else None, **parts)


_PARTS = tuple(field.name for field in fields(Index) if field.name not in {"texts", "automaton"})
