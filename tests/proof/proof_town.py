"""A town of readers who use everything at random, papers that print, correct and reprint, admins who push and recall, a service that is
down at times: and after every event the messages that left are held against the model. All drawn from one seed; the clock is moved by
hand."""

from __future__ import annotations

import asyncio
import random
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from proof_model import Given, Letter, Model, Piece
from proof_post import Message, Post, Press, render
from proof_readers import NO_ALIASES, OF_GROUPS, PAPERS, TOPICS, WORDS, ZONES, Readers
from store_servers import Stores as AllStores

from bot.rates import Rates
from bot.relay import Relay
from digests.compose import NOTHING, TEXT_KEY, Stores, compose_due
from digests.compose_batches import compose_batch
from digests.fingerprint import article_fingerprint
from digests.follow_ups import answer, correct
from digests.pipeline import Alive, MatcherFeed, check_source, forget_queries, match_next
from digests.ports import HitStore, IssueStore
from digests.rates import RateLimits
from digests.rates_memory import MemoryRates
from digests.types import Article, Batch, DateEvidence, Digest, Hints, Issue, PageText, RawIssue
from subscriptions import Subscriber, SubscriberStore, chat_of
from subscriptions.service import SubscriptionService

TICK = timedelta(minutes=15)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
FILLER = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒日月盈昃"
REMEMBERED = 12
"""What is told of a reader when something differs: so much of what they did and got last."""
CLOSED = f"{TEXT_KEY}topic-closed"


