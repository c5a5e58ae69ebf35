"""Refusals of the sandbox in the words of Telegram.

Two of them: `ApiError` answers the bot, `ActionError` answers the person who uses the chat page or a test that drives it.
No module of the sandbox words a refusal that Telegram knows differently from Telegram.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


class SandboxError(Exception):
    """Root of what the sandbox raises."""


class ApiError(SandboxError):
    """A Bot API call refused: HTTP status, Telegram's description and, where there are any, its `parameters`."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> Json:
        """The answer as Telegram writes it."""
        answer: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


class ActionError(SandboxError):
    """Something a made-up user cannot do, such as writing to a bot that he has blocked. The text is shown on the page."""


def bad(text: str) -> ApiError:
    return ApiError(400, f"Bad Request: {text}")


def forbidden(text: str) -> ApiError:
    return ApiError(403, f"Forbidden: {text}")


def flood(seconds: int) -> ApiError:
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def migrated(chat_id: int) -> ApiError:
    description = "Bad Request: group chat was upgraded to a supergroup chat"
    return ApiError(400, description, migrate_to_chat_id=chat_id)
