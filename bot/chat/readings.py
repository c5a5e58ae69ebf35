"""What an enumeration may mean: 储能、光伏 asks for both or for either, and only the reader knows. Pure; offered as two buttons."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.chat.callbacks import take_data
from bot.chat.problems import shorten
from bot.chat.reader import Reader
from bot.chat.topic_views import find_topic, topic_query
from bot.chat.view import View
from bot.chat.wording import about
from digests.topics import Topic
from digests.types import Button

MOST_PARTS = 6
LABEL = 40

_COMMAS = re.compile(r"\s*[、，；]\s*|\s*[,;](?!\d)\s*")
_AND = re.compile(r"\s*(?:以及|还有|還有|和|与|與|及|跟)\s*")
_OPERATORS = re.compile(r'[|｜()（）"“”「」:：~～<>＜＞=＝≥≤#＃]|(?:^|\s)[-－]')


def either_or_both(reader: Reader, known: Sequence[Topic], text: str) -> View | None:
    """The question with its two answers; None where `text` enumerates nothing, or says itself how, or fits no button."""
    parts = enumerated(known, text)
    written = [_written(known, part) for part in parts]
    offered = []
    for key, link in (("both", " "), ("either", "|")):
        query = link.join(written)
        data = take_data(reader.target, query) if parts else None
        if data is None:
            return None
        offered.append((Button(reader.plain(f"enumerated-{key}", query=shorten(query, LABEL)), data),))
    return View(about(reader) + reader.t("enumerated", words=shorten(text, 60)), tuple(offered))


def enumerated(known: Sequence[Topic], text: str) -> tuple[str, ...]:
    """The parts of 储能、光伏 or of 储能和光伏; the second way only between topics, for 和 is a part of many words."""
    if _OPERATORS.search(text):
        return ()
    parts = _parts(_COMMAS, text)
    if len(parts) == 1:
        parts = _parts(_AND, text)
        parts = parts if all(find_topic(known, part) for part in parts) else ()
    return parts if 1 < len(parts) <= MOST_PARTS else ()


def _parts(links: re.Pattern[str], text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in links.split(text.strip()) if part))


def _written(known: Sequence[Topic], part: str) -> str:
    """A part as one item of a query."""
    topic = find_topic(known, part)
    if topic is not None:
        return topic_query(topic.name)
    return f'"{part}"' if " " in part else part
