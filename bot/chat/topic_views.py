"""Topics as buttons: which there are, which are held, and what a person means by a topic's name. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.callbacks import Open, SwitchTopic, short
from bot.chat.problems import RefusedError, shorten
from bot.chat.reader import Reader
from bot.chat.view import View, grid
from bot.chat.wording import about
from bot.topic_names import names_in
from digests.topics import Topic
from digests.types import Button
from subscriptions import QueryId, Subscriber, fold, iter_atoms, parse_query, print_query, query_id
from subscriptions import Topic as InTopic

PER_PAGE = 12


def topic_query(name: str) -> str:
    """The canonical query that stands for a topic."""
    return print_query(parse_query(f"#{name}"))


def topic_id(name: str) -> QueryId:
    return query_id(topic_query(name))


def find_topic(topics: Sequence[Topic], text: str) -> Topic | None:
    """The topic whose name, in either language and either script, is all that `text` says."""
    wanted = _fold(text)
    return next((topic for topic in topics if wanted and wanted in (_fold(topic.name), _fold(topic.name_en))), None)


def unknown_topic(topics: Sequence[Topic], query: str) -> str | None:
    """A topic that the query names and that there is not: it would never find what is meant. Raises QueryError."""
    known = {_fold(topic.name) for topic in topics}
    named = (atom.name for atom, _ in iter_atoms(parse_query(query)) if isinstance(atom, InTopic))
    return next((name for name in named if _fold(name) not in known), None)


def refuse_unknown_topic(topics: Sequence[Topic], query: str) -> None:
    """Raises RefusedError for a query with such a topic, QueryError for none."""
    unknown = unknown_topic(topics, query)
    if unknown is not None:
        raise RefusedError("refused-topic-unknown", topic=shorten(unknown, 30))


def find_short(topics: Sequence[Topic], short_id: str) -> Topic | None:
    return next((topic for topic in topics if short(topic_id(topic.name)) == short_id), None)


def _fold(text: str) -> str:
    return fold(text).removeprefix("#").strip()


def label(reader: Reader, topic: Topic) -> str:
    return names_in(reader.language, [topic]).get(topic.name, topic.name)


def holds(subscriber: Subscriber, topic: Topic) -> bool:
    wanted = topic_id(topic.name)
    return any(held.query_id == wanted for held in subscriber.subscriptions)


def topic_rows(reader: Reader, topics: Sequence[Topic], page: int) -> tuple[tuple[Button, ...], ...]:
    """Two to a row, with a tick on those held, and the way to other pages."""
    shown = topics[page * PER_PAGE : (page + 1) * PER_PAGE]
    buttons = [_switch(reader, topic, page) for topic in shown]
    return (*grid(buttons, 2), *pager(reader, "topics", page, len(topics), PER_PAGE))


def _switch(reader: Reader, topic: Topic, page: int) -> Button:
    tick = "✓ " if holds(reader.subscriber, topic) else ""
    data = SwitchTopic(target=reader.target, topic=short(topic_id(topic.name)), page=page)
    return Button(tick + label(reader, topic), data.pack())


def onward(reader: Reader) -> tuple[Button, ...]:
    """Where to go from what is chosen: what is held, and what else there is."""
    return tuple(
        Button(reader.plain(f"open-{screen}"), Open(target=reader.target, screen=screen).pack())
        for screen in ("list", "help")
    )


def pager(reader: Reader, screen: str, page: int, total: int, per_page: int) -> tuple[tuple[Button, ...], ...]:
    """One row ‹ 2/5 › as far as there are more pages."""
    pages = -(-total // per_page)
    if pages <= 1:
        return ()
    row = []
    if page > 0:
        row.append(_turn(reader, "page-previous", screen, page - 1))
    if page < pages - 1:
        row.append(_turn(reader, "page-next", screen, page + 1))
    return (tuple(row),)


def _turn(reader: Reader, key: str, screen: str, page: int) -> Button:
    return Button(reader.plain(key), Open(target=reader.target, screen=screen, page=page).pack())


def topics_view(reader: Reader, topics: Sequence[Topic], page: int = 0) -> View:
    if not topics:
        return View(reader.t("topics-none"))
    page = max(0, min(page, (len(topics) - 1) // PER_PAGE))
    count = sum(holds(reader.subscriber, topic) for topic in topics)
    return View(about(reader) + reader.t("topics", count=count), (*topic_rows(reader, topics, page), onward(reader)))
