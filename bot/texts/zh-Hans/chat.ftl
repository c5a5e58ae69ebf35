# 对话里的话。写给机关干部和分析人员：短、准、和气。按钮和弹出提示里不能有 HTML。

language-name = 简体中文
list-separator = 、

## 初次见面

start =
    您好，这里是刊报。

    新一期报刊一到，我逐篇读完，只把与您有关的文章送来。
    点下面的主题就是订阅；也可以直接说“订阅 动力电池”，公司、园区、人名都行。
start-group =
    大家好，这里是刊报。

    新一期报刊一到，我逐篇读完，只把与本群有关的文章送来。
    请群管理员发送 /topics 选主题，或发送 <code>/subscribe 动力电池</code> 订阅关键词。
start-usual = 每天早上八点送一份摘要，没有新内容就不打扰。时间可在 /settings 里改，用法见 /help。
start-change = 时间可在 /settings 里改，用法见 /help。
help =
    <b>订阅</b>
    /topics 主题，点一下订阅，再点一下退订
    /subscribe 订阅关键词，如 <code>/subscribe 动力电池 -广告</code>
    /test 先试试：<code>/test 储能 -广告</code>，不订阅
    /list 我的订阅，点编号可改节奏、改写、分享
    /unsubscribe 退订

    <b>阅读</b>
    /digest 现在就看有什么新内容
    /search 检索旧报，如 <code>/search 动力电池</code>

    <b>设置</b>
    /settings 时间、免打扰、时区、语言、篇幅
    /pause 暂停推送，/resume 恢复
    /lang 语言
    /export 导出我的资料，/import 导入订阅，/forget 全部删除

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

unknown = “{ $words }”要怎么办？点一下；全部用法见 /help。
unknown-command = 没有 { $command } 这个命令。能做什么，请看 /help。
unknown-kind = 我只读文字。想订阅什么，请直接说，如“订阅 动力电池”；全部用法见 /help。
words-subscribe = 订阅“{ $words }”
words-test = 先试查
words-search = 检索旧报
words-how = 不必写命令：把词直接发给我，再点“先试查”或“检索旧报”。
refused-words-gone = 找不到您那句话了，请再发一次。
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
narrow-hint = 想少收一些？点下面的词，就不再收含它的文章。
enumerated = “{ $words }”是都要出现，还是有一个就行？
enumerated-both = 都要：{ $query }
enumerated-either = 有一个就行：{ $query }
test = 试查：<b>{ $query }</b>
test-how = 写出关键词，先看看会收到什么，不订阅，如 <code>/test 储能 -广告</code>
changed = 已改为：<b>{ $name }</b>
refused-change-how = 请写编号和新的写法，如：/change 3 储能 -广告。编号见 /list。
refused-number = 没有第 { $number } 条，现有的编号是 { $last ->
    [1] 1
   *[other] 1 到 { $last }
}，见 /list。
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
list-line = { $number }. { $name } · { $cadence } · { $brings }
list-silent = 　　⚠ 六十天没有文章了，点 { $number } 换个写法
list-open = 点编号，改这一条。
brings = 最近 { $day }，{ $rate }
brings-new = 最近 { $day }
brings-nothing-new = 订阅后还没有新文章
brings-nothing = 还没有文章
rate-week = 每周约 { $count } 篇
rate-month = 每月约 { $count } 篇
rate-rare = 不到每月一篇

## 一条订阅

own = <b>{ $name }</b>
own-newest = 最近一篇：{ $title }
own-silent = 六十天没有文章了。点“换个写法”，看看别的写法能找到多少。
own-foot = ↩ 表示跟随总设置；改了就只管这一条。
own-foot-own = 这一条有自己的时间。
own-inherit = ↩ 跟随总设置
own-last = 最近一篇为何推送
own-reword = 换个写法
own-change = 改写
own-share = 分享
own-drop = 退订
own-copy = 复制命令
own-change-how =
    直接回复这条消息，写上新的写法就行，如：储能 -广告
    也可以复制下面一行，改好再发：
    <code>{ $command }</code>
    它在列表里的位置和时间都不变。
own-reword-none = 换了几种写法，最近三十期里都没有“{ $name }”的文章。也许该等等，也许该换个词。
own-reword-head = “{ $name }”换个写法，最近三十期里有：
own-reword-line = · <code>{ $query }</code>：{ $articles } 篇

## 单独的话题（论坛群）

