"""Why something went wrong, in one language: from reasons that stand in both, and from the few fixed English ones of the readers.

Pure. What is not known is shown as it is: a reason in the wrong language is better than none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import get_args

from digests.settle import OutcomeKind
from subscriptions import Language

Say = Callable[..., str]
"""`say(key, **params)`: the text `key` in the reader's language."""

BETWEEN = " / "

PROBLEMS = (
    (r"(?P<name>.*): not a text", "problem-not-text"),
    (r"(?P<name>.*): only the first (?P<limit>\d+) characters were read", "problem-cut"),
    (r"more than (?P<limit>\d+) lines: the rest was not read", "problem-lines"),
    (r"no text", "problem-no-text"),
    (r"no article found", "problem-no-article"),
)
"""What digests.reading notes of an issue."""

ALIAS_REASONS = (
    (r"aliases: not valid TOML: (?P<value>.*)", "alias-error-toml"),
    (r"aliases: expected only \[\[alias\]\] tables", "alias-error-tables"),
    (r"(?P<place>alias[^:]*): expected names = .*?, found (?P<value>.*)", "alias-error-entry"),
    (r"(?P<place>alias[^:]*): expected a list of two or more names, found (?P<value>.*)", "alias-error-list"),
    (r"(?P<place>alias[^:]*): expected names of two characters or more, found (?P<value>.*)", "alias-error-short"),
    (r"(?P<place>alias[^:]*): expected different names, found one twice", "alias-error-twice"),
    (r"(?P<place>alias[^:]*): expected a day such as [\d-]+, found (?P<value>.*)", "alias-error-day"),
)
"""What digests.aliases says of a table, after its place."""

_FOUND = r", found (?P<value>.*)"
TOPIC_REASONS = (
    (r"not valid TOML: (?P<value>.*)", "topic-error-toml"),
    (r"not UTF-8: (?P<value>.*)", "topic-error-utf8"),
    (r"(?P<field>[^:]+): unknown (?:key|field); expected one of (?P<value>.*)", "topic-error-unknown"),
    (rf"(?P<field>[^:]+): expected (?:a text that is|texts that are) not empty{_FOUND}", "topic-error-text"),
    (rf"(?P<field>[^:]+): expected a number above (?P<limit>[^,]+){_FOUND}", "topic-error-above"),
    (rf"(?P<field>[^:]+): expected a number{_FOUND}", "topic-error-number"),
    (rf"(?P<field>[^:]+): expected a list of texts such as .*?{_FOUND}", "topic-error-list"),
    (rf"(?P<field>[^:]+): expected a table with (?P<term>.*?){_FOUND}", "topic-error-table"),
    (r"terms: expected at least one group: .*", "topic-error-no-terms"),
    (r"terms: (?P<term>.*) stands there twice; .*", "topic-error-twice"),
    (r"terms: expected at most (?P<limit>\d+), found (?P<length>\d+)", "topic-error-many"),
    (rf"(?P<field>[^:]+): expected weight = .*?{_FOUND}", "topic-error-group"),
    (r"(?P<field>[^:]+)\.any: expected at least one term", "topic-error-empty"),
)
"""What digests.topics says of a definition."""


_CAUSE = re.compile(r"(?P<kind>[a-z_]+): (?P<said>.*?)(?P<doubt> \(possibly sent\))?", re.DOTALL)
"""What digests.settle notes of an attempt that failed."""
OWN_WORDS = (
    (r"its articles come with the next digest|not known to be sent|", ""),
    (r"HTTP (?P<status>\d+) without an answer of the Bot API", "cause-not-telegram"),
)
"""What stands there in Telegram's place; the first says no more than the kind."""


def delivery_cause(error: str, say: Say) -> str:
    """Why something was not delivered: what it means, and Telegram's own words behind it. What is not known stays as it is."""
    found = _CAUSE.fullmatch(error)
    if found is None or found["kind"] not in get_args(OutcomeKind):
        return error
    cause = say(f"cause-{found['kind'].replace('_', '-')}")
    if said := _said(found["said"], say):
        cause = say("cause-said", cause=cause, said=said)
    return say("cause-doubtful", cause=cause) if found["doubt"] else cause


def _said(words: str, say: Say) -> str:
    for pattern, key in OWN_WORDS:
        if found := re.fullmatch(pattern, words):
            return say(key, **found.groupdict()) if key else ""
    return words


def in_language(reason: str, language: Language) -> str:
    """The half of `中文 / English` that is meant for this reader; of several such pairs the half of each."""
    parts = reason.split("；")
    if not any(_has_both(part) for part in parts):
        return reason
    if language == "en":
        return "; ".join(part.rpartition(BETWEEN)[2] for part in parts if _has_both(part))
    return "；".join(part.rpartition(BETWEEN)[0] if _has_both(part) else part for part in parts)


def _has_both(text: str) -> bool:
    before, _, after = text.rpartition(BETWEEN)
    return bool(re.search(r"[\u4e00-\u9fff]", before)) and bool(re.search("[A-Za-z]", after))


def problem_text(problem: str, language: Language, say: Say) -> str:
    """A problem of an issue, or of the table of aliases, in the reader's words."""
    return _known(problem, (*PROBLEMS, *ALIAS_REASONS), say) or in_language(problem, language)


def topic_reason(reason: str, say: Say) -> str:
    """Why a topic's definition is wrong: which key, and what is expected there."""
    return _known(reason, TOPIC_REASONS, say) or reason


def _known(text: str, table: tuple[tuple[str, str], ...], say: Say) -> str | None:
    for pattern, key in table:
        if found := re.fullmatch(pattern, text, re.DOTALL):
            return say(key, **found.groupdict())
    return None
