"""The whole story in a browser, as the README tells it: start, subscribe, publish, digest, full text, settings, push.

The real service runs as a process. The screenshot of the digest is kept in tests/artifacts (and where KANBAO_SHOTS says).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from service_kit import Service, service

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ARTIFACTS = Path(os.environ.get("KANBAO_SHOTS", Path(__file__).parents[1] / "artifacts"))


@pytest.fixture
def kanbao(tmp_path: Path) -> Iterator[Service]:
    with service(tmp_path / "data") as made:
        made.start()
        yield made


@pytest.fixture
def page(kanbao: Service) -> Iterator[Page]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on the PATH (chromium, chromium-browser or google-chrome)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="zh-CN")
        page.set_default_timeout(30_000)
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(f"http://127.0.0.1:{kanbao.port}/")
        yield page
        browser.close()
        assert problems == []


def choose(page: Page, name: str) -> None:
    page.get_by_test_id("chat-list").get_by_text(name, exact=False).first.click()


def say(page: Page, text: str) -> None:
    page.get_by_test_id("input").fill(text)
    page.keyboard.press("Enter")


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).last.click()


def shoot(page: Page, name: str) -> None:
    expect(page.get_by_test_id("toast")).to_have_count(0)
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"{name}.png")


def test_from_the_first_hello_to_the_digest(page: Page, kanbao: Service) -> None:
    texts = page.get_by_test_id("text")
    expect(page.get_by_test_id("banner")).to_contain_text("SANDBOX")
    choose(page, "林知秋")
    page.get_by_test_id("start").click()
    expect(texts.last).to_contain_text("这里是刊报")
    shoot(page, "welcome")
    press(page, "动力电池")
    expect(texts.last).to_contain_text("已订阅 1 个主题")
    say(page, "订阅 江澜时代 -招聘")
    expect(texts.last).to_contain_text("已订阅：江澜时代 -招聘")
    page.get_by_test_id("publish").click()
    kanbao.until_matched(1)
    say(page, "今日摘要")
    expect(texts.last).to_contain_text("临江日报 2026年11月18日")
    digest = texts.last.inner_html()
    assert "<b>" in digest and "<u>" in digest and "60亿元" in texts.last.inner_text()
    shoot(page, "sandbox")
    press(page, "1")
    expect(texts.last).to_contain_text("为何推送")
    shoot(page, "article")
    press(page, "◂ 返回摘要")
    expect(texts.last).to_contain_text("临江日报 2026年11月18日")
    say(page, "/settings")
    expect(texts.last).to_contain_text("设置")
    shoot(page, "settings")
    page.get_by_test_id("input").fill("@kanbao_sandbox_bot 动力电池")
    expect(page.get_by_test_id("inline-result").first).to_contain_text("临江日报 2026年11月18日")
    shoot(page, "inline")
    page.get_by_test_id("inline-result").first.click()
    expect(texts.last).to_contain_text("动力电池")
    expect(page.get_by_text("通过 @kanbao_sandbox_bot")).to_have_count(1)


def test_an_admin_pushes_and_an_english_reader_gets_it(page: Page, kanbao: Service) -> None:
    texts = page.get_by_test_id("text")
    choose(page, "Emma")
    page.get_by_test_id("start").click()
    expect(texts.last).to_contain_text("this is Kanbao")
    say(page, "/subscribe 动力电池")
    expect(texts.last).to_contain_text("Subscribed")
    page.get_by_test_id("publish").click()
    kanbao.until_matched(1)
    choose(page, "沈澜")
    page.get_by_test_id("start").click()
    expect(texts.last).to_contain_text("这里是刊报")
    say(page, "/push")
    expect(texts.last).to_contain_text("1 位读者会收到")
    press(page, "发给 1 位读者")
    expect(texts.last).to_contain_text("已送达：1")
    shoot(page, "push")
    choose(page, "Emma")
    expect(texts.last).to_contain_text("for you")
    shoot(page, "english")
