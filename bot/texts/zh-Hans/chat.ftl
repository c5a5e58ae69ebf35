# 对话里的话。写给机关干部和分析人员：短、准、和气。按钮和弹出提示里不能有 HTML。

language-name = 简体中文
list-separator = 、

## 初次见面

start =
    您好，这里是刊报。

    新一期报刊一到，我逐篇读完，只把与您有关的文章送来。
    点下面的主题就是订阅；也可以直接说“订阅 动力电池”，公司、园区、人名都行。
    每天早上八点送一份摘要，没有新内容就不打扰。时间可在 /settings 里改，用法见 /help。
start-group =
    大家好，这里是刊报。

    新一期报刊一到，我逐篇读完，只把与本群有关的文章送来。
    请群管理员发送 /topics 选主题，或发送 <code>/subscribe 动力电池</code> 订阅关键词。
    每天早上八点送一份摘要，没有新内容就不打扰。时间可在 /settings 里改，用法见 /help。
help =
    <b>订阅</b>
    /topics 主题，点一下订阅，再点一下退订
    /subscribe 订阅关键词，如 <code>/subscribe 动力电池 -广告</code>
    /unsubscribe 退订
    /list 我的订阅

    <b>阅读</b>
    /digest 现在就看有什么新内容
    /search 检索旧报，如 <code>/search 动力电池</code>

    <b>设置</b>
    /settings 时间、时区、语言、篇幅
    /pause 暂停推送，/resume 恢复
    /lang 语言
    /export 导出我的资料，/forget 全部删除

    <b>关键词的写法</b>
    <code>动力电池 投产</code>　两个词都要有
    <code>锂电|储能</code>　有一个就行
    <code>重大项目 -广告</code>　不要出现“广告”
    <code>标题:签约</code>　只看标题；还有 <code>版:1</code>、<code>报:金坛时报</code>
    <code>投资额≥10亿</code>　按文中的数字

    不必记命令，直接说也行：订阅 动力电池、退订 动力电池、我的订阅、今日摘要。
    群里由管理员操作。要替频道订阅，先请我做频道管理员，再对我说 <code>/subscribe @频道名 动力电池</code>
about-channel = 频道 <b>{ $channel }</b>

## 听不懂的时候

unknown = 没看懂“{ $words }”。想订阅它，请说“订阅 { $words }”；全部用法见 /help。
unknown-command = 没有 { $command } 这个命令。能做什么，请看 /help。
unknown-kind = 我只读文字。想订阅什么，请直接说，如“订阅 动力电池”；全部用法见 /help。
offer-subscribe = 订阅“{ $words }”
refused-outdated = 这个按钮已经过时，请重新发送命令。
refused-group-admins = 群里的订阅和设置由群管理员来改。
refused-channel-unknown = 找不到频道 { $channel }。请检查名称，并先把我加进去做管理员。
refused-channel-bot = 我还不能在 { $channel } 发消息。请把我设为管理员，并允许发布消息。
refused-channel-admins = { $channel } 的订阅由它的管理员来改。

## 主题

topics =
    { $count ->
        [0] 点一下主题就是订阅。
       *[other] 已订阅 { $count } 个主题（✓）。点一下订阅，再点一下退订。
    }
topics-none = 还没有主题。可以直接订阅关键词，如“订阅 动力电池”。
topic-on = 已订阅：{ $topic }
topic-off = 已退订：{ $topic }
query-topic = { $name }（主题）
refused-topic-gone = 这个主题已经撤下，请用 /topics 看现有的主题。
refused-topic-unknown = 没有“{ $topic }”这个主题。现有主题见 /topics；去掉 # 就按关键词订阅。

## 订阅与退订

subscribe-how =
    想订阅什么？点一个主题，或者写出关键词，例如：
    <code>/subscribe 动力电池</code>
    <code>/subscribe 动力电池 投产 -广告</code>
    <code>/subscribe 锂电|储能</code>
subscribed-query = 已订阅：<b>{ $name }</b>
subscribed-query-already = 您已经订阅过：<b>{ $name }</b>
subscribed-topic = 已订阅主题：<b>{ $name }</b>
subscribed-topic-already = 您已经订阅过主题：<b>{ $name }</b>
dry-run =
    { $articles ->
        [0] 最近 { $issues } 期中没有符合的文章，等新的一期。
       *[other] 最近 { $issues } 期中有 { $articles } 篇符合，最近的是：
    }
dry-run-sample = · { $title }（{ $issue }）
dry-run-no-issues = 还没有收到报刊，新的一期到了就会开始比对。
when = 送达时间：{ $cadence }（{ $zone }）
when-instant = 一有新文章就送来。
keep = 保留
kept = 好的，已保留
drop = 不要了
as-keyword = 改按关键词“{ $name }”
unsubscribe-which = 要退订哪一个？点一下就退。
unsubscribed = 已退订：<b>{ $name }</b>
unsubscribed-toast = 已退订：{ $name }
refused-not-held = 这一条已经退订了。

## 我的订阅

