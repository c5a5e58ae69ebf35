"""Topics as TOML text: what editors write in `digests/topics/*.toml` and admins send with /topic.

Pure. `parse_topic(print_topic(t)) == t` for every topic. Every refusal names the key and what was expected there, because
an admin reads it in a chat.
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Mapping
from typing import Any

from digests.errors import TopicError
from digests.topics.types import FieldWeights, Topic

_KEYS = ("name", "name_en", "definition", "threshold", "excludes", "weights", "terms")
_FIELDS = ("title", "lead", "body")
_MAX_TERMS = 2000


def parse_topic(toml: str) -> Topic:
    """Read one definition. Raises TopicError with the topic's name ("?" where unknown), the key and what was expected."""
    try:
        table = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise TopicError("?", f"not valid TOML: {error}") from error
    name = _text(table, "name", "?")
    for key in table:
        if key not in _KEYS:
            raise TopicError(name, f"{key}: unknown key; expected one of {', '.join(_KEYS)}")
    return Topic(
        name=name,
        name_en=_text(table, "name_en", name),
        definition=_text(table, "definition", name),
        terms=_terms(table, name),
        excludes=_phrases(table.get("excludes", []), "excludes", name),
        weights=_weights(table.get("weights", {}), name),
        threshold=_number(table.get("threshold", 0.5), "threshold", name, above=0.0),
    )


def print_topic(topic: Topic) -> str:
    """The definition as TOML that `parse_topic` reads back to an equal topic."""
    lines = [
        f"name = {_quote(topic.name)}",
        f"name_en = {_quote(topic.name_en)}",
        f"definition = {_quote(topic.definition)}",
        f"threshold = {topic.threshold!r}",
        f"excludes = {_array(topic.excludes)}",
        "",
        "[weights]",
        *(f"{name} = {getattr(topic.weights, name)!r}" for name in _FIELDS),
    ]
    for weight, terms in _runs(topic.terms):
        lines += ["", "[[terms]]", f"weight = {weight!r}", f"any = {_array(terms)}"]
    return "\n".join(lines) + "\n"


def _runs(terms: tuple[tuple[str, float], ...]) -> list[tuple[float, list[str]]]:
    runs: list[tuple[float, list[str]]] = []
    for term, weight in terms:
        if not runs or runs[-1][0] != weight:
            runs.append((weight, []))
        runs[-1][1].append(term)
    return runs


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _array(items: tuple[str, ...] | list[str]) -> str:
    return "[" + ", ".join(map(_quote, items)) + "]"


def _text(table: Mapping[str, Any], key: str, topic: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise TopicError(topic, f"{key}: expected a text that is not empty, found {value!r}")
    return value


def _number(value: object, key: str, topic: str, above: float | None = None) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e6:
        raise TopicError(topic, f"{key}: expected a number, found {value!r}")
    if above is not None and value <= above:
        raise TopicError(topic, f"{key}: expected a number above {above:g}, found {value!r}")
    return float(value)


def _phrases(value: object, key: str, topic: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TopicError(topic, f'{key}: expected a list of texts such as ["…", "…"], found {value!r}')
    for item in value:
        if not isinstance(item, str) or not item.strip():
            raise TopicError(topic, f"{key}: expected texts that are not empty, found {item!r}")
    return tuple(value)


def _weights(value: object, topic: str) -> FieldWeights:
    if not isinstance(value, dict):
        raise TopicError(topic, f"weights: expected a table with {', '.join(_FIELDS)}, found {value!r}")
    for key in value:
        if key not in _FIELDS:
            raise TopicError(topic, f"weights.{key}: unknown field; expected one of {', '.join(_FIELDS)}")
    return FieldWeights(**{key: _number(item, f"weights.{key}", topic) for key, item in value.items()})


def _terms(table: Mapping[str, Any], topic: str) -> tuple[tuple[str, float], ...]:
    groups = table.get("terms")
    if not isinstance(groups, list) or not groups:
        raise TopicError(topic, 'terms: expected at least one group: [[terms]], weight = 3, any = ["…"]')
    terms: list[tuple[str, float]] = []
    for number, group in enumerate(groups, 1):
        terms += _group(group, f"terms[{number}]", topic)
    twice = [term for term, count in Counter(term for term, _ in terms).items() if count > 1]
    if twice:
        raise TopicError(topic, f"terms: {twice[0]!r} stands there twice; expected every term once")
    if len(terms) > _MAX_TERMS:
        raise TopicError(topic, f"terms: expected at most {_MAX_TERMS}, found {len(terms)}")
    return tuple(terms)


def _group(group: object, key: str, topic: str) -> list[tuple[str, float]]:
    if not isinstance(group, dict) or set(group) != {"weight", "any"}:
        raise TopicError(topic, f'{key}: expected weight = <number> and any = ["…"], found {group!r}')
    weight = _number(group["weight"], f"{key}.weight", topic)
    phrases = _phrases(group["any"], f"{key}.any", topic)
    if not phrases:
        raise TopicError(topic, f"{key}.any: expected at least one term")
    return [(phrase, weight) for phrase in phrases]
