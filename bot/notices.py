"""What the service tells its admins, through the outbox like everything else: a file that cannot be read, an alarm.

Each notice has an id that follows from what it says, so none is told twice. Who has not pressed Start yet, or has blocked the bot, is told
what was missed once they do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.reasons import delivery_cause, problem_text
from bot.texts import Texts
from digests.compose import TEXT_KEY, Stores, delivery_id
from digests.html import html_escape
from digests.ports import AdminStore
from digests.types import Batch, Button, Delivery, Issue
from subscriptions import Language, subscriber_id

REASON_LENGTH = 500
PROBLEMS = 5
LATE = "alarm-late"
"""How it begins what an admin knows of a source whose issue is late."""
TOLD_FOR = timedelta(hours=1)
"""After so long an alarm is told again."""
MISSED_FOR = timedelta(days=7)
MISSED_MOST = 10
"""Of what an admin could not be told in that time, so many of the newest are told later."""
Rows = tuple[tuple[Button, ...], ...]
ENDS = ("sent", "paused", "failed", "expired", "stopped")


class Notices:
    """`admins`: Telegram user ids; a private chat has its user's id."""

    def __init__(self, stores: Stores, admin: AdminStore, texts: Texts, admins: frozenset[int]) -> None:
        self._stores, self._admin, self._texts, self._admins = stores, admin, texts, admins

    async def unreadable(self, key: str, reason: str, now: datetime) -> None:
        await self._tell("notice-unreadable", f"{key}\0{reason}", now, (reason,), key=html_escape(key))

    async def doubtful(self, key: str, issue: Issue, now: datetime) -> None:
        """A file that was read without an article, or with problems."""
        text = "notice-problems" if issue.articles else "notice-no-article"
        shown, count = issue.problems[:PROBLEMS], str(len(issue.problems))
        await self._tell(text, f"{key}\0{issue.problems}", now, shown, key=html_escape(key), count=count)

    async def alarm(self, error: str, now: datetime) -> None:
        """At most once an hour for the same words, until an admin says that it is known."""
        kind = hashlib.blake2b(error.encode(), digest_size=8).hexdigest()
        if not await self._is_told(kind):
            button = ("alarm-ack", f"ak:{kind}")
            await self._tell("notice-alarm", f"{error}\0{now:%Y%m%d%H%M}", now, (error,), (button,))
            await self._admin.once(_told(kind), TOLD_FOR)

    async def warn(self, wrong: Mapping[str, Mapping[str, str]], now: datetime) -> bool:
        """What ails the service, by text key: each kind at most once an hour, until an admin says that it is known. All of it is
        one message: only the first of a chat goes before a backlog. Answers whether there was anything to tell."""
        new = {key: params for key, params in wrong.items() if not await self._is_told(key)}
        if not new:
            return False

        def made(language: Language) -> tuple[str, Rows]:
            say = partial(self._texts.get, language)
            label = {key: say("alarm-ack-of", what=say("audit-of-alarm", value=key)) for key in new}
            rows = [(Button(label[key] if len(new) > 1 else say("alarm-ack"), f"ak:{key}"),) for key in new]
            return "\n\n".join(say(key, **params) for key, params in new.items()), tuple(rows)

        await self._send(" ".join(new), f"{now:%Y%m%d%H%M}", now, made)
        for key in new:  # a crash before that tells them once more, and loses none
            await self._admin.once(_told(key), TOLD_FOR)
        return True

    async def _is_told(self, kind: str) -> bool:
        return await self._admin.is_taken(acknowledged(kind)) or await self._admin.is_taken(_told(kind))

    async def well(self, text: str) -> None:
        """What an admin may have said to know of is over: the next time it is told again."""
        await self._admin.give_up(acknowledged(text))

    async def failing(self, batch: str, now: datetime, **params: str) -> None:
        """A push has stopped itself: once for each time."""
        buttons = (("push-resume", f"hb:{batch}:resumed"), ("push-stop", f"hb:{batch}:stopped"))
        await self._tell("alarm-push-failing", f"{batch}\0{now}", now, (), buttons, **params)

    async def ended(
        self, batch: Batch, states: Mapping[str, int], took: timedelta, now: datetime, cost: str = "none"
    ) -> None:
        """The report, to the admin who began it. `cost`: Stars at most, or none."""
        counts = {state: str(states.get(state, 0)) for state in ENDS}
        if batch.kind != "recall":
            counts |= {"stars": cost, "uncertain": str(states.get("uncertain", 0))}
        text = f"notice-ended-{batch.kind}"
        minutes = str(max(1, round(took / timedelta(minutes=1))))
        await self._tell(text, batch.id, now, (), (), frozenset({batch.actor}), minutes=minutes, **counts)

    async def late(self, source: str, paper: str, day: str, now: datetime) -> None:
        """Once for each day of each source, until an admin says that it is known."""
        kind = _late(source)
        if not await self._admin.is_taken(acknowledged(kind)):
            button = ("alarm-ack", f"ak:{kind}")
            await self._tell("notice-late", f"{source}\0{day}", now, (), (button,), paper=html_escape(paper), day=day)

    async def came_late(self, source: str, paper: str, day: str, now: datetime) -> None:
        """Once for each day of each source; the next one that is late is told of again."""
        await self.well(_late(source))
        await self._tell("notice-came-late", f"{source}\0{day}", now, paper=html_escape(paper), day=day)

    async def missing(self, source: str, paper: str, number: int, now: datetime) -> None:
        """Once for each number of each source."""
        await self._tell("notice-missing", f"{source}\0{number}", now, paper=html_escape(paper), number=str(number))

    async def _tell(
        self,
        text: str,
        seed: str,
        now: datetime,
        reasons: Sequence[str] = (),
        buttons: Sequence[tuple[str, str]] = (),
        to: frozenset[int] = frozenset(),
        /,
        **params: str,
    ) -> None:
        """`reasons`: as they came, to be told in each admin's language. `buttons`: text key and callback data. `to`: else all."""

        def made(language: Language) -> tuple[str, Rows]:
            why = self._reason(reasons, language)
            html = self._texts.get(language, text, reason=html_escape(why[:REASON_LENGTH]), **params)
            row = tuple(Button(self._texts.get(language, key), data) for key, data in buttons)
            return html, (row,) if row else ()

        await self._send(text, seed, now, made, to)

    async def _send(
        self,
        text: str,
        seed: str,
        now: datetime,
        made: Callable[[Language], tuple[str, Rows]],
        to: frozenset[int] = frozenset(),
    ) -> None:
        """`text`, `seed`: what its id follows from. `made`: its words and buttons in a language. `to`: else all."""
        ids = [subscriber_id(user) for user in sorted(to or self._admins)]
        known = {reader.id: reader for reader in await self._stores.subscribers.get_subscribers(ids)}
        notices = []
        for id in ids:
            html, rows = made(known[id].settings.language if id in known else "zh-Hans")
            token = hashlib.blake2b(f"{text}\0{id}\0{seed}".encode(), digest_size=8).hexdigest()
            notices.append(Delivery(token, id, "notice", now, html=html, buttons=rows))
        await self._stores.outbox.put(notices, now, first=True)  # an alarm about a backlog must not wait behind it

    def _reason(self, reasons: Sequence[str], language: Language) -> str:
        say = partial(self._texts.get, language)
        return "\n".join(delivery_cause(problem_text(reason, language, say), say) for reason in reasons)


