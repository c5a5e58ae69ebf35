# 由 zh-Hans 生成，请勿手改：make texts
# 摘要與全文頁。{ $count } 等為數字；書名、文章標題等原文由程式填入，不在此處改寫。

digest-publication-unknown = 刊名不詳
digest-untitled = 無題
digest-date = { $year }年{ $month }月{ $day }日
digest-date-between = { $first }至{ $last }之間
digest-date-within = { $year }年{ $month }月{ $first }日至{ $day }日之間
digest-first-seen = 日期未印，{ $date } { $time } 首見
digest-number = 第{ $number }期
digest-late = { $issue }（晚到）
digest-scan = { $issue }（掃描識別，約 { $sure } 可信）

digest-title-one = { $total } 篇中有 { $count } 篇與您有關
digest-title-count = { $count } 篇與您有關
digest-title-many = { $issues } 期刊報，{ $total } 篇中有 { $count } 篇與您有關
digest-title-short = 刊報摘要
digest-issue-line = { $issue }：{ $total } 篇中 { $count } 篇
digest-issue-count = { $issue }：{ $count } 篇
digest-issues-more = 另有 { $count } 期，見各篇標註
digest-page-of = 第 { $page }/{ $pages } 頁

digest-heading = { $heading }（{ $count } 篇）
digest-heading-continued = { $heading }（續）
digest-corrected = 【更正】
correction-of = <b>更正</b>：《{ $title }》（{ $issue }）
correction-title = 標題原為「{ $old }」，現為「{ $new }」。
correction-text = 原為「{ $old }」，現為「{ $new }」。
correction-more = 另有 { $count } 處改動，見全文。
digest-topic = { $name }（主題）
digest-page = 第{ $page }版
digest-page-periodical = 第{ $page }頁
digest-comma = 、
digest-semicolon = ；
digest-matched = 匹配：{ $queries }
digest-noted = { $text }（{ $notes }）
digest-alias-now = { $written } → 現名{ $found }
digest-alias-before = { $written } → 舊稱{ $found }
digest-alias-other = { $written } → 文中作{ $found }
digest-read = … 全文 { $characters } 字，點 { $number } 閱讀
digest-length = 全文 { $characters } 字
digest-gone = 這篇文章已不再儲存
digest-more = 還有 { $count } 篇 ▸
digest-back = ◂ 上一頁
digest-nothing = 今天的刊報裡沒有與您的訂閱有關的新文章。

article-back = ◂ 返回摘要
article-next = 下一頁 ▸
article-previous = ◂ 上一頁
article-why = 為何推送
article-why-line = { $query }：{ $passage }
article-why-line-page = { $query }：{ $passage }（{ $page }）
article-why-more = 另有 { $count } 條訂閱也匹配
article-figures = 文中數字
article-figures-more = 另有 { $count } 項，見正文
article-continued-on = 本文未完，見{ $place }
article-continued-from = 上接{ $place }
article-empty = （只有標題，沒有正文）

metric-total-investment = 總投資
metric-planned-annual-investment = 年度計劃投資
metric-completed-investment = 已完成投資
metric-capacity = 產能
metric-output = 產量
metric-output-value = 產值
metric-sales = 銷售收入
metric-tax = 稅收
metric-area = 面積
metric-jobs = 就業崗位
metric-headcount = 人數
metric-installed-volume = 裝機量
metric-growth = 增幅
metric-loan = 貸款
metric-count = 數量
metric-other = 其他

stage-signed = 簽約
stage-started = 開工
stage-under-construction = 在建
stage-completed = 竣工
stage-in-production = 投產
stage-planned = 規劃

# 論壇群裡原話題關閉或刪除後，只說一次。
topic-closed = 原來的話題已關閉或刪除，今後的摘要發到本群的總話題（General）。
