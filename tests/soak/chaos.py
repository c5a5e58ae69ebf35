"""What the fault bench does to the service, drawn from the seed: a plan of faults with their times, each with its healing.

Every kind comes once before any comes again. One store, one network and one Bot API are ill-treated at a time; processes are
killed and frozen besides. `told` is the record of what was done, by which duplicates are judged.
"""

from __future__ import annotations

import contextlib
import heapq
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from fleet_kit import Fleet
from network import Door, State
from servers import Image, Server, SixNodes, Store

PROCESSES = {
    "one": "watch,match,compose,deliver",
    "two": "watch,match,compose,deliver",
    "three": "match,compose,deliver",
}
LEASE = 65.0
"""Seconds after which a claim of somebody who stands still is over."""
SETTLED = 0.05
"""Seconds within which a replica has written down what has reached it."""
EVERYWHERE = ("kill", "freeze", "cut store", "stall store", "cut api", "stall api", "outage", "clock", "memory")
ONE = ("kill store everysec", "kill store always")
SIX = ("kill master", "kill master lagging", "fail over")


@dataclass
class Told:
    """What was done to the service. `begun`: when, in seconds since 1970; `losses`: when the store may have lost its last second."""

    begun: float = 0.0
    acts: Counter[str] = field(default_factory=Counter)
    losses: list[Loss] = field(default_factory=list)
    restarts: int = 0
    lost_bytes: int = 0


@dataclass(frozen=True)
class Loss:
    """`at`: when, in seconds since 1970. `had`: what the server had that was killed; `kept`: what whoever goes on in its place has."""

    at: float
    had: Image
    kept: Image


@dataclass(frozen=True)
class Scale:
    """How long faults last, seconds. `outage`: of the Bot API; `stall`: of a network; `jump`: of a clock, either way; `away`: how long
    a killed server stays away, a master long enough to be replaced."""

    outage: tuple[float, float]
    stall: tuple[float, float]
    jump: float
    away: float


