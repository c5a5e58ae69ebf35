# 摘要与全文页。{ $count } 等为数字；书名、文章标题等原文由程序填入，不在此处改写。

digest-publication-unknown = 刊名不详
digest-untitled = 无题
digest-date = { $year }年{ $month }月{ $day }日
digest-date-between = { $first }至{ $last }之间
digest-date-within = { $year }年{ $month }月{ $first }日至{ $day }日之间
digest-first-seen = 日期未印，{ $date } { $time } 首见
digest-number = 第{ $number }期
digest-late = { $issue }（晚到）
digest-scan = { $issue }（扫描识别，约 { $sure } 可信）

digest-title-one = { $total } 篇中有 { $count } 篇与您有关
digest-title-count = { $count } 篇与您有关
digest-title-many = { $issues } 期刊报，{ $total } 篇中有 { $count } 篇与您有关
digest-title-short = 刊报摘要
digest-issue-line = { $issue }：{ $total } 篇中 { $count } 篇
digest-issue-count = { $issue }：{ $count } 篇
digest-issues-more = 另有 { $count } 期，见各篇标注
digest-page-of = 第 { $page }/{ $pages } 页

digest-heading = { $heading }（{ $count } 篇）
digest-heading-continued = { $heading }（续）
digest-corrected = 【更正】
correction-of = <b>更正</b>：《{ $title }》（{ $issue }）
correction-title = 标题原为“{ $old }”，现为“{ $new }”。
correction-text = 原为“{ $old }”，现为“{ $new }”。
correction-more = 另有 { $count } 处改动，见全文。
digest-topic = { $name }（主题）
digest-page = 第{ $page }版
digest-page-periodical = 第{ $page }页
digest-comma = 、
digest-semicolon = ；
digest-matched = 匹配：{ $queries }
digest-noted = { $text }（{ $notes }）
digest-alias-now = { $written } → 现名{ $found }
digest-alias-before = { $written } → 旧称{ $found }
digest-alias-other = { $written } → 文中作{ $found }
digest-read = … 全文 { $characters } 字，点 { $number } 阅读
digest-length = 全文 { $characters } 字
digest-gone = 这篇文章已不再保存
digest-more = 还有 { $count } 篇 ▸
digest-back = ◂ 上一页
digest-nothing = 今天的刊报里没有与您的订阅有关的新文章。

article-back = ◂ 返回摘要
article-next = 下一页 ▸
article-previous = ◂ 上一页
article-why = 为何推送
article-why-line = { $query }：{ $passage }
article-why-line-page = { $query }：{ $passage }（{ $page }）
article-why-more = 另有 { $count } 条订阅也匹配
article-figures = 文中数字
article-figures-more = 另有 { $count } 项，见正文
article-continued-on = 本文未完，见{ $place }
article-continued-from = 上接{ $place }
article-empty = （只有标题，没有正文）

metric-total-investment = 总投资
metric-planned-annual-investment = 年度计划投资
metric-completed-investment = 已完成投资
metric-capacity = 产能
metric-output = 产量
metric-output-value = 产值
metric-sales = 销售收入
metric-tax = 税收
metric-area = 面积
metric-jobs = 就业岗位
metric-headcount = 人数
metric-installed-volume = 装机量
metric-growth = 增幅
metric-loan = 贷款
metric-count = 数量
metric-other = 其他

stage-signed = 签约
stage-started = 开工
stage-under-construction = 在建
stage-completed = 竣工
stage-in-production = 投产
stage-planned = 规划

# 论坛群里原话题关闭或删除后，只说一次。
topic-closed = 原来的话题已关闭或删除，今后的摘要发到本群的总话题（General）。