def missed(ledger: Sequence[Delivery], now: datetime, say: Callable[..., str], zone: ZoneInfo) -> list[Delivery]:
    """What an admin whom we could not write to was to be told, of a reader's `ledger` (newest first): to be queued now, oldest first,
    each with the time at which it was so. Always the same ids, so that nothing is queued twice."""
    lost = [one for one in ledger if _is_lost(one) and now - one.created < MISSED_FOR]
    return [_again(one, now, say, zone) for one in reversed(lost[:MISSED_MOST])]


def _is_lost(one: Delivery) -> bool:
    """What every reader is told, such as that there is nothing today, is past."""
    return one.kind == "notice" and one.state == "paused" and not one.html.startswith(TEXT_KEY)


def _again(lost: Delivery, now: datetime, say: Callable[..., str], zone: ZoneInfo) -> Delivery:
    told = say("notice-missed", at=f"{lost.created.astimezone(zone):%m-%d %H:%M}")
    id = delivery_id(lost.id, "again")
    return Delivery(id, lost.subscriber, "notice", now, html=f"{told}\n{lost.html}", buttons=lost.buttons)


def _late(source: str) -> str:
    return f"{LATE}-{hashlib.blake2b(source.encode(), digest_size=8).hexdigest()}"


def acknowledged(kind: str) -> str:
    """Where it is kept that an admin knows."""
    return f"ack:{kind}"


def _told(kind: str) -> str:
    """Where it is kept that admins were told lately."""
    return f"told:{kind}"