list = <b>我的订阅</b>（{ $count } 条）
list-line = { $number }. { $name } · { $cadence }
list-empty = 还没有订阅。点“主题”挑几个，或者直接说“订阅 动力电池”。
list-paused = 推送已暂停，发送 /resume 恢复。
page-previous = ‹ 上一页
page-next = 下一页 ›
back = ‹ 返回
cancel = 取消
open-topics = 主题
open-list = 我的订阅
open-unsubscribe = 退订
open-settings = 设置
open-digest = 今日摘要
open-resume = 恢复推送

## 摘要

now-nothing = 现在没有新内容。要不要看看最近一期里与您有关的文章？
now-to-channel = 摘要已发往 { $channel }。
backfill = 看最近一期
backfill-nothing = 最近一期里没有与您有关、又没送过的文章。
backfill-coming = 好的，最近一期的文章这就送来。
refused-digest-gone = 这份摘要已经不在了。发送 /digest 看最新的。

## 节奏

cadence-daily = 每天
cadence-weekdays = 周一至周五
cadence-weekly = 每周一次
cadence-monthly = 每月一次
cadence-instant = 随到随送
cadence-instant-short = 随到随送
cadence-daily-at = 每天 { $times }
cadence-weekdays-at = 周一至周五 { $times }
cadence-weekly-at = 每{ $weekday } { $times }
cadence-monthly-at =
    { $day ->
        [29] 每月 29 日 { $times }
        [30] 每月 30 日 { $times }
        [31] 每月最后一天 { $times }
       *[other] 每月 { $day } 日 { $times }
    }
weekday-0 = 周一
weekday-1 = 周二
weekday-2 = 周三
weekday-3 = 周四
weekday-4 = 周五
weekday-5 = 周六
weekday-6 = 周日
day = { $day } 日
day-last = 最后一天

## 设置

settings =
    <b>设置</b>
    现在：{ $cadence }。点一行就能改。
settings-row = { $name }：{ $value }
settings-cadence = 节奏
settings-weekday = 星期
settings-day = 日期
settings-time = 时间
settings-zone = 时区
settings-language = 语言
settings-length = 篇幅
settings-nothing = 没有新内容时
settings-nothing-on = 说一声
settings-nothing-off = 不打扰
settings-silent = 提示音
settings-silent-on = 静音
settings-silent-off = 响
settings-paused = 推送
settings-paused-on = 已暂停
settings-paused-off = 开着
settings-choose-cadence = 多久送一次？
settings-choose-weekday = 每周哪一天送？
settings-choose-day = 每月哪一天送？
settings-choose-zone = 您在哪个时区？
settings-choose-language = 用哪种语言？
settings-choose-length = 每篇文章给多少？
settings-choose-time =
    什么时间送？点一下选中，再点一下取消，最多四个。
    现在：{ $times }
settings-time-halves = 半点 ›
settings-time-hours = ‹ 整点
length-titles = 只要标题
length-extracts = 标题和要点
length-full = 全文
saved = 已保存
lang-set = 好的，以后用简体中文。
refused-last-time = 至少要留一个时间。先选好新的，再取消旧的。
refused-too-many-times = 最多选 { $most } 个时间。先取消一个，再选新的。
paused = 已暂停推送，订阅都还留着。随时发送 /resume 恢复。
resumed = 推送已恢复：{ $cadence }。

## 时区

zone-asia-shanghai = 北京时间
zone-asia-hong-kong = 香港
zone-asia-taipei = 台北
zone-asia-singapore = 新加坡
zone-asia-tokyo = 东京
zone-asia-seoul = 首尔
zone-asia-dubai = 迪拜
zone-europe-moscow = 莫斯科
zone-europe-berlin = 柏林、巴黎
zone-europe-london = 伦敦
zone-america-new-york = 纽约
zone-america-chicago = 芝加哥
zone-america-los-angeles = 洛杉矶
zone-australia-sydney = 悉尼
zone-utc = 世界时 UTC

## 资料

export = 这是我们保存的全部资料：设置和订阅。
export-nothing = 我们没有保存您的任何资料。
forget-ask = 要删除全部资料吗？{ $count } 条订阅、设置和送达记录都会删掉，不能找回。
forget-yes = 全部删除
forgotten = 已全部删除。想再用时，发送 /start 即可。
forget-cancelled = 好的，什么都没有删。

## 命令菜单（每条最多 256 字）

command-topics = 主题：点一下订阅或退订
command-subscribe = 订阅关键词，如 动力电池 -广告
command-unsubscribe = 退订
command-list = 我的订阅
command-digest = 今日摘要：现在有什么新内容
command-settings = 设置：时间、时区、语言、篇幅
command-pause = 暂停推送
command-resume = 恢复推送
command-lang = 语言 / Language
command-export = 导出我的资料
command-forget = 删除我的全部资料
command-help = 用法
command-push = 推送一期（管理）
command-preview = 预览：期 主题（管理）
command-broadcast = 群发通知（管理）
command-issues = 最近的报刊（管理）
command-sources = 来源（管理）
command-topic = 主题定义（管理）
command-stats = 统计（管理）
command-audit = 操作记录（管理）
