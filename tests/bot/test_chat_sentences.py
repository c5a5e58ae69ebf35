"""What people type, and what is understood."""

from __future__ import annotations

import time

import pytest

from bot.chat.sentences import Request, read_request, split_channel

ME = "KanbaoBot"


@pytest.mark.parametrize(
    ("text", "name", "args"),
    [
        ("/subscribe 动力电池 -广告", "subscribe", "动力电池 -广告"),
        ("/sub 动力电池", "subscribe", "动力电池"),
        ("/UNSUB 2", "unsubscribe", "2"),
        ("/sub@kanbaobot 动力电池", "subscribe", "动力电池"),
        ("／ｓｕｂ　动力电池", "subscribe", "动力电池"),
        ("/list", "list", ""),
        ("/broadcast 第一行\n第二行", "broadcast", "第一行\n第二行"),
        ("/xyz", "xyz", ""),
        ("/订阅 动力电池", "subscribe", "动力电池"),
        ("/不认识 的", "不认识", "的"),
        ("/", "", ""),
        ("订阅 动力电池", "subscribe", "动力电池"),
        ("订阅动力电池", "subscribe", "动力电池"),
        ("订阅：动力电池", "subscribe", "动力电池"),
        ("订阅　“动力　电池”", "subscribe", "“动力　电池”"),
        ("訂閱 動力電池", "subscribe", "動力電池"),
        ("订阅", "subscribe", ""),
        ("退订 动力电池", "unsubscribe", "动力电池"),
        ("取消订阅 动力电池", "unsubscribe", "动力电池"),
        ("我的订阅", "list", ""),
        ("我的订阅。", "list", ""),
        ("今日摘要！", "digest", ""),
        ("帮助", "help", ""),
        ("设置", "settings", ""),
        ("暂停", "pause", ""),
        ("恢复", "resume", ""),
        ("搜索 动力电池", "search", "动力电池"),
        ("subscribe 动力电池", "subscribe", "动力电池"),
        ("Ｈｅｌｐ", "help", ""),
        ("@KanbaoBot 订阅 动力电池", "subscribe", "动力电池"),
        ("订阅 标题:储能", "subscribe", "标题:储能"),
        ("订阅 标题:", "subscribe", "标题:"),
        ("我想看动力电池的新闻", "subscribe", "动力电池"),
        ("帮我订阅储能", "subscribe", "储能"),
        ("请帮我关注一下重大项目方面的报道吧。", "subscribe", "重大项目"),
        ("我想看储能的新闻，但不要招聘", "subscribe", "储能 -招聘"),
        ("我想看储能的新闻但是不要招聘和广告的。", "subscribe", "储能 -招聘 -广告"),
        ("给我推送关于光伏的消息，谢谢", "subscribe", "光伏"),
        ("我要订动力电池。", "subscribe", "动力电池"),
        ("请给我发一些有关储能的报道，别发招聘广告，谢谢您！", "subscribe", "储能 -招聘广告"),
        ("想看光伏，除了二手 组件以外", "subscribe", '光伏 -"二手 组件"'),
        ("订阅 储能，不要招聘", "subscribe", "储能 -招聘"),
        ("订阅储能、光伏，但是不要广告和招聘，谢谢", "subscribe", "储能、光伏 -广告 -招聘"),
        ("/test 储能，别发招聘。", "test", "储能 -招聘"),
        ("订阅 ，不要招聘", "subscribe", "不要招聘"),
        ("订阅 “储能，储能”", "subscribe", "“储能，储能”"),
        ("我想看超长期特别国债的新闻", "subscribe", "超长期特别国债"),
        ("我想看企业排除隐患的新闻", "subscribe", "企业排除隐患"),
        ("我想看储能的新闻 别发招聘", "subscribe", "储能 -招聘"),
        ("有没有江澜时代的消息", "search", "江澜时代"),
        ("查一下江澜时代", "search", "江澜时代"),
        ("别再发了！", "pause", ""),
        ("今天有什么新闻？", "digest", ""),
        ("取消动力电池", "unsubscribe", "动力电池"),
        ("不想再看储能了", "unsubscribe", "储能"),
        ("别再推储能的消息了！", "unsubscribe", "储能"),
    ],
)
def test_understood_in_private(text: str, name: str, args: str) -> None:
    found = read_request(text, ME, private=True)
    assert found is not None and (found.name, found.args) == (name, args)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "动力电池",
        "help me please",
        "帮助我们",
        "我想看什么",
        "我想看看天气怎么样",
        "我想看动力电池，也想看储能",
        "想要",
        "/sub@otherbot 动力电池",
        "你好",
    ],
)
def test_left_alone(text: str) -> None:
    assert read_request(text, ME, private=True) is None


def test_groups_need_a_command_or_our_name() -> None:
    assert read_request("订阅 动力电池", ME, private=False) is None
    assert read_request("@kanbaobot 订阅 动力电池", ME, private=False) == Request(
        "subscribe", "动力电池", command=False
    )
    assert read_request("/sub 动力电池", ME, private=False) == Request("subscribe", "动力电池")


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ("@qingshi 动力电池", ("qingshi", "动力电池")),
        ("＠qingshi：动力电池", ("qingshi", "动力电池")),
        ("@qingshi", ("qingshi", "")),
        ("@qi 动力电池", ("", "@qi 动力电池")),
        ("@青石 动力电池", ("", "@青石 动力电池")),
        ("动力电池 @qingshi", ("", "动力电池 @qingshi")),
    ],
)
def test_channels(args: str, expected: tuple[str, str]) -> None:
    assert split_channel(args) == expected


@pytest.mark.parametrize(
    "text", ["，" * 4000, "订阅 " + "，" * 4000, "我想看储能" + "，不要看" * 1000, "给我" * 2000, "谢谢，" * 1300]
)
def test_nothing_typed_takes_long(text: str) -> None:
    begin = time.process_time()
    read_request(text, ME, private=True)
    assert time.process_time() - begin < 0.2
