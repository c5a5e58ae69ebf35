"""What buttons carry: typed callback data, at most 64 bytes each (aiogram refuses more when it packs them).

`target` is "" for the chat in which the button stands, or the id of a channel that is run from a private chat; the
reader of that id is checked for its rights at each tap. Queries and topics are named by the first 16 digits of their id.
"""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from subscriptions import QueryId

SHORT_ID = 16
REWRITE = "rewrite"
"""Marks a screen that is answered with a new wording."""
DATA_LIMIT = 64
"""Bytes of callback data."""


def short(query: QueryId) -> str:
    return query[:SHORT_ID]


class Open(CallbackData, prefix="m"):
    """Show a screen in place: topics, list, unsubscribe, settings, help, search, test, account, import, backfill; or do what needs no more
    words: digest, export, forget. `page` from 0."""

    target: str
    screen: str
    page: int = 0


class SwitchTopic(CallbackData, prefix="t"):
    """Hold the topic or not; `topic`: short id of its query; back to page `page`."""

    target: str
    topic: str
    page: int


class Drop(CallbackData, prefix="x"):
    """Give up a subscription. `page` -1: from the answer to /subscribe, else from a page of the picker."""

    target: str
    query: str
    page: int = -1


class Keep(CallbackData, prefix="k"):
    """Leave the subscription as it is, and take the buttons away."""

    target: str


class AsKeyword(CallbackData, prefix="w"):
    """Take a topic's name as a keyword instead."""

    target: str
    topic: str


class Take(CallbackData, prefix="q"):
    """Subscribe to the short text that was typed without a command."""

    target: str
    text: str


def take_data(target: str, text: str) -> str | None:
    """What a button holds that subscribes to `text`; None where that is too long. A colon parts the fields of a button: the
    full-width one means the same in a query, as a blank does for a line's end."""
    data = f"{Take.__prefix__}:{target}:{text.replace(':', '：').replace(chr(10), ' ')}"
    return data if len(data.encode()) <= DATA_LIMIT else None


class Set(CallbackData, prefix="s"):
    """A settings screen, or with `value` a change there."""

    target: str
    screen: str
    value: str = ""


class Resume(CallbackData, prefix="r"):
    target: str


class Forget(CallbackData, prefix="f"):
    target: str
    sure: bool


class Backfill(CallbackData, prefix="b"):
    """What the newest `issues` issues have for this reader."""

    target: str
    issues: int


class DigestPage(CallbackData, prefix="d"):
    delivery: str
    page: int


class ArticlePage(CallbackData, prefix="a"):
    delivery: str
    item: int
    page: int


class SearchResults(CallbackData, prefix="sr"):
    """Page `page` of a search, narrowed to a paper (its key, or "") and a year (or 0)."""

    token: str
    paper: str
    year: int
    page: int


class SearchArticle(CallbackData, prefix="sa"):
    """Page `part` of the full text of article `number`, opened from a page of results."""

    token: str
    paper: str
    year: int
    page: int
    number: int
    part: int


class IssueList(CallbackData, prefix="il"):
    page: int = 0


class IssuePage(CallbackData, prefix="i"):
    issue: str
    page: int


class PlanPush(CallbackData, prefix="pu"):
    issue: str


class Confirm(CallbackData, prefix="p"):
    """A planned push, broadcast or recall: `step` is yes, no, test or report; yes names the `readers` that were shown, `way` how
    it is to be sent (Batch.way), and `at` the moment, seconds since 1970, if it is to be sent later."""

    batch: str
    step: str
    readers: int = 0
    at: int = 0
    way: str = ""


class Look(CallbackData, prefix="lk"):
    """The preview for reader `place` of those chosen; -1: shown in a message of its own."""

    batch: str
    place: int


class Aim(CallbackData, prefix="am"):
    """Whom a plan is for: `what` is ask (the question), main, topic, cadence, language or place; with `value` that is chosen."""

    batch: str
    what: str
    value: str = ""


class Way(CallbackData, prefix="wy"):
    """How a plan is to be sent: `what` is paid or once."""

    batch: str
    what: str
    on: bool


class Later(CallbackData, prefix="lt"):
    """When to send: a day (ordinal), then half an hour of it."""

    batch: str
    day: int = 0


class HoldBack(CallbackData, prefix="hb"):
    """Pause, go on with or stop what is being sent: `hold` is paused, resumed or stopped."""

    batch: str
    hold: str


class Recall(CallbackData, prefix="rc"):
    """Recall what a push sent."""

    batch: str


class Acknowledge(CallbackData, prefix="ak"):
    """An alarm of this kind is known."""

    kind: str


class DeadLetter(CallbackData, prefix="dl"):
    """A delivery that failed for good: `step` is retry, drop or, for all of them, retry-all; show: the list anew."""

    step: str
    delivery: str = ""
    subscriber: str = ""


class DropDead(CallbackData, prefix="dd"):
    """Take all dead letters off the list that had failed by `until`, seconds since 1970, when it was asked; 0: ask."""

    until: int = 0


class ShowTopic(CallbackData, prefix="ts"):
    topic: str


class RemoveTopic(CallbackData, prefix="tr"):
    topic: str
    sure: bool


class Own(CallbackData, prefix="o"):
    """One subscription: its screen, a choice there, or with `value` a change. `screen` main, one of a cadence, inherit, last,
    reword, change, share, thread or drop. `value` rewrite: below a screen that is answered with a new wording."""

    target: str
    query: str
    screen: str
    value: str = ""


class Narrow(CallbackData, prefix="n"):
    """Exclude `word` from the subscription."""

    target: str
    query: str
    word: str


class Reword(CallbackData, prefix="rw"):
    """The subscription's query becomes the proposed one whose short id is `to`."""

    target: str
    query: str
    to: str


class WhySent(CallbackData, prefix="y"):
    """Why an article of a digest was sent."""

    delivery: str
    item: int


class Unrelated(CallbackData, prefix="u"):
    """An article of a digest that has nothing to do with what was meant."""

    delivery: str
    item: int


class Words(CallbackData, prefix="wd"):
    """What to do with the words that the message answers: `do` is subscribe, test or search."""

    do: str


class Suggested(CallbackData, prefix="sg"):
    """The answer to a suggested word: `step` is yes, no, or off (no more suggestions)."""

    step: str
    word: str


class TakeShared(CallbackData, prefix="z"):
    """Subscribe to the stored query of this whole id, which a link offered."""

    query: str


class Import(CallbackData, prefix="im"):
    """Add what the file holds that the message answers, or not."""

    sure: bool


class OpenSources(CallbackData, prefix="so"):
    """The list of sources."""


class OpenSource(CallbackData, prefix="si"):
    """A source by the short id of its name; `do`: show, pause, resume, remove (asks), gone (removes)."""

    source: str
    do: str


class AddSource(CallbackData, prefix="sn"):
    """Watch the address that the message shows, or not. `named`: its name is the paper's."""

    kind: str
    profile: str = ""
    named: bool = False
