"""Pushes updates to the bot's webhook, one at a time and in order, as long as one is set; a failure is tried again.

Loopback addresses only (`setWebhook` refuses others): the sandbox never calls out.
"""

from __future__ import annotations

import asyncio
import json

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.sandbox.errors import Json
from bot.sandbox.world import World

LONGEST_WAIT = 30.0


async def push_updates(world: World) -> None:
    """Runs until it is cancelled."""
    async with ClientSession(timeout=ClientTimeout(total=30), trust_env=False) as session:
        wait = 0.2
        while True:
            await _something_to_push(world)
            delivered = await _deliver(session, world, world.updates.pending[0])
            if delivered:
                wait = 0.2
            else:
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)


async def _something_to_push(world: World) -> None:
    updates = world.updates
    while not (updates.webhook.url and updates.pending):
        updates.arrived.clear()
        await updates.arrived.wait()


async def _deliver(session: ClientSession, world: World, update: Json) -> bool:
    hook = world.updates.webhook
    headers = {"Content-Type": "application/json"}
    if hook.secret:
        headers["X-Telegram-Bot-Api-Secret-Token"] = hook.secret
    try:
        async with session.post(hook.url, data=json.dumps(update), headers=headers, allow_redirects=False) as answer:
            problem = "" if answer.ok else f"Wrong response from the webhook: {answer.status} {answer.reason}"
    except (ClientError, TimeoutError, ValueError) as error:
        problem = f"Connection failed: {error or type(error).__name__}"
    if problem:
        hook.last_error, hook.last_error_date = problem, world.stamp()
        return False
    world.updates.confirm(update["update_id"] + 1)
    return True
