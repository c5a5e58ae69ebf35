# 来源：增加、暂停、撤下，以及报刊日历的提醒。

notice-late =
    ⏰ <b>{ $paper }</b> { $day } 的一期还没有出现。
    平时这个时候已经有了。我会继续看；如果今天休刊，不必理会。
    /sources 里有上次查看的情况；手头有这一期的话，把文件直接发给我。
notice-came-late = 📬 <b>{ $paper }</b> { $day } 的一期到了，比平时晚。
notice-missing =
    🔢 <b>{ $paper }</b> 缺第 { $number } 期。
    前后两期都收到了，中间这一期没有。手头有的话，把文件直接发给我。

## 列表

sources-all = <b>来源</b>（{ $count } 个）　点名称查看。
sources-hint =
    /sources add 网址　增加来源：我先看看那里有什么，再问您。
source-line = { $mark } <b>{ $name }</b> · { $kind } · { $state }
source-inbox = 收件目录
source-kind-folder = 文件夹
source-kind-feed = 订阅源
source-kind-epaper = 电子报
source-kind-list = 列表
source-state-fine = 正常
source-state-new = 还没有看过
source-state-paused = 已暂停
source-state-failing = 连续失败 { $failures } 次
source-state-stopped = 已停止
source-shown =
    { $mark } <b>{ $name }</b> · { $kind } · { $state }
    <code>{ $address }</code>
source-shown-inbox =
    <b>{ $name }</b> · { $kind }
    <code>{ $address }</code>
source-looked = 上次查看：{ $at }
source-times =
    上次查看：{ $checked }
    上次成功：{ $succeeded }
    下次查看：{ $due }
source-rhythm = 通常：{ $days } { $start }–{ $end }
source-weekday = { $day ->
        [0] 周一
        [1] 周二
        [2] 周三
        [3] 周四
        [4] 周五
        [5] 周六
       *[6] 周日
    }
source-newest = 最近一期：{ $issue }
source-wrong = ⚠ { $problem }
source-rhythm-change = 出报日程
source-rhythm-how =
    🗓 <b>{ $name }</b> 什么时候出报？
    点选出报的日子和通常上网的时段；都不选，就由我看上两三周自己学。
    休刊的日子：{ $skip }
    要改，请发 <code>/sources skip { $name } 10-01 10-02</code>；写 - 表示没有。
source-rhythm-auto = 自己学
source-rhythm-none = 没有
source-rhythm-back = 返回
refused-skip =
    请写休刊的日子，例如 <code>/sources skip 云溪日报 10-01 10月2日 2027-02-06</code>；写 - 表示没有。
source-declared = 写在 sources.toml 里；要撤下，请改那个文件。
source-not-due = 不再查看
source-never = 从未
source-pause = 暂停
source-resume = 恢复
source-remove = 撤下
source-remove-yes = 确定撤下
source-remove-ask = 要撤下 <b>{ $name }</b> 吗？已经收到的报刊都留着，只是不再查看。
source-removed = 已撤下 { $name }。
source-back = 全部来源
refused-source-gone = 这个来源已经不在了。
refused-source-declared = 它写在 sources.toml 里，请改那个文件。
refused-no-sources = 这里不能增加来源。

## 增加

source-add-how =
    请写上网址，例如 <code>/sources add https://paper.example/rss</code>
    后面可以再写名称。也可以只写随附的报名：{ $ready }。
source-looking = 正在看 { $address }，稍等……
source-found =
    <b>{ $name }</b>
    <code>{ $address }</code>
    这是{ $what }。
source-found-feed = 一个订阅源
source-found-epaper = 电子报（{ $profile } 类）
source-found-periodicals = 期刊列表
source-found-articles = 文章列表（{ $profile } 类）
source-sample = { $label }：{ $text }
source-sample-newest = 最新
source-sample-issue = 最新一期
source-sample-pages = 版面
source-sample-article = 其中一篇
source-sample-past = 已有的内容算作看过，从现在起收新的。
source-add-ask = 要开始监看吗？
source-add-yes = 开始监看
source-added = 好的，已开始监看 <b>{ $name }</b>。
source-add-not = 好的，没有增加。
source-add-problem = 试读到一半遇到问题：{ $reason }
source-known = 已经在监看：<b>{ $name }</b>。
source-not-page = 那里是一个普通网页，没有认出订阅源、电子报或期刊列表。可以写一个方案，见 docs/sources.md，用 <code>kanbao sources try</code> 逐步试。
source-not-pdf = 那里是一份 PDF。单份文件请直接发给我；要监看，请给出它所在的列表页。
source-not-nothing = 那里什么都没有读到：{ $reason }

not-found-source = 没有这个来源：{ $name }。全部来源见 /sources。
audit-do-source-add = 增加来源
audit-do-source-pause = 暂停来源
audit-do-source-resume = 恢复来源
audit-do-source-remove = 撤下来源
audit-do-source-rhythm = 改出报日程