class Town(Readers):
    """`seed` draws everything; `start`: a whole quarter of an hour, UTC. One reader in five is a group, half of them with a forum topic."""

    def __init__(self, stores: AllStores, readers: int, start: datetime, seed: int) -> None:
        self.random, self.now, self.stores = random.Random(seed), start, stores
        self.model, self.post, self.press = Model(start, set(ZONES)), Post(), Press()
        self.ids = [self.born(n) for n in range(1, readers + 1)]
        self.ports = Stores(stores.subscribers, stores.issues, stores.hits, stores.outbox)
        self.service = SubscriptionService(stores.subscribers)
        self.feed = MatcherFeed(stores.subscribers)
        self.done: Counter[str] = Counter()
        self.history: defaultdict[str, deque[str]] = defaultdict(lambda: deque(maxlen=REMEMBERED))
        self.pushes: list[tuple[str, list[int]]] = []
        self.last_issue = 0
        limits = RateLimits(per_second=0)
        rates = Rates(MemoryRates(limits), limits, lambda: self.now, self._sleep, "town")
        self.relay = Relay(
            stores.outbox, stores.subscribers, self.service, self.post, rates, render, _alarm, lambda: self.now, self._sleep
        )  # fmt: skip

    @staticmethod
    def born(n: int) -> str:
        return f"{n}" if n % 5 else f"{-n}" if n % 10 else f"{-n}:{n % 3 + 1}"

    async def _sleep(self, seconds: float) -> None:
        """Whoever waits longest moves the clock."""
        until = self.now + seconds * SECOND
        await asyncio.sleep(0)
        self.now = max(self.now, until)

    # ------------------------------------------------------------------------------------------ time
    async def live(self, span: timedelta, a_day: int) -> None:
        """For `span`, with some `a_day` acts of readers a day, two or three issues of papers, a push every other day, and outages."""
        end, tick = self.now + span, self.now
        while tick < end:
            down = self.random.random() < 0.002
            tick += TICK * (self.random.randint(2, 60) if down else 1)
            self.now = tick
            self.done["outages"] += down
            await self.settle(f"the tick {tick:%m-%d %H:%M}", self.ids)
            if self.random.random() < 0.002:
                await self.set_back(tick)
            acts = sum(self.random.random() < a_day / 96 / 8 for _ in range(8))
            events = [self.act] * acts + [self.publish] * (self.random.random() < 1 / 20)
            events += [self.push] * (self.random.random() < 1 / 200) + [self.recall] * (self.random.random() < 1 / 200)
            events += [self.forget_queries] * (tick.minute == 0)
            self.random.shuffle(events)
            seconds = sorted(self.random.sample(range(10, 890, 10), len(events)))
            for event, second in zip(events, seconds, strict=True):
                self.now = tick + second * SECOND
                await event()

    async def set_back(self, tick: datetime) -> None:
        """The clock is put back by two hours at most, and shows the same times again: nothing comes twice."""
        self.done["clock set back"] += 1
        for quarters in range(self.random.randint(1, 8), -1, -1):
            self.now = tick - quarters * TICK
            await self.settle(f"again {self.now:%m-%d %H:%M}", ())

    async def act(self) -> None:
        act = self.random.choice(self.acts)
        id = self.random.choice([id for id in self.ids if id.startswith("-")] if act in OF_GROUPS else self.ids)
        if chat_of(id) in self.post.moved:
            act = "hear_of_move"
        elif id not in self.model.people:
            act = "join"
        self.done[act] += 1
        why, asked = f"{act} of {id} at {self.now:%m-%d %H:%M}", None
        if act == "hear_of_move":
            await self.hear_of_move(id)
        elif act == "join":
            await self.join(id)
        else:
            asked = await getattr(self, act)(id, self.model.people[id])
        self.history[id].append(f"{self.now:%m-%d %H:%M:%S} {act}: {self.model.people.get(id)}")
        await self.settle(why, {id, self.ids[-1]}, {id: asked} if asked else {})

    async def forget_queries(self) -> None:
        self.done["queries forgotten"] += await forget_queries(self.ports.subscribers, self.ports.hits, self.now)

    async def settle(
        self, why: str, whom: Iterable[str], asked: Mapping[str, Given] = {}, corrections: Sequence[Piece] = ()
    ) -> dict[str, list[Message]]:
        """Match, compose, send, and compare with the model. `whom`: those for whom something may come; for the others nothing must.
        `asked`: what some get beside. Answers what came."""
        while await match_next(*self.matching, self.feed, self.now, self._correct):
            pass
        if corrections:
            await self._send()
            self.changed(corrections, why)
        while await compose_due(self.ports, self.now, 1000, self._answer):
            pass
        expected = self.model.look(self.now, whom)
        for id, given in asked.items():
            more = expected.get(id, Given())
            assert not more.sure and not more.nothing, "nobody acts at the moment of a slot"
            expected[id] = replace(given, maybe=given.maybe | more.maybe)
        await self._send()
        assert not self.post.changed, why
        closed = self._rename(expected)
        came = {id: list(messages) for id, messages in self.post.came.items()}
        if self.post.meddle is not None and came:
            self.post.meddle(next(iter(came.values())))
        self.post.came.clear()
        for id in sorted(expected.keys() | came.keys()):
            self.compare(id, expected.get(id, Given()), came.get(id, []), why, id in closed)
        return came

    @property
    def matching(self) -> tuple[IssueStore, HitStore, SubscriberStore]:
        return self.ports.issues, self.ports.hits, self.ports.subscribers

    async def _send(self) -> None:
        """Until nothing waits: of several messages to one chat each goes a second after the other."""
        at = self.now
        await self.relay.step()
        while (await self.ports.outbox.backlog(self.now))[0]:
            self.now += SECOND
            assert self.now - at < 60 * SECOND, "something is stuck"
            await self.relay.step()
        self.now = at

    async def _correct(self, article: Article, alive: Alive) -> int:
        return await correct(self.ports, self.stores.follow_ups, article, self.now, alive)

    async def _answer(self, reader: Subscriber, digest: Digest) -> Digest | None:
        return await answer(self.ports, self.stores.follow_ups, reader, digest, self.now)

    def _rename(self, expected: dict[str, Given]) -> set[str]:
        """Those who were found elsewhere are there from now on; answers for whom a topic was missing."""
        missed = set()
        for old, new in dict.fromkeys(self.post.renamed):
            self.lives_at(old, new)
            self.history[new] = self.history[old]
            if old in expected:
                expected[new] = expected.pop(old)
            if chat_of(old) == chat_of(new):
                missed.add(new)
                self.done["topics lost"] += 1
        self.post.renamed.clear()
        return missed

    # ------------------------------------------------------------------------------------------ comparing
    def changed(self, corrections: Sequence[Piece], why: str) -> None:
        """Messages that were edited are those that should be, and have the correction in the place of what was wrong."""
        self._rename({})
        for piece in corrections:
            sure, maybe = self.model.changes(piece, self.now)
            changed = [one for one in self.post.changed if f"{piece.number}" in one[1].text.split()]
            numbers = [number for number, _, _ in changed]
            told = f"{why}: {piece}: edited {numbers}, should be {sure}, may be {maybe}"
            assert len(numbers) == len(set(numbers)) and sure.keys() <= set(numbers) <= sure.keys() | maybe.keys(), told
            for number, message, outcome in changed:
                id = (sure | maybe)[number]
                person = self.model.people[id]
                before = list(person.letters[number].pieces)
                self.model.change(person, number, piece, self.now)
                assert message.text == " ".join(map(str, person.letters[number].pieces)), (told, message, before)
                self.history[id].append(f"{self.now:%m-%d %H:%M:%S} {why}: {number} became {message.text}, {outcome}")
                self.done[f"edits {outcome}"] += 1
                if outcome != "sent":
                    person.letters[number].pieces = before
                    self.model.take_back(person, [piece.number])
                if outcome == "blocked":
                    person.paused = person.paused or "blocked"
                self.post.changed.remove((number, message, outcome))

    def compare(self, id: str, expected: Given, came: list[Message], why: str, closed: bool) -> None:
        person = self.model.people[id]
        got = [int(number) for message in came if not message.text.startswith("@") for number in message.text.split()]
        notes = sorted(message.text for message in came if message.text.startswith("@"))
        lost, extra = expected.sure - set(got), set(got) - expected.sure - expected.maybe
        pieces = [self.model.pieces[number] for number in sorted(lost | extra)]
        texts, before = [message.text for message in came], "\n  ".join(self.history[id])
        told = f"{why}: reader {id} got {texts}; lost {lost}, extra {extra}, note {expected.nothing}: {pieces}\n  {before}\n  {person}"
        self.history[id].append(f"{self.now:%m-%d %H:%M:%S} {why}: got {texts}, back {person.back}")
        assert len(got) == len(set(got)), told
        assert not lost and not extra, told
        assert notes == [NOTHING] * (expected.nothing and not got) + [CLOSED] * closed, told
        assert sum(message.replies is None for message in came) <= 1 + bool(expected.maybe) + closed, told
        self.done["articles"] += len(got)
        self.done["notes"] += NOTHING in notes
        self.done["digests"] += bool(got)
        self.keep(id, came, told)
        self.model.give(person, got)
        if came and self.post.refuses(id):
            self.model.take_back(person, got)
            person.paused = person.paused or "blocked"

    def keep(self, id: str, came: list[Message], told: str) -> None:
        """What the reader has in the chat now; an answer is to a message with what it corrects."""
        letters = self.model.people[id].letters
        for message in came:
            pieces = [] if message.text.startswith("@") else [int(number) for number in message.text.split()]
            if message.replies is not None:
                wrong = letters[message.replies].pieces
                assert pieces and all(self.model.pieces[number].corrects in wrong for number in pieces), told
                self.done["answers"] += 1
            if message.number:
                letters[message.number] = Letter(self.now, self.now, pieces)

    # ------------------------------------------------------------------------------------------ admins
    async def push(self) -> None:
        if not self.press.issues:
            return
        issue = self.random.choice(list(self.press.issues)[-4:])
        batch = Batch(f"push{self.done['pushes']}", "push", 7, self.now, 0, issue=issue)
        await compose_batch(self.ports, self.stores.holds, batch, NO_ALIASES, self.now, _go_on)
        given = self.model.pushed(issue)
        came = await self.settle(f"push of {issue} at {self.now:%m-%d %H:%M}", self.ids, given)
        numbers = [m.number for messages in came.values() for m in messages if m.number and m.text != CLOSED]
        self.pushes.append((batch.id, numbers))
        self.done["pushes"] += 1

    async def recall(self) -> None:
        """Everything of the newest push that is younger than two days is deleted."""
        if not self.pushes:
            return
        target, numbers = self.pushes.pop()
        batch = Batch(f"re{target}", "recall", 7, self.now, 0, target=target)
        await compose_batch(self.ports, self.stores.holds, batch, NO_ALIASES, self.now, _go_on)
        await self._send()
        self._rename({})
        self.done["recalls"] += bool(self.post.changed)
        self.recalled(numbers)
        await self.settle(f"recall at {self.now:%m-%d %H:%M}", ())

    def recalled(self, numbers: Iterable[int]) -> None:
        letters = {n: (person, one) for person in self.model.people.values() for n, one in person.letters.items()}
        there = {n for n in numbers if n in letters and self.now - letters[n][1].sent < 48 * HOUR}
        tried = {number for number, _, _ in self.post.changed}
        assert {n for n in there if not letters[n][1].lost} <= tried <= there, (tried, there)
        for number, message, outcome in self.post.changed:
            person, letter = letters[number]
            assert message.gone
            letter.lost = letter.lost or outcome != "blocked"
            if outcome == "blocked":
                person.paused = person.paused or "blocked"
            self.done[f"recalled {outcome}"] += 1
        self.post.changed.clear()

    # ------------------------------------------------------------------------------------------ papers
    async def publish(self) -> None:
        """A new issue, or one that is known again with a corrected article or a late page."""
        known = [id for id in list(self.press.issues)[-4:] if self.press.issues[id]]
        kind = self.random.choice(["new", "new", "new", "corrected", "late"]) if known else "new"
        id = self.new_issue() if kind == "new" else self.random.choice(known)
        articles = self.press.issues[id]
        paper = id.partition(" ")[0]
        if kind == "corrected":
            place = self.random.randrange(len(articles))
            articles[place] = self.article(paper, title=articles[place].title)
        else:
            articles += [self.article(paper) for _ in range(self.random.randint(1, 5) if kind == "new" else 1)]
        self.done[f"issues {kind}"] += 1
        self.print(id, paper, kind)
        new: list[Piece] = []
        async for noticed in check_source(self.press, self.ports.issues, self.press.read, self.now):
            assert noticed.added is not None
            new = self.stored(paper, id, noticed.added.articles)
        corrections = [piece for piece in new if piece.corrects]
        await self.settle(f"{kind} issue {id} at {self.now:%m-%d %H:%M}", self.ids, {}, corrections)

    def new_issue(self) -> str:
        self.last_issue += 1
        id = f"{self.random.choice(PAPERS)} {self.last_issue}"
        self.press.issues[id] = []
        return id

    def article(self, paper: str, title: str = "") -> Article:
        """A new one; now and then a text that this paper, or another, has printed before."""
        before = [a for articles in self.press.issues.values() for a in articles]
        if not title and before and self.random.random() < 0.2:
            return self.random.choice(before[-60:])
        words = self.random.sample(WORDS, self.random.randint(0, 3))
        filler = "".join(self.random.choices(FILLER, k=40))
        title = title or f"{''.join(self.random.choices(FILLER, k=6))}{self.random.choice(['', *WORDS])}"
        body = f"{'、'.join(words)}。{filler}。总投资{len(before) + 1}亿元。"
        topic = (self.random.choice(TOPICS),) if self.random.random() < 0.3 else ()
        return Article(title, body, topics=topic, fingerprint=article_fingerprint(title, body))

    def print(self, id: str, paper: str, kind: str) -> None:
        """The same text twice is in no issue."""
        articles = {a.fingerprint: a for a in self.press.issues[id]}
        self.press.issues[id] = list(articles.values())
        placed = tuple(replace(a, order=n) for n, a in enumerate(articles.values()))
        page = PageText(id, f"{kind} {self.now}\n" + "\n".join(a.body for a in placed))
        date = DateEvidence("2026-03-03", "2026-03-03", printed=True)
        issue = Issue(paper, "newspaper", placed, id=id, number=id.partition(" ")[2], date=date, key=id)
        self.press.next = [(RawIssue("press", id, (page,), Hints(publication=paper)), issue)]

    def stored(self, paper: str, issue: str, articles: tuple[Article, ...]) -> list[Piece]:
        """What the model learns of it: the texts in the order of the store's numbers."""
        pieces = []
        for article in articles:
            assert article.id == self.model.newest() + 1
            topic = article.topics[0] if article.topics else ""
            pieces.append(Piece(article.id, paper, article.title, article.body, topic, issue, article.corrects))
            self.model.print(pieces[-1])
            self.done["corrections"] += bool(article.corrects)
            self.done["reprints"] += bool(article.reprint_of)
        return pieces


async def _go_on() -> bool:
    return True


async def _alarm(words: str) -> None:
    raise AssertionError(words)