own-thread = 单开一个话题
thread-made =
    <b>{ $name }</b> 今后送到单独的话题：<a href="{ $link }">打开</a>
    这里不再送它。在那边发 /settings，改的只是那个话题。
thread-hello =
    这个话题只送 <b>{ $name }</b>。
    时间、篇幅等照搬了原来的设置，以后在这里发 /settings 单独改。改写会连话题名一起改；退订后话题关闭，以前的消息都还在。
thread-own = 这条订阅
thread-closed = 这个话题已关闭，以前的消息都还在。
refused-thread-forum = 本群没有开启话题。请群主先在群设置里开启“话题”，再点一次。
refused-thread-rights = 我还不能在本群新建话题。请把我设为群管理员，给我“管理话题”的权限，再点一次。
list-threads = 送到单独话题的：
list-thread-line = · <a href="{ $link }">{ $name }</a> · { $cadence }
list-here-none = 这里没有别的订阅。

## 为何推送，不相关

article-why-button = 为何推送
article-unrelated = 不相关
why =
    <b>{ $title }</b>
    { $place }
why-page = 第 { $page } 版
why-no-place = 未知期号
why-query = 因为订阅：<b>{ $query }</b>
why-terms = 找到：{ $terms }
why-alias = “{ $term }”又名“{ $name }”，文中是后者。
why-unknown = 当时的订阅已经不在了。
why-how = 打开摘要里的一篇文章，点“为何推送”；或者发送 <code>/why 3</code>，看第 3 条订阅最近一篇的缘由。
why-never = “{ $name }”还没有文章。
unrelated = 这篇不相关？去掉下面一个词，以后就不收这样的文章。
unrelated-query = 订阅 <b>{ $query }</b>：
unrelated-line =
    { $hidden ->
        [0] -{ $word }：最近 { $issues } 期里别的都不受影响
       *[other] -{ $word }：最近 { $issues } 期里还会少收 { $hidden } 篇，如
    }
unrelated-sample = 　· { $title }
unrelated-none = 这一篇没有合适的词可以去掉。想改订阅的写法，请看 /list。

## 分享

share =
    谁点开这个链接，就能一键订阅 <b>{ $name }</b>：
    { $link }
    链接里没有您的任何信息。
share-words = 在刊报订阅“{ $name }”
share-send = 发给别人
share-copy = 复制链接
share-offer = 有人给您分享了一条订阅：<b>{ $name }</b>
share-take = 订阅
refused-link-unknown = 这个链接里的订阅已经找不到了。直接说“订阅 动力电池”也行。
list-empty = 还没有订阅。点“主题”挑几个，或者直接说“订阅 动力电池”。
list-paused = 推送已暂停，发送 { $command } 恢复。
page-previous = ‹ 上一页
page-next = 下一页 ›
back = ‹ 返回
cancel = 取消
open-topics = 主题
open-list = 我的订阅
open-unsubscribe = 退订
open-settings = 设置
open-digest = 今日摘要
open-help = 用法
open-search = 检索
open-test = 试查
open-account = 我的资料
open-export = 导出
open-import = 导入
open-forget = 全部删除…
open-backfill = 补看最近几期
open-resume = 恢复推送

## 摘要

now-nothing = 现在没有新内容。刚收到的报纸要几秒钟才读完。要不要看看最近一期里与您有关的文章？
now-paused = 推送还暂停着，新文章不会自动送来。
now-paused-coming = 这一份马上送来。推送还暂停着，以后的新文章不会自动送。
now-to-channel = 摘要已发往 { $channel }。
backfill =
    { $issues ->
        [1] 看最近一期
       *[other] 最近 { $issues } 期
    }
backfill-which = 要补看已经出的报刊吗？只送与您的订阅有关、又没送过的文章。
backfill-nothing = 没有与您有关、又没送过的文章。
backfill-coming = 好的，这就送来。
refused-digest-gone = 这份摘要已经不在了。发送 /digest 看最新的。

## 节奏

