"""What readers do: each act is one call or two of the service's, as the chat makes them, and the same in the model.

The town draws who does what when. An act that makes no sense at the moment does nothing.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import datetime
from functools import partial

from proof_model import Given, Held, Model, Person, Rhythm, Wish
from proof_post import Post, Press

from digests.compose import Stores, carry_to, compose_for, compose_issue, is_waiting, waiting_for
from digests.narrowing import narrowed
from subscriptions import (
    AliasTable,
    Cadence,
    Settings,
    chat_of,
    parse_query,
    print_query,
    query_id,
    subscriber_id,
    thread_of,
)
from subscriptions.service import SubscriptionService
from subscriptions.service_import import Wanted

NO_ALIASES = AliasTable()
WORDS = ["青禾", "锂电", "茶园", "光伏", "港口", "风机", "氢能", "芯片", "医药", "苗圃"]
TOPICS = ["动力电池", "重大项目"]
PAPERS = ["云溪时报", "临江日报", "东港科技"]
ZONES = ["Asia/Shanghai"] * 5 + ["Asia/Kathmandu", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"]
KINDS = ["daily"] * 4 + ["instant"] * 3 + ["weekdays", "workdays", "weekly", "monthly"]
OF_GROUPS = {"do_migrate", "do_lose_topic", "do_own_topic"}
SUPERGROUP = -(10**12)


class Readers:
    """The acts, over what the town holds."""

    random: random.Random
    now: datetime
    ids: list[str]
    ports: Stores
    service: SubscriptionService
    model: Model
    post: Post
    press: Press
    done: Counter[str]

    @property
    def acts(self) -> list[str]:
        return [name for name in dir(type(self)) if name.startswith("do_")]

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
                Wish((words[0],), but=(words[1],)),
                Wish(tuple(sorted(words[:2])), any=True, but=(words[2],)),
                Wish(topic=pick(TOPICS)),
                Wish(topic=pick(TOPICS), but=(words[0],)),
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

    async def do_link(self, id: str, person: Person) -> None:
        """What somebody else holds, by a link that names it by its id."""
        other = self.any_of(self.random.choice(list(self.model.people.values())))
        if other is not None and len(person.held) < 6:
            await self.service.subscribe_stored(id, key(other.wish.query), self.now)
            self.model.hold(person, other.wish)

    async def do_unsubscribe(self, id: str, person: Person) -> None:
        held = self.any_of(person)
        if held is not None and not self.model.has_passed(person):
            await self.service.unsubscribe(id, key(held.wish.query), self.now)
            del person.held[held.wish.query]

    async def do_reword(self, id: str, person: Person) -> None:
        held, wish = self.any_of(person), self.wish()
        if held is not None and not self.model.has_passed(person):
            await self._reword(id, person, held, wish.query, wish)

    async def do_narrow(self, id: str, person: Person) -> None:
        """ "Not relevant": without articles that hold a word."""
        held, word = self.any_of(person), self.random.choice(WORDS)
        if held is None or word in (*held.wish.words, *held.wish.but) or self.model.has_passed(person):
            return
        text = narrowed(canonical(held.wish.query), word)
        assert text is not None
        await self._reword(id, person, held, text, replace(held.wish, but=(*held.wish.but, word)))

    async def _reword(self, id: str, person: Person, held: Held, text: str, wish: Wish) -> None:
        assert canonical(text) == canonical(wish.query)
        before = await self.service.get(id)
        old = next(one for one in before.subscriptions if one.query_id == key(held.wish.query))
        waiting = partial(waiting_for, self.ports, before, old)
        await self.service.replace_query(before, old.query_id, text, self.now, waiting)
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
        self.post.lets_in(id)
        await self.service.resume(id, self.now)
        self.model.resume(person)

    async def do_block(self, id: str, person: Person) -> None:
        self.post.blocked.add(chat_of(id))

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

    # ------------------------------------------------------------------------------------------ places
    async def do_migrate(self, id: str, person: Person) -> None:
        """A group becomes a supergroup, which we are told of, or else learn when we write there next."""
        chat = chat_of(id)
        if (
            thread_of(id) is None
            and SUPERGROUP < chat < 0
            and self.random.random() < 0.1
            and chat not in self.post.moved
        ):
            self.post.moved[chat] = SUPERGROUP + chat
            if self.random.random() < 0.5:
                await self.hear_of_move(id)

    async def hear_of_move(self, id: str) -> None:
        new = subscriber_id(self.post.moved[chat_of(id)], thread_of(id))
        await self.service.move(id, new)
        await self.ports.outbox.move(id, new, self.now)
        self.lives_at(id, new)

    def lives_at(self, old: str, new: str) -> None:
        self.ids[self.ids.index(old)] = new
        self.model.move(old, new)
        self.done["moves"] += 1

    async def do_lose_topic(self, id: str, person: Person) -> None:
        """A forum topic is deleted: what is for it goes to the group."""
        alone = not any(chat_of(other) == chat_of(id) and other != id for other in self.ids)
        if thread_of(id) is not None and alone and self.random.random() < 0.1:
            self.post.closed.add(id)

    async def do_own_topic(self, id: str, person: Person) -> None:
        """A subscription leaves for a forum topic of its own."""
        held = self.any_of(person)
        if thread_of(id) is None or held is None or self.random.random() < 0.8 or self.model.has_passed(person):
            return
        query, thread = key(held.wish.query), 100 + len(self.ids)
        place, made = await self.service.move_to_thread(id, query, thread, self.now)
        await carry_to(self.ports, place.id, made.id, query)
        self.ids.append(made.id)
        self.model.leave(person, held, made.id)
        self.done["own topics"] += 1


def key(query: str) -> str:
    return query_id(canonical(query))


def canonical(query: str) -> str:
    return print_query(parse_query(query))


def cadence(rhythm: Rhythm) -> Cadence:
    return Cadence(rhythm.kind, rhythm.times, rhythm.weekday, rhythm.day)  # type: ignore[arg-type]
