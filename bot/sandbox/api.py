"""The Bot API over HTTP: /bot<token>/<method> and /file/bot<token>/<path>.

Finds the method, applies faults on order, turns results and refusals into Telegram's envelopes. Decides nothing else.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from aiohttp import web

from bot.sandbox import calls_bot, calls_edit, calls_send, calls_topics, inline
from bot.sandbox.errors import ApiError, Json
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.params import Params, read_params
from bot.sandbox.world import World

Call = Callable[[World, Params], object]
Observer = Callable[[str, Params, object], None]
LONGEST_POLL = 50

METHODS: Mapping[str, Call] = {
    "answerCallbackQuery": calls_edit.answer_callback_query,
    "answerInlineQuery": inline.answer_inline_query,
    "close": calls_bot.log_out,
    "closeForumTopic": calls_topics.close_forum_topic,
    "copyMessage": calls_send.copy_message,
    "createForumTopic": calls_topics.create_forum_topic,
    "deleteForumTopic": calls_topics.delete_forum_topic,
    "deleteMessage": calls_edit.delete_message,
    "deleteMessages": calls_edit.delete_messages,
    "deleteMyCommands": calls_bot.delete_my_commands,
    "deleteWebhook": calls_bot.delete_webhook,
    "editForumTopic": calls_topics.edit_forum_topic,
    "editMessageCaption": calls_edit.edit_message_caption,
    "editMessageMedia": calls_edit.edit_message_media,
    "editMessageReplyMarkup": calls_edit.edit_message_reply_markup,
    "editMessageText": calls_edit.edit_message_text,
    "forwardMessage": calls_send.forward_message,
    "getChat": calls_bot.get_chat,
    "getChatAdministrators": calls_bot.get_chat_administrators,
    "getChatMember": calls_bot.get_chat_member,
    "getChatMemberCount": calls_bot.get_chat_member_count,
    "getChatMenuButton": calls_bot.get_chat_menu_button,
    "getFile": calls_bot.get_file,
    "getMe": calls_bot.get_me,
    "getMyCommands": calls_bot.get_my_commands,
    "getMyDescription": calls_bot.get_my_description,
    "getMyName": calls_bot.get_my_name,
    "getMyShortDescription": calls_bot.get_my_short_description,
    "getWebhookInfo": calls_bot.get_webhook_info,
    "leaveChat": calls_bot.leave_chat,
    "logOut": calls_bot.log_out,
    "pinChatMessage": calls_edit.pin_chat_message,
    "reopenForumTopic": calls_topics.reopen_forum_topic,
    "sendChatAction": calls_bot.send_chat_action,
    "sendDocument": calls_send.send_document,
    "sendMediaGroup": calls_send.send_media_group,
    "sendMessage": calls_send.send_message,
    "sendPhoto": calls_send.send_photo,
    "setChatMenuButton": calls_bot.set_chat_menu_button,
    "setMessageReaction": calls_edit.set_message_reaction,
    "setMyCommands": calls_bot.set_my_commands,
    "setMyDescription": calls_bot.set_my_description,
    "setMyName": calls_bot.set_my_name,
    "setMyShortDescription": calls_bot.set_my_short_description,
    "setWebhook": calls_bot.set_webhook,
    "unpinChatMessage": calls_edit.unpin_chat_message,
}
_BY_NAME = {name.lower(): (name, call) for name, call in METHODS.items()}


class Api:
    """The routes of the Bot API on one world. `observers` see every call that succeeded, for tests."""

    def __init__(self, world: World, token: str, faults: Faults) -> None:
        self.world = world
        self.faults = faults
        self.observers: list[Observer] = []
        self._token = token

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/bot{token}/{method}", self.call),
            web.post("/bot{token}/{method}", self.call),
            web.get("/file/bot{token}/{folder}/{name}", self.download),
        ]

    async def call(self, request: web.Request) -> web.StreamResponse:
        """One method call. Every answer but a fault's is JSON in Telegram's envelope."""
        if refused := self._unauthorized(request):
            return refused
        name = request.match_info["method"].lower()
        try:
            params = await read_params(request)
            fault = self.faults.take(name, params.text("chat_id"))
            if fault and not fault.after:
                return await strike(request, fault)
            result = await self._result(name, params)
        except ApiError as error:
            return web.json_response(error.body(), status=error.code)
        if fault:
            return await strike(request, fault)
        return web.json_response({"ok": True, "result": result})

    async def download(self, request: web.Request) -> web.StreamResponse:
        if refused := self._unauthorized(request):
            return refused
        data = self.world.files.read(PurePosixPath(request.match_info["name"]).stem)
        if data is None:
            return web.json_response(ApiError(404, "Not Found").body(), status=404)
        return web.Response(body=data, content_type="application/octet-stream")

    async def _result(self, name: str, params: Params) -> object:
        if name == "getupdates":
            result: object = await self._get_updates(params)
            name = "getUpdates"
        elif name in _BY_NAME:
            name, call = _BY_NAME[name]
            result = call(self.world, params)
        else:
            raise ApiError(404, "Not Found")
        for observer in self.observers:
            observer(name, params, result)
        return result

    async def _get_updates(self, params: Params) -> list[Json]:
        updates = self.world.updates
        if "allowed_updates" in params.raw:
            updates.allowed = [str(kind) for kind in params.array("allowed_updates")]
        timeout = min(params.integer("timeout"), LONGEST_POLL)
        return await updates.get(params.integer("offset"), params.integer("limit", 100), timeout)

    def _unauthorized(self, request: web.Request) -> web.Response | None:
        if hmac.compare_digest(request.match_info["token"].encode(), self._token.encode()):
            return None
        return web.json_response(ApiError(401, "Unauthorized").body(), status=401)


async def strike(request: web.Request, fault: Fault) -> web.StreamResponse:
    """Do what a fault on order says."""
    if fault.kind == "status":
        return _status(fault)
    if fault.kind == "timeout":
        await asyncio.sleep(fault.seconds)
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=502)


def _status(fault: Fault) -> web.Response:
    if fault.code >= 500:
        return web.Response(status=fault.code, text="<html><h1>Bad Gateway</h1></html>", content_type="text/html")
    if fault.code == 429:
        error = ApiError(429, f"Too Many Requests: retry after {fault.retry_after}", retry_after=fault.retry_after)
    else:
        error = ApiError(fault.code, "Bad Request: a fault on order")
    return web.json_response(error.body(), status=error.code)
