"""The one table of all settings, and the page docs/settings.md made from it (`python -m bot.settings_table`).

A test holds the table against bot/settings.py, and the page against the table.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SettingDoc:
    """`default` as a reader would write it; "" where there is none."""

    name: str
    default: str
    meaning_zh: str
    meaning_en: str


TABLE: tuple[SettingDoc, ...] = (
    SettingDoc(
        "KANBAO_BOT_TOKEN",
        "",
        "机器人的令牌，由 @BotFather 给出；不设则进入沙盒",
        "the bot's token, from @BotFather; none: the sandbox",
    ),
    SettingDoc(
        "KANBAO_BOT_TOKEN_FILE",
        "",
        "存放令牌的文件，用以代替上一项",
        "a file that holds the token, instead of the above",
    ),
    SettingDoc(
        "KANBAO_API_URL",
        "https://api.telegram.org",
        "Bot API 服务器的地址：自建服务器，或能够访问 Telegram 的反向代理",
        "base of the Bot API server: a self-hosted one, or a reverse proxy that reaches Telegram",
    ),
    SettingDoc(
        "KANBAO_REDIS_URL",
        "",
        "存储的地址：`redis://`、`rediss://`、`redis+cluster://`、`rediss+cluster://`、`unix://`；不设则使用数据目录中的内置存储",
        "the store: `redis://`, `rediss://`, `redis+cluster://`, `rediss+cluster://`, `unix://`; "
        "none: the embedded store in the data folder",
    ),
    SettingDoc(
        "KANBAO_REDIS_URL_FILE",
        "",
        "存放上述地址的文件（地址含密码时使用）",
        "a file that holds that address, where it contains a password",
    ),
    SettingDoc(
        "KANBAO_DATA_DIR", "./data", "内置存储、缓存和日志所在的目录", "folder of the embedded store, caches and logs"
    ),
    SettingDoc(
        "KANBAO_INBOX",
        "<data>/inbox",
        "收件目录：放入其中的文件和子目录就是新的一期",
        "a folder whose new files and sub-folders are issues",
    ),
    SettingDoc(
        "KANBAO_ADMINS",
        "",
        "管理员的 Telegram 用户编号，以逗号分隔",
        "Telegram user ids of the admins, apart by commas",
    ),
    SettingDoc(
        "KANBAO_TIMEZONE", "Asia/Shanghai", "默认时区，读者可以各自更改", "default time zone; each reader may change it"
    ),
    SettingDoc(
        "KANBAO_RATE",
        "30",
        "每秒最多发出的消息（不含付费的），1–1000，由全部进程共用；Telegram 通常允许 30",
        "messages a second at most, those that are paid for apart, 1-1000, shared by all processes; Telegram usually allows 30",
    ),
    SettingDoc(
        "KANBAO_PAID_BUDGET",
        "0",
        "每天最多为多少条推送、群发消息付费，由全部进程共用，按默认时区的日期计；0 为从不。须先在 @BotFather 处开通付费群发。"
        "管理员在确认时逐次打开，只有那一次的消息加快，连同其余合计每秒不超过 1000 条",
        "how many messages of pushes and broadcasts may be paid for in a day of the default time zone, by all processes "
        "together; 0: never. Telegram must have allowed paid broadcasts to the bot. An admin switches it on for each push; "
        "only its messages go faster, with all the rest up to 1000 a second",
    ),
    SettingDoc(
        "KANBAO_PAID_PRICE",
        "0.1",
        "Telegram 对每条付费消息收取的星数，用于在确认时和结束后写明费用；默认是 Bot API 文档所写的价格",
        "Telegram Stars for each paid message, to name the cost before and after; the default is what the Bot API's documentation says",
    ),
    SettingDoc(
        "KANBAO_PUSH_FAILURES",
        "20",
        "推送、群发失败的百分比超过它就自动停下并提醒管理员；100 为从不",
        "the percentage of failures above which a push or broadcast stops itself and tells the admins; 100: never",
    ),
    SettingDoc(
        "KANBAO_PUSH_FAILURES_LEAST",
        "50",
        "至少有这么多条有了结果，才计算上一项的比例",
        "how many deliveries must have ended before that share counts",
    ),
    SettingDoc(
        "KANBAO_LEDGER_DAYS",
        "45",
        "投递记录保留多少天，3–3650：`/audit 会话编号`、`kanbao outbox 会话编号`、撤回和更正都凭它。读者很多时它占存储最多",
        "for how many days the record of each delivery is kept, 3-3650: `/audit CHAT`, `kanbao outbox CHAT`, recalls and "
        "corrections go by it. With many readers it is the largest part of the store",
    ),
    SettingDoc(
        "KANBAO_WEB",
        "127.0.0.1:8080",
        "网页的地址 `主机:端口`；`off` 为不开网页。没有令牌时只能监听本机",
        "`host:port` of the web pages; `off` for none. Without a token only this machine's own addresses",
    ),
    SettingDoc(
        "KANBAO_LOG",
        "text",
        "日志的写法：`text` 每行一件事，名=值；`json` 每行一个 JSON 对象",
        "how the log is written: `text`, a line of name=value for each event; `json`, a JSON object a line",
    ),
    SettingDoc(
        "KANBAO_TRACES",
        "",
        "OpenTelemetry 收集器的地址（OTLP over HTTP，例如 `http://localhost:4318`），需先安装附加依赖 `kanbao[otel]`；不设则不跟踪",
        "address of an OpenTelemetry collector (OTLP over HTTP, like `http://localhost:4318`), with the extra `kanbao[otel]` "
        "installed; none: no traces",
    ),
    SettingDoc(
        "KANBAO_WEBHOOK_URL",
        "",
        "webhook 的公网地址，代替轮询；聊天进程可有任意多个。还需要下一项，且 `KANBAO_WEB` 不为 `off`",
        "public address of the webhook, instead of polling; any number of chat processes. Needs the next one, "
        "and `KANBAO_WEB` other than `off`",
    ),
    SettingDoc(
        "KANBAO_WEBHOOK_SECRET",
        "",
        "webhook 的密钥，1–256 个字母、数字、`_` 或 `-`",
        "secret of the webhook: 1-256 letters, digits, `_` or `-`",
    ),
    SettingDoc("KANBAO_WEBHOOK_SECRET_FILE", "", "存放该密钥的文件", "a file that holds that secret"),
)

INTRO = """# 设置 Settings

每一项都可以写在环境变量、工作目录的 `.env` 或 `kanbao.toml` 中；先者优先。`kanbao.toml` 中用小写、不带前缀的名称，
例如 `admins = "1001,1002"`。写错的值会使启动停止，并说明应为什么、在哪里、怎样改。`kanbao doctor` 检查其余一切。

Each may stand in the environment, in `.env` or in `kanbao.toml` of the working folder; the first one found holds.
`kanbao.toml` uses the names in lower case without the prefix, like `admins = "1001,1002"`. A wrong value stops the start and says what
was expected, where, and what to do. `kanbao doctor` checks all the rest.

"""


def page() -> str:
    """docs/settings.md."""
    rows = ["| 名称 name | 默认 default | 含义 meaning |", "|---|---|---|"]
    for doc in TABLE:
        default = f"`{doc.default}`" if doc.default else "–"
        rows.append(f"| `{doc.name}` | {default} | {doc.meaning_zh}<br>{doc.meaning_en} |")
    return INTRO + "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
