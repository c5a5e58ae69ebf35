"""The whole service as processes: an issue in a folder becomes a digest in a chat, and no kill, restart, copy or
bad file changes what readers get."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import threading
import unicodedata
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from service_kit import ADMIN, JOURNALIST, OFFICIAL, SUPPLIER, Service, service, until

pytestmark = pytest.mark.slow

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"


@pytest.fixture
def kanbao(tmp_path: Path) -> Iterator[Service]:
    with service(tmp_path / "data") as made:
        yield made


def servers(folder: Path) -> list[str]:
    """Command lines of store servers that work on the folder."""
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if "valkey-server" in line and str(folder) in line]


def test_from_the_inbox_to_the_chat_over_kills_and_copies(kanbao: Service) -> None:
    kanbao.start()
    assert "刊报" in kanbao.begin(OFFICIAL)
    assert "已订阅" in kanbao.write(OFFICIAL, "订阅 动力电池")
    assert "Kanbao" in kanbao.begin(JOURNALIST)
    kanbao.write(JOURNALIST, "/subscribe 储能 -广告")
    kanbao.publish()
    kanbao.until_matched(1)
    assert kanbao.kill() != 0
    kanbao.start()
    digest = kanbao.write(OFFICIAL, "今日摘要")
    assert "临江日报" in digest and "动力电池" in digest
    assert "没有新内容" in kanbao.write(OFFICIAL, "今日摘要")
    first = next(kanbao.inbox.iterdir())
    shutil.copy(first, kanbao.inbox / "另一份.txt")
    (kanbao.inbox / "touched").touch()
    assert kanbao.publish() != first.name
    kanbao.until_matched(2)
    newer = kanbao.write(OFFICIAL, "今日摘要")
    titles = [line for line in digest.splitlines() if line[:2] in ("1.", "2.", "3.")]
    assert titles and not any(title[3:] in newer for title in titles)
    kanbao.stop()
    assert servers(kanbao.folder) == []


def test_a_kill_between_queueing_and_sending_loses_nothing(kanbao: Service) -> None:
    """Nobody sends while the digest is queued; the process that queued it is killed, and a whole service goes on."""
    kanbao.start("web,chat,watch,match,compose")
    kanbao.begin(SUPPLIER)
    kanbao.write(SUPPLIER, "/subscribe 项目|产业")
    kanbao.publish()
    kanbao.until_matched(1)
    before = len(kanbao.said(SUPPLIER))
    kanbao.call(f"/sandbox/chats/{SUPPLIER}/text", {"user": SUPPLIER, "text": "/digest"})
    until(lambda: "chats waiting: 1" in kanbao.command("outbox"), "the digest to be queued")
    kanbao.kill()
    assert len(kanbao.said_in_file(SUPPLIER)) == before
    kanbao.start()
    assert "临江日报" in kanbao.wait_for(SUPPLIER, before)


def test_roles_run_in_processes_of_their_own(kanbao: Service) -> None:
    kanbao.start("web,chat")
    kanbao.start("watch,match")
    kanbao.start("compose,deliver")
    kanbao.begin(OFFICIAL)
    kanbao.write(OFFICIAL, "订阅 重大项目")
    kanbao.write(OFFICIAL, "/settings")
    kanbao.publish()
    kanbao.until_matched(1)
    assert "临江日报" in kanbao.write(OFFICIAL, "/digest")


def test_admins_push_and_others_cannot(kanbao: Service) -> None:
    kanbao.start()
    kanbao.begin(OFFICIAL)
    kanbao.write(OFFICIAL, "订阅 动力电池")
    unknown = kanbao.write(OFFICIAL, "/nonsense")
    assert kanbao.write(OFFICIAL, "/push") == unknown.replace("/nonsense", "/push")
    kanbao.publish()
    kanbao.until_matched(1)
    kanbao.begin(ADMIN)
    before = len(kanbao.said(OFFICIAL))
    kanbao.write(ADMIN, "/push")
    until(lambda: any("要推送" in text for text in kanbao.said(ADMIN)), "the question")
    kanbao.press(ADMIN, "发给 1 位读者")
    assert "临江日报" in kanbao.wait_for(OFFICIAL, before)
    assert "推送" in kanbao.write(ADMIN, "/audit")
    assert len(kanbao.said(OFFICIAL)) == before + 1


def test_two_admins_who_press_at_once_push_once(kanbao: Service) -> None:
    kanbao.start(KANBAO_ADMINS=str(SUPPLIER))
    kanbao.begin(OFFICIAL)
    kanbao.write(OFFICIAL, "订阅 动力电池")
    kanbao.begin(SUPPLIER)
    kanbao.begin(ADMIN)
    kanbao.publish()
    kanbao.until_matched(1)
    before = len(kanbao.said(OFFICIAL))
    admins = (ADMIN, SUPPLIER)
    for admin in admins:
        kanbao.write(admin, "/push")
    for admin in admins:
        until(partial(_has, kanbao, admin, "发给 1 位读者"), "the question")
    pressing = [threading.Thread(target=kanbao.press, args=(admin, "发给 1 位读者")) for admin in admins]
    for press in pressing:
        press.start()
    for press in pressing:
        press.join()
    for admin in admins:
        until(partial(_told, kanbao, admin, "发送完毕"), "the report")
    reports = " ".join(text for admin in admins for text in kanbao.said(admin) if "发送完毕" in text)
    assert len(kanbao.said(OFFICIAL)) == before + 1 and "已送达：1" in reports and "没有要发的" in reports


def _has(kanbao: Service, chat: int, label: str) -> bool:
    rows = [row for m in kanbao.messages(chat) for row in m.get("reply_markup", {}).get("inline_keyboard", [])]
    return any(label in button["text"] for row in rows for button in row)


def _told(kanbao: Service, chat: int, words: str) -> bool:
    return any(words in text for text in kanbao.said(chat))


def _turned(kanbao: Service, chat: int, before: str) -> bool:
    return kanbao.said(chat)[-1] != before


def test_a_file_that_cannot_be_read_is_told_to_admins_once(kanbao: Service) -> None:
    kanbao.start()
    kanbao.begin(ADMIN)
    before = len(kanbao.said(ADMIN))
    (kanbao.inbox / "坏.txt").write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 40)
    told = kanbao.wait_for(ADMIN, before)
    assert "坏.txt" in told and "PDF" in told
    kanbao.kill(signal.SIGINT)
    kanbao.start()
    kanbao.publish()
    kanbao.until_matched(1)
    assert len(kanbao.said(ADMIN)) == before + 1


@pytest.mark.skipif(not CORPUS.exists(), reason="the labelled issues are not beside the repository")
def test_the_real_issues_lead_to_the_right_digests(kanbao: Service) -> None:
    kanbao.start()
    for reader, topic in ((OFFICIAL, "动力电池"), (SUPPLIER, "重大项目")):
        kanbao.begin(reader)
        kanbao.write(reader, f"订阅 {topic}")
    for path in sorted(CORPUS.glob("0*.txt")):
        shutil.copy(path, kanbao.inbox)
    kanbao.until_matched(4)
    for reader, topic in ((OFFICIAL, "动力电池"), (SUPPLIER, "重大项目")):
        digest = bare(whole(kanbao, reader))
        missed = [title for title in must_have(topic) if bare(title) not in digest]
        assert missed == []
        assert bare("天天不迟到") not in digest


def must_have(topic: str) -> list[str]:
    """Headlines of the labelled articles that a careful reader would certainly file under the topic."""
    labelled = [json.loads(path.read_text(encoding="utf-8")) for path in CORPUS.glob("0*.json")]
    articles = [article for one in labelled for article in one["articles"]]
    return [a["title"] for a in articles if topic in a["topics"]["must"] and a["kind"] == "news"]


def bare(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())


def whole(kanbao: Service, reader: int) -> str:
    """All pages of the digest that /digest brings."""
    text = kanbao.write(reader, "/digest")
    while _has(kanbao, reader, "还有"):
        before = kanbao.said(reader)[-1]
        kanbao.press(reader, "还有")
        until(partial(_turned, kanbao, reader, before), "the next page")
        text += kanbao.said(reader)[-1]
    return text
