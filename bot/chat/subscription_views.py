"""One subscription as a message: its cadence, what it brings, better wordings, the reasons of an article. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from html import escape

from bot.chat.cadences import choices, rows
from bot.chat.callbacks import DATA_LIMIT, REWRITE, ArticlePage, Narrow, Open, Own, Reword, short
from bot.chat.problems import shorten
from bot.chat.reader import Reader
from bot.chat.threads import offered
from bot.chat.view import Rows, View, grid
from bot.chat.wording import about, command, day_of, query_name, rate
from bot.services import Activity, Exclusion, Reason, Why
from digests.types import Button
from subscriptions import Subscription, cadence_of, query_id

INHERITED = " ↩"
SILENT = timedelta(days=60)
REASONS = 3
TERMS = 6
ALIASES = 2
OFFERED = 6
FIRST_WEEK = timedelta(days=7)
TITLE = 120
PASSAGE = 260


def own(reader: Reader, held: Subscription, screen: str, value: str = "") -> str:
    return Own(target=reader.target, query=short(held.query_id), screen=screen, value=value).pack()


def is_silent(reader: Reader, held: Subscription, activity: Activity) -> bool:
    """Sixty days old at least, and without a match in the last sixty."""
    return reader.now - max(held.created, activity.last or held.created) >= SILENT


def brings(reader: Reader, held: Subscription, activity: Activity) -> str:
    """Its last match and how many a week, in a few words. In its first week what came before it says nothing of it."""
    if reader.now - held.created < FIRST_WEEK:
        if activity.last is None or activity.last < held.created:
            return reader.t("brings-nothing-new")
        return reader.t("brings-new", day=day_of(reader, activity.last))
    if activity.last is None:
        return reader.t("brings-nothing")
    return reader.t("brings", day=day_of(reader, activity.last), rate=rate(reader, activity.per_week))


def subscription_view(reader: Reader, held: Subscription, activity: Activity) -> View:
    lines = [
        about(reader) + reader.t("own", name=query_name(reader, held.query, 200)),
        brings(reader, held, activity),
    ]
    if activity.title:
        lines.append(reader.t("own-newest", title=shorten(activity.title, TITLE)))
    if is_silent(reader, held, activity):
        lines.append(reader.t("own-silent"))
    lines.append(reader.t("own-foot") if held.cadence is None else reader.t("own-foot-own"))
    return View("\n".join(lines), (*_cadence_rows(reader, held), *_ways(reader, held, activity)))


def _cadence_rows(reader: Reader, held: Subscription) -> Rows:
    cadence = cadence_of(reader.subscriber, held)
    mark = INHERITED if held.cadence is None else ""
    made = rows(reader, cadence, lambda screen, value: own(reader, held, screen, value), mark)
    if held.cadence is None:
        return made
    return (*made, (Button(reader.plain("own-inherit"), own(reader, held, "inherit", "1")),))


def _ways(reader: Reader, held: Subscription, activity: Activity) -> Rows:
    names = ("last",) if activity.last is not None else ("reword",)
    buttons = [
        Button(reader.plain(f"own-{name}"), own(reader, held, name)) for name in (*names, "change", "share", "drop")
    ]
    back = Button(reader.plain("back"), Open(target=reader.target, screen="list").pack())
    return (*grid(buttons, 2), offered(reader, held), (back,))


def cadence_view(reader: Reader, held: Subscription, screen: str, value: str) -> View | None:
    """The choices behind a row of the cadence; None for a screen that does not exist."""
    cadence = cadence_of(reader.subscriber, held)
    found = choices(reader, cadence, screen, value, lambda screen, value: own(reader, held, screen, value))
    if found is None:
        return None
    head = reader.t("own", name=query_name(reader, held.query))
    return View(f"{about(reader)}{head}\n{found[0]}", (*found[1], back_row(reader, held)))


def back_row(reader: Reader, held: Subscription) -> tuple[Button, ...]:
    return (Button(reader.plain("back"), own(reader, held, "main")),)


def change_view(reader: Reader, held: Subscription) -> View:
    """How to write it anew: as a reply, or by a command ready to be copied."""
    number = next(n for n, one in enumerate(reader.subscriber.subscriptions, 1) if one.query_id == held.query_id)
    line = f"{command(reader, 'change')} {number} {held.query}"
    copy = ((Button(reader.plain("own-copy"), copy_text=line),),) if len(line) <= 256 else ()
    text = reader.t("own-change-how", command=line)
    back = Button(reader.plain("back"), own(reader, held, "main", REWRITE))
    return View(about(reader) + text, (*copy, (back,)))


def reword_view(reader: Reader, held: Subscription, proposals: Sequence[tuple[str, int]]) -> View:
    name = query_name(reader, held.query)
    if not proposals:
        return View(about(reader) + reader.t("own-reword-none", name=name), (back_row(reader, held),))
    lines = [reader.t("own-reword-head", name=name)]
    buttons = []
    for text, articles in proposals:
        lines.append(reader.t("own-reword-line", query=shorten(text, 100), articles=articles))
        data = Reword(target=reader.target, query=short(held.query_id), to=short(query_id(text)))
        buttons.append(Button(shorten(text, 40), data.pack()))
    return View(about(reader) + "\n".join(lines), (*grid(buttons, 1), back_row(reader, held)))


# ---------------------------------------------------------------------------------------------- reasons
def why_view(reader: Reader, why: Why, back: tuple[Button, ...] = ()) -> View:
    head = reader.t("why", title=shorten(why.title, TITLE), place=_place(reader, why))
    shown = [_reason(reader, reason) for reason in why.reasons[:REASONS]]
    return View("\n\n".join((head, *(shown or [reader.t("why-unknown")]))), (back,) if back else ())


def _place(reader: Reader, why: Why) -> str:
    page = reader.plain("why-page", page=why.page) if why.page else ""
    return " ".join(part for part in (shorten(why.issue, 60), page) if part) or reader.plain("why-no-place")


def _reason(reader: Reader, reason: Reason) -> str:
    lines = [reader.t("why-query", query=query_name(reader, reason.query, 200))]
    if reason.terms:
        terms = reader.plain("list-separator").join(shorten(term, 40) for term in reason.terms[:TERMS])
        lines.append(reader.t("why-terms", terms=terms))
    lines += [
        reader.t("why-alias", term=shorten(term, 40), name=shorten(name, 40)) for term, name in reason.aliases[:ALIASES]
    ]
    if reason.passage:
        lines.append(f"<blockquote>{_marked(reason)}</blockquote>")
    return "\n".join(lines)


def _marked(reason: Reason) -> str:
    text, parts, at = reason.passage[:PASSAGE], [], 0
    for start, end in reason.marks:
        if at <= start and end <= len(text):
            parts += [escape(text[at:start], quote=False), f"<b>{escape(text[start:end], quote=False)}</b>"]
            at = end
    return "".join((*parts, escape(text[at:], quote=False)))


def article_back(reader: Reader, delivery: str, item: int) -> tuple[Button, ...]:
    return (Button(reader.plain("back"), ArticlePage(delivery=delivery, item=item, page=0).pack()),)


# ---------------------------------------------------------------------------------------------- exclusions
def narrow_button(reader: Reader, query: str, word: str, head: str = "") -> Button | None:
    """A button -word, after `head`; None where the word is too long for one. `query`: the whole id."""
    data = f"{Narrow.__prefix__}:{reader.target}:{short(query)}:{word}"
    fits = ":" not in word and len(data.encode()) <= DATA_LIMIT
    return Button(f"{head}-{word}", data) if fits else None


def exclusions_view(reader: Reader, found: Sequence[Exclusion], back: tuple[Button, ...]) -> View:
    """What would have kept an article out, each with what else it would have hidden; one tap takes it. The same word may
    be offered for several subscriptions: then these are numbered, and so are their buttons."""
    held = {one.query_id for one in reader.subscriber.subscriptions}
    usable = [one for one in found if one.query_id in held and narrow_button(reader, one.query_id, one.word)][:OFFERED]
    if not usable:
        return View(reader.t("unrelated-none"), (back,))
    lines, rows = [reader.t("unrelated")], list[tuple[Button, ...]]()
    queries = list(dict.fromkeys(one.query_id for one in usable))
    for number, query in enumerate(queries, 1):
        head = f"{number}. " if len(queries) > 1 else ""
        own = [one for one in usable if one.query_id == query]
        lines.append(f"\n{head}" + reader.t("unrelated-query", query=query_name(reader, own[0].query)))
        for one in own:
            lines.append(reader.t("unrelated-line", word=one.word, issues=one.issues, hidden=one.hidden))
            lines += [reader.t("unrelated-sample", title=shorten(title, 60)) for title in one.samples]
        buttons = (narrow_button(reader, query, one.word, head) for one in own)
        rows += grid([button for button in buttons if button is not None], 2)
    return View("\n".join(lines), (*rows, back))