class Chaos:
    """`plan` first, then `step` again and again; `end` heals everything."""

    def __init__(self, fleet: Fleet, store: Store, api_doors: list[Door], scale: Scale, draw: random.Random) -> None:
        self._fleet, self._store, self._api, self._scale, self._draw = fleet, store, api_doors, scale, draw
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._number = count()
        self._begun = time.monotonic()
        self._frozen: set[str] = set()
        self._long = True
        self._busy: dict[str, float] = {}
        self.told = Told()

    def plan(self, seconds: float, every: float) -> None:
        """A fault about every `every` seconds from now on, for so long; all kinds at least once. The first one freezes a process,
        so that even a short run outlasts a lease."""
        self._begun, self.told.begun = time.monotonic(), time.time()
        kinds = self.kinds()
        every = min(every, seconds / (len(kinds) + 1))
        bag = sorted(self._draw.sample(kinds, len(kinds)), key=lambda kind: kind == "freeze")
        at = every / 2
        while at < seconds:
            bag = bag or self._draw.sample(kinds, len(kinds))
            kind = bag.pop()
            self._at(at, partial(self._act, kind))
            at += every * self._draw.uniform(0.6, 1.4)

    def kinds(self) -> list[str]:
        return [*EVERYWHERE, *(SIX if isinstance(self._store, SixNodes) else ONE)]

    def all_done(self) -> bool:
        """Each kind has come; what had to wait for its turn may be late."""
        return all(self.told.acts[kind] for kind in self.kinds())

    @property
    def now(self) -> float:
        return time.monotonic() - self._begun

    def step(self) -> None:
        for server in self._store.servers():
            server.sample(self.now)
        while self._agenda and self._agenda[0][0] <= self.now:
            heapq.heappop(self._agenda)[2]()
        self.revive()

    def revive(self) -> None:
        """Who is dead comes back."""
        for name, process in list(self._fleet.processes.items()):
            if process.poll() is not None and name not in self._frozen:
                self.told.restarts += 1
                self.start(name)

    def start(self, name: str) -> None:
        self._fleet.run(
            name,
            PROCESSES[name],
            KANBAO_REDIS_URL=self._store.url_for(name),
            KANBAO_API_URL=f"http://127.0.0.1:{self._door_of(name).port}",
        )

    def end(self, hurry: float = 0.0) -> None:
        """What is under way ends now, and nothing new begins. `hurry`: by how much all clocks go forward."""
        self._agenda.clear()
        for name in self._frozen:
            with contextlib.suppress(ProcessLookupError):
                self._fleet.processes[name].send_signal(signal.SIGCONT)
        self._frozen.clear()
        (self._fleet.folder / "outage").unlink(missing_ok=True)
        for door in (*self._api, *self._store.doors):
            for inner in (False, True):
                door.turn("open", inner=inner)
        for server in self._store.servers():
            server.start()
            server.ask("CONFIG", "SET", "maxmemory", 0)
        self._set_clocks(list(PROCESSES), hurry)

    def _at(self, at: float, act: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (at, next(self._number), act))

    def _for(self, what: str, seconds: float, undo: Callable[[], None]) -> None:
        """Undo it then; until then `what` is busy."""
        self._busy[what] = self.now + seconds

        def healed() -> None:
            self._busy.pop(what, None)
            undo()

        self._at(self.now + seconds, healed)

    def _act(self, kind: str) -> None:
        what = kind.split()[-1] if kind.split()[-1] in ("store", "api") else "store"
        what = {"kill": "", "freeze": "", "outage": "api", "clock": "clock"}.get(kind, what)
        if what in self._busy or (what == "store" and not self._store.whole()):
            self._at(self.now + 1.0, lambda: self._act(kind))
            return
        said = getattr(self, f"_{kind.replace(' ', '_')}")()
        self.told.acts[kind] += 1
        print(f"{self.now:8.1f} s  {kind:20} {said}", flush=True)

    def _kill(self) -> str:
        name = self._draw.choice(self._running())
        self._fleet.processes[name].kill()
        return name

    def _freeze(self) -> str:
        """Every second time past a claim's lease."""
        name = self._draw.choice(self._running())
        seconds = LEASE + self._draw.uniform(0, 4) if self._long else self._draw.uniform(2, 30)
        self._long = not self._long
        self._fleet.processes[name].send_signal(signal.SIGSTOP)
        self._frozen.add(name)

        def thaw() -> None:
            with contextlib.suppress(ProcessLookupError):
                self._fleet.processes[name].send_signal(signal.SIGCONT)
            self._frozen.discard(name)

        self._at(self.now + seconds, thaw)
        return f"{name} for {seconds:.1f} s"

    def _running(self) -> list[str]:
        free = [name for name in PROCESSES if name not in self._frozen]
        return free or list(PROCESSES)

    def _cut_store(self) -> str:
        return self._turn(self._some(self._store.doors), "cut", "store")

    def _stall_store(self) -> str:
        return self._turn(self._some(self._store.doors), "stalled", "store")

    def _cut_api(self) -> str:
        return self._turn(self._some(self._api), "cut", "api")

    def _stall_api(self) -> str:
        return self._turn(self._some(self._api), "stalled", "api")

    def _some(self, doors: list[Door]) -> list[Door]:
        """One of them, or all."""
        return [self._draw.choice(doors)] if self._draw.random() < 0.5 else doors

    def _turn(self, doors: list[Door], state: State, what: str) -> str:
        seconds = self._draw.uniform(*self._scale.stall)

        def undo() -> None:
            for door in doors:
                door.turn("open")

        for door in doors:
            door.turn(state)
        self._for(what, seconds, undo)
        return f"{len(doors)} of its doors for {seconds:.1f} s"

    def _outage(self) -> str:
        """For everybody: no connection, or 502 to everything."""
        seconds, refused = self._draw.uniform(*self._scale.outage), self._draw.random() < 0.5
        flag = self._fleet.folder / "outage"

        def undo() -> None:
            flag.unlink(missing_ok=True)
            for door in self._api:
                door.turn("open")

        if refused:
            flag.touch()
        for door in () if refused else self._api:
            door.turn("cut")
        self._for("api", seconds, undo)
        return f"{'502 to everything' if refused else 'no connection'} for {seconds:.1f} s"

    def _clock(self) -> str:
        names = [self._draw.choice(list(PROCESSES))] if self._draw.random() < 0.5 else list(PROCESSES)
        jump, seconds = self._draw.uniform(5, self._scale.jump), self._draw.uniform(*self._scale.stall)
        jump *= self._draw.choice([-1, 1])
        self._set_clocks(names, jump)
        self._for("clock", seconds, lambda: self._set_clocks(names, 0))
        return f"{', '.join(names)} by {jump:+.1f} s for {seconds:.1f} s"

    def _set_clocks(self, names: list[str], jump: float) -> None:
        for name in names:
            self._fleet.set_clock(name, jump)

    def _memory(self) -> str:
        """No more memory for a server, as with a limit and noeviction."""
        servers = self._store.masters() if isinstance(self._store, SixNodes) else self._store.servers()
        server, seconds = self._draw.choice(servers), self._draw.uniform(*self._scale.stall)
        server.ask("CONFIG", "SET", "maxmemory", 1_000_000)

        def undo() -> None:
            for one in self._store.servers():
                one.ask("CONFIG", "SET", "maxmemory", 0)

        self._for("store", seconds, undo)
        return f"for {seconds:.1f} s"

    def _kill_store_everysec(self) -> str:
        """A power cut: what was written in the last second, give or take, is gone."""
        (server,) = self._store.servers()
        tail = self._draw.uniform(0.1, 1.0)
        server.kill()
        had = server.image()
        lost = server.lose_tail(tail, self.now)
        self.told.losses.append(Loss(time.time(), had, server.image()))
        self.told.lost_bytes += lost
        self._down(server, self._draw.uniform(0, self._scale.away / 3))
        return f"{lost} bytes of its log lost"

    def _kill_store_always(self) -> str:
        """Under appendfsync always, for which the policy is set a while before."""
        (server,) = self._store.servers()
        server.ask("CONFIG", "SET", "appendfsync", "always")

        def kill() -> None:
            server.kill()
            self._down(server, self._draw.uniform(0, self._scale.away / 3))

        self._busy["store"] = float("inf")
        self._at(self.now + self._draw.uniform(1, 4), kill)
        return "in a moment"

    def _down(self, server: Server, seconds: float) -> None:
        self._for("store", seconds, server.start)

    def _kill_master(self) -> str:
        """It comes back soon, or when its replica has taken over."""
        assert isinstance(self._store, SixNodes)
        server, seconds = self._draw.choice(self._store.masters()), self._draw.choice([0.5, self._scale.away])
        replica = self._store.replica_of(server)
        server.kill()
        self._lost(server, replica)
        self._down(server, seconds)
        return f"{server.folder.name} for {seconds} s"

    def _kill_master_lagging(self) -> str:
        """What it said in its last moments has reached nobody: the replica takes over without it."""
        store = self._store
        assert isinstance(store, SixNodes)
        server, lag = self._draw.choice(store.masters()), self._draw.uniform(0.1, 1.0)
        replica = store.replica_of(server)
        store.lag(server, "stalled")

        def kill() -> None:
            server.kill()
            store.lag(server, "cut")
            self._lost(server, replica)
            self._for("store", self._scale.away, back)

        def back() -> None:
            store.lag(server, "open")
            server.start()

        self._busy["store"] = float("inf")
        self._at(self.now + lag, kill)
        return f"{server.folder.name}, its replica {lag:.2f} s behind"

    def _lost(self, server: Server, replica: Server | None) -> None:
        """A dead master's last moments, as far as its replica has not heard of them."""
        at, heir = time.time(), replica or server
        time.sleep(SETTLED)
        self.told.losses.append(Loss(at, server.image(), heir.image()))

    def _fail_over(self) -> str:
        """By hand: the replica takes over in agreement with its master, and nothing is lost."""
        assert isinstance(self._store, SixNodes)
        server = self._draw.choice(self._store.replicas())
        server.ask("CLUSTER", "FAILOVER")
        return f"to {server.folder.name}"

    def _door_of(self, name: str) -> Door:
        return self._api[list(PROCESSES).index(name)]
