"""Readers who use everything at random, papers that print, correct and reprint, a service that is down at times: and after every
event the messages that left are held against the model. All drawn from one seed; the clock is moved by hand."""

from __future__ import annotations

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from proof_model import Given, Held, Model, Person, Piece, Rhythm, Wish
from store_servers import Stores as AllStores

from bot.rates import Rates
from bot.relay import Relay
from digests.compose import TEXT_KEY, Stores, compose_due, compose_for, compose_issue, is_waiting, waiting_for
from digests.fingerprint import article_fingerprint, issue_fingerprint
from digests.pipeline import MatcherFeed, check_source, match_next
from digests.rates import RateLimits
from digests.rates_memory import MemoryRates
from digests.settle import Outcome
from digests.types import Article, Chunk, DateEvidence, Delivery, Hints, Issue, PageText, RawIssue
from subscriptions import AliasTable, Cadence, Matcher, Settings, Subscriber, parse_query, print_query, query_id
from subscriptions.service import SubscriptionService
from subscriptions.service_import import Wanted

TICK = timedelta(minutes=15)
SECOND = timedelta(seconds=1)
NO_ALIASES = AliasTable()
WORDS = ["青禾", "锂电", "茶园", "光伏", "港口", "风机", "氢能", "芯片", "医药", "苗圃"]
TOPICS = ["动力电池", "重大项目"]
PAPERS = ["云溪时报", "临江日报", "东港科技"]
FILLER = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒日月盈昃"
ZONES = ["Asia/Shanghai"] * 5 + ["Asia/Kathmandu", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"]
KINDS = ["daily"] * 4 + ["instant"] * 3 + ["weekdays", "workdays", "weekly", "monthly"]


@dataclass
class Post:
    """Telegram: notes what is sent to whom, and refuses what goes to somebody who has blocked us."""

    blocked: set[int] = field(default_factory=set)
    came: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    sent: int = 0
    meddle: Callable[[list[str]], None] | None = None
    """What a test does to the first messages that leave, to see that it is noticed."""

    async def send(self, chat: int, thread: int | None, chunk: Chunk, *, silent: bool, plain: bool) -> Outcome:
        self.sent += 1
        self.came[f"{chat}" if thread is None else f"{chat}:{thread}"].append(chunk.plain)
        return Outcome("blocked") if chat in self.blocked else Outcome("sent", message_id=self.sent)


@dataclass
class Press:
    """What the papers have printed, and the next issue to be read."""

    issues: dict[str, list[Article]] = field(default_factory=dict)
    next: list[tuple[RawIssue, Issue]] = field(default_factory=list)
    name: str = "press"

    async def check(self, now: datetime) -> AsyncIterator[object]:
        for raw, _ in self.next:
            yield raw

    def read(self, raw: RawIssue) -> Issue:
        return next(replace(issue, fingerprint=issue_fingerprint(raw)) for one, issue in self.next if one is raw)


class Town:
    """`seed` draws everything; `start`: a whole quarter of an hour, UTC."""

    def __init__(self, stores: AllStores, readers: int, start: datetime, seed: int) -> None:
        self.random, self.now, self.stores = random.Random(seed), start, stores
        self.model, self.post, self.press = Model(start, set(ZONES)), Post(), Press()
        self.ids = [f"{-n}:{n % 3 + 1}" if n % 10 == 0 else f"{n}" for n in range(1, readers + 1)]
        self.ports = Stores(stores.subscribers, stores.issues, stores.hits, stores.outbox)
        self.service = SubscriptionService(stores.subscribers)
        self.feed = MatcherFeed(stores.subscribers, Matcher())
        self.done: Counter[str] = Counter()
        self.last_issue = 0
        limits = RateLimits(per_second=0)
        rates = Rates(MemoryRates(limits), limits, lambda: self.now, self._sleep, "town")
        self.relay = Relay(
            stores.outbox, stores.subscribers, self.service, self.post, rates, render, _alarm, lambda: self.now, self._sleep
        )  # fmt: skip
        self.acts = [name for name in dir(type(self)) if name.startswith("do_")]

    async def _sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)

    # ------------------------------------------------------------------------------------------ time
    async def live(self, span: timedelta, a_day: int) -> None:
        """For `span`, with some `a_day` acts of readers a day, two or three issues of papers, and outages."""
        end, tick = self.now + span, self.now
        while tick < end:
            down = self.random.random() < 0.002
            tick += TICK * (self.random.randint(2, 60) if down else 1)
            self.now = tick
            self.done["outages"] += down
            await self.settle(f"the tick {tick:%m-%d %H:%M}", self.ids)
            acts = sum(self.random.random() < a_day / 96 / 8 for _ in range(8))
            events = [self.act] * acts + [self.publish] * (self.random.random() < 1 / 20)
            self.random.shuffle(events)
            seconds = sorted(self.random.sample(range(10, 890, 10), len(events)))
            for event, second in zip(events, seconds, strict=True):
                self.now = tick + second * SECOND
                await event()

    async def settle(self, why: str, whom: Iterable[str], asked: Given | None = None) -> None:
        """Compose, send, and compare with the model. `whom`: those for whom something may come; for the others nothing must."""
        while await match_next(self.ports.issues, self.ports.hits, self.ports.subscribers, self.feed, self.now):
            pass
        while await compose_due(self.ports, self.now, 1000):
            pass
        expected = self.model.look(self.now, whom)
        if asked is not None:
            (id,) = whom
            more = expected.get(id, Given())
            assert not more.sure and not more.nothing, "nobody acts at the moment of a slot"
            expected[id] = replace(asked, maybe=asked.maybe | more.maybe)
        await self.relay.step()
        came = {id: list(texts) for id, texts in self.post.came.items()}
        if self.post.meddle is not None and came:
            self.post.meddle(next(iter(came.values())))
        self.post.came.clear()
        for id in sorted(expected.keys() | came.keys()):
            self.compare(id, expected.get(id, Given()), came.get(id, []), why)

    def compare(self, id: str, expected: Given, came: list[str], why: str) -> None:
        assert len(came) <= 1, (why, id, came)
        text = came[0] if came else ""
        person = self.model.people[id]
        got = [] if text.startswith("@") else [int(number) for number in text.split()]
        lost, extra = expected.sure - set(got), set(got) - expected.sure - expected.maybe
        pieces = [self.model.pieces[number] for number in sorted(lost | extra)]
        told = (
            f"{why}: reader {id} got {text!r}; lost {lost}, extra {extra}, note {expected.nothing}: {pieces}, {person}"
        )
        assert len(got) == len(set(got)), told
        assert not lost and not extra, told
        assert text.startswith("@") == (expected.nothing and not got), told
        self.done["articles"] += len(got)
        self.done["notes"] += text.startswith("@")
        self.model.give(person, got)
        if came and self.is_blocked(id):
            self.model.take_back(person, got)
            person.paused = person.paused or "blocked"

    def is_blocked(self, id: str) -> bool:
        return int(id.partition(":")[0]) in self.post.blocked

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
        async for noticed in check_source(self.press, self.ports.issues, self.press.read, self.now):
            assert noticed.added is not None
            self.stored(paper, id, noticed.added.articles)
        await self.settle(f"{kind} issue {id} at {self.now:%m-%d %H:%M}", self.ids)

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
        body = f"{'、'.join(words)}。{filler}。"
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

    def stored(self, paper: str, issue: str, articles: tuple[Article, ...]) -> None:
        """What the model learns of it: the texts in the order of the store's numbers."""
        for article in articles:
            assert article.id == self.model.newest() + 1
            topic = article.topics[0] if article.topics else ""
            self.model.print(Piece(article.id, paper, article.title, article.body, topic, issue, article.corrects))
            self.done["corrections"] += bool(article.corrects)
            self.done["reprints"] += bool(article.reprint_of)

    # ------------------------------------------------------------------------------------------ readers
    async def act(self) -> None:
        id, act = self.random.choice(self.ids), self.random.choice(self.acts)
        if id not in self.model.people:
            act = "join"
        self.done[act] += 1
        person = self.model.people.get(id)
        if person is None:
            asked = await self.join(id)
        else:
            asked = await getattr(self, act)(id, person)
        await self.settle(f"{act} of {id} at {self.now:%m-%d %H:%M}", [id], asked)

    async def join(self, id: str) -> None:
        await self.service.get_or_create(id, "zh-Hans", "private", id, None, self.now)
        person = self.model.people[id] = Person()
        for act in (self.do_zone, self.do_rhythm, self.do_quiet, self.do_subscribe, self.do_import):
            await act(id, person)

    def wish(self) -> Wish:
        pick, words = self.random.choice, self.random.sample(WORDS, 3)
        return pick(
            [
                Wish((words[0],)),
                Wish(tuple(sorted(words[:2]))),
                Wish(tuple(sorted(words[:2])), any=True),
                Wish((words[0],), but=words[1]),
                Wish(tuple(sorted(words[:2])), any=True, but=words[2]),
                Wish(topic=pick(TOPICS)),
                Wish(topic=pick(TOPICS), but=words[0]),
                Wish(title=words[0]),
                Wish((words[0],), paper=pick(PAPERS)),
            ]
        )

    def rhythm(self) -> Rhythm:
        times = tuple(sorted(self.random.sample(range(0, 1440, 15), self.random.randint(1, 4))))
        return Rhythm(self.random.choice(KINDS), times, self.random.randint(0, 6), self.random.randint(1, 31))

    def any_of(self, person: Person) -> Held | None:
        return self.random.choice(list(person.held.values())) if person.held else None

    async def do_subscribe(self, id: str, person: Person) -> None:
        wish = self.wish()
        if len(person.held) < 6:
            await self.service.subscribe(id, wish.query, self.now)
            self.model.hold(person, wish)

    async def do_import(self, id: str, person: Person) -> None:
        wishes = {wish.query: wish for wish in (self.wish(), self.wish())}
        rhythm = self.random.choice([None, self.rhythm()])
        own = cadence(rhythm) if rhythm else None
        if len(person.held) < 6 and not self.model.has_passed(person):
            await self.service.add_many(id, [Wanted(key(query), canonical(query), own) for query in wishes], self.now)
            for query, wish in wishes.items():
                known = query in person.held
                self.model.hold(person, wish)
                if not known:
                    person.held[query].rhythm = rhythm

    async def do_unsubscribe(self, id: str, person: Person) -> None:
        held = self.any_of(person)
        if held is not None and not self.model.has_passed(person):
            await self.service.unsubscribe(id, key(held.wish.query), self.now)
            del person.held[held.wish.query]

    async def do_reword(self, id: str, person: Person) -> None:
        held, wish = self.any_of(person), self.wish()
        if held is None or self.model.has_passed(person):
            return
        before = await self.service.get(id)
        old = next(one for one in before.subscriptions if one.query_id == key(held.wish.query))
        waiting = partial(waiting_for, self.ports, before, old)
        await self.service.replace_query(before, old.query_id, wish.query, self.now, waiting)
        self.model.reword(person, held.wish.query, wish)

    async def do_rhythm(self, id: str, person: Person) -> None:
        if not self.model.has_passed(person):
            person.rhythm = self.rhythm()
            own = cadence(person.rhythm)
            await self.service.set_settings(id, lambda old: replace(old, cadence=own), self.now)

    async def do_own_rhythm(self, id: str, person: Person) -> None:
        held = self.any_of(person)
        if held is not None and not self.model.has_passed(person):
            held.rhythm = self.random.choice([None, self.rhythm(), self.rhythm()])
            own = cadence(held.rhythm) if held.rhythm else None
            await self.service.set_cadence(id, key(held.wish.query), own, self.now)

    async def do_quiet(self, id: str, person: Person) -> None:
        if not self.model.has_passed(person):
            hours = (self.random.randrange(0, 1440, 15), self.random.randrange(0, 1440, 15))
            person.quiet = quiet = self.random.choice([None, (22 * 60, 7 * 60), hours])
            await self.service.set_settings(id, lambda old: replace(old, quiet=quiet), self.now)

    async def do_zone(self, id: str, person: Person) -> None:
        if not self.model.has_passed(person):
            person.zone = zone = self.random.choice(ZONES)
            await self.service.set_settings(id, lambda old: replace(old, timezone=zone), self.now)

    async def do_nothing_today(self, id: str, person: Person) -> None:
        person.tell_nothing = tell = not person.tell_nothing
        await self.service.set_settings(id, lambda old: replace(old, nothing_today=tell), self.now)

    async def do_looks(self, id: str, person: Person) -> None:
        """What has nothing to do with times."""

        def change(old: Settings) -> Settings:
            return replace(old, silent=not old.silent, language="en", length="full")

        await self.service.set_settings(id, change, self.now)

    async def do_pause(self, id: str, person: Person) -> None:
        if not self.model.has_passed(person):
            await self.service.pause(id, "reader", self.now)
            person.paused = "reader"

    async def do_resume(self, id: str, person: Person) -> None:
        """Whoever speaks to us is there again."""
        self.post.blocked.discard(int(id.partition(":")[0]))
        await self.service.resume(id, self.now)
        person.paused = None

    async def do_block(self, id: str, person: Person) -> None:
        if ":" not in id:
            self.post.blocked.add(int(id))

    async def do_digest(self, id: str, person: Person) -> Given | None:
        if self.model.has_passed(person):
            return None
        told = None
        if await is_waiting(self.ports, await self.service.get(id)):
            await self.service.ask(id, self.now)
            told = (await compose_for(self.ports, id, self.now)).delivery
        given = self.model.collect(person, list(person.held.values()))
        return replace(given, nothing=told is not None and told.kind == "notice")

    async def do_backfill(self, id: str, person: Person) -> Given:
        wanted = self.random.randint(1, 3)
        newest = [issue.id for issue in await self.ports.issues.recent_issues(wanted)]
        reader = await self.service.get(id)
        await compose_issue(self.ports, reader, newest, NO_ALIASES, self.now)
        return self.model.of_issues(person, list(self.press.issues)[-wanted:])

    async def do_forget(self, id: str, person: Person) -> None:
        if self.random.random() < 0.3:
            await self.service.forget(id)
            await self.ports.outbox.drop(id)
            del self.model.people[id]


def key(query: str) -> str:
    return query_id(canonical(query))


def canonical(query: str) -> str:
    return print_query(parse_query(query))


def cadence(rhythm: Rhythm) -> Cadence:
    return Cadence(rhythm.kind, rhythm.times, rhythm.weekday, rhythm.day)  # type: ignore[arg-type]


async def render(delivery: Delivery, subscriber: Subscriber | None) -> tuple[Chunk, ...]:
    """The numbers of the articles, or the name of the note."""
    items = delivery.digest.items() if delivery.digest else ()
    text = " ".join(str(item.article_id) for item in items)
    assert text or delivery.html.startswith(TEXT_KEY)
    return (Chunk(text or delivery.html, text or delivery.html),)


async def _alarm(words: str) -> None:
    raise AssertionError(words)