cadence-daily = 每天
cadence-weekdays = 周一至周五
cadence-workdays = 工作日
cadence-weekly = 每周一次
cadence-monthly = 每月一次
cadence-instant = 随到随送
cadence-instant-short = 随到随送
cadence-daily-at = 每天 { $times }
cadence-weekdays-at = 周一至周五 { $times }
cadence-workdays-at = 工作日 { $times }
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
settings-quiet = 免打扰
settings-zone = 时区
settings-language = 语言
settings-length = 篇幅
settings-nothing = 没有新内容时
settings-nothing-on = 说一声
settings-nothing-off = 不打扰
settings-silent = 提示音
settings-silent-on = 静音
settings-silent-off = 响
settings-suggest = 建议关键词
settings-suggest-on = 每周一个
settings-suggest-off = 不要
settings-choose-suggest =
    要不要我每周建议一个关键词？
    要的话，我会记下您最近点开的四十篇文章的编号，只用来找出您常看、还没订阅的词。
    选“不要”就立即删掉；/export 里看得到，/forget 一并删除。
suggest-choose-1 = 每周建议一个
suggest-choose-0 = 不要
settings-paused = 推送
settings-paused-on = 已暂停
settings-paused-off = 开着
settings-choose-cadence = 多久送一次？
settings-choose-weekday = 每周哪一天送？
settings-choose-day = 每月哪一天送？
settings-choose-zone =
    您在哪个时区？点一个，或者发送 <code>/timezone UTC+8</code>、<code>/timezone 东京</code>；
    把位置发给我也行，我只用它找时区，不保存。
zone-which = 是哪个时区？
refused-zone-unknown = 不认识时区“{ $zone }”。可以写 UTC+8、东京 或 Asia/Tokyo。
settings-choose-quiet =
    从几点起不打扰？这段时间里该送的，到点一并送。
    现在：{ $quiet }
settings-choose-quiet-to = 到几点为止？
quiet-off = 不设免打扰
quiet-none = 没有
quiet-between = { $start } 至 { $end }
refused-quiet-all-day = 起止时间不能相同。想全天不收，请发送 /pause。
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
paused = 已暂停推送，订阅都还留着。随时发送 { $command } 恢复。
resumed = 推送已恢复：{ $cadence }。

## 建议关键词

suggest-word =
    您最近点开的文章里常有“{ $word }”，要订阅吗？
    （这是您在 /settings 里要的每周建议。）
suggest-yes = 订阅
suggest-no = 不要这个
suggest-off = 不再建议
suggest-refused = 好的，不再建议“{ $word }”。
suggest-switched-off = 好的，不再建议；为此记下的都已删除。想再要时见 /settings。

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

account =
    <b>我的资料</b>
    导出：设置和全部订阅，两个文件。导入：把这样的文件发给我。
    全部删除：会先问您。

export = 这是我们保存的全部资料：设置和订阅。
export-opml = 这是订阅列表的 OPML 文件。哪天想恢复，把两个文件中的任何一个发给我就行。
export-nothing = 我们没有保存您的任何资料。
import-how = 把 /export 给的 JSON 或 OPML 文件发给我，或者在那个文件下回复 /import。加进来之前会先问您。
import-plan =
    { $count ->
        [0] 文件里没有新的订阅（{ $held } 条已经有了）。
       *[other] 文件里有 { $count } 条新的订阅{ $held ->
            [0] {""}
           *[other] （另有 { $held } 条已经有了）
        }：
    }
import-line = · { $name }
import-more = ……还有 { $count } 条
import-bad = 有 { $count } 条读不懂，会略过：{ $names }
import-yes = 加入这 { $count } 条
imported = 已加入 { $count } 条订阅，见 /list。
import-cancelled = 好的，什么都没有加。
refused-import-gone = 找不到那个文件了，请再发一次。
forget-ask = 要删除全部资料吗？{ $count } 条订阅、设置和送达记录都会删掉，不能找回。
forget-yes = 全部删除
forgotten = 已全部删除。想再用时，发送 /start 即可。
forget-cancelled = 好的，什么都没有删。

## 命令菜单（每条最多 256 字）

command-topics = 主题：点一下订阅或退订
command-subscribe = 订阅关键词，如 动力电池 -广告
command-unsubscribe = 退订
command-test = 试查：不订阅，先看看有多少
command-change = 改写一条订阅：编号 新的写法
command-why = 为何推送
command-timezone = 时区，如 UTC+8
command-import = 导入订阅（JSON、OPML）
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
command-recall = 撤回推送或群发（管理）
command-issues = 最近的报刊（管理）
command-sources = 来源（管理）
command-topic = 主题定义（管理）
command-stats = 统计（管理）
command-outbox = 待发与失败的消息（管理）
command-audit = 操作记录（管理）
