# 由 zh-Hans 生成，请勿手改：make texts
# 來源：增加、暫停、撤下，以及報刊日曆的提醒。

notice-late =
    ⏰ <b>{ $paper }</b> { $day } 的一期還沒有出現。
    平時這個時候已經有了。我會繼續看；如果今天休刊，不必理會。
    /sources 裡有上次檢視的情況；手頭有這一期的話，把檔案直接發給我。
notice-came-late = 📬 <b>{ $paper }</b> { $day } 的一期到了，比平時晚。
notice-missing =
    🔢 <b>{ $paper }</b> 缺第 { $number } 期。
    前後兩期都收到了，中間這一期沒有。手頭有的話，把檔案直接發給我。

## 列表

sources-all = <b>來源</b>（{ $count } 個）　點名稱檢視。
sources-hint =
    /sources add 網址　增加來源：我先看看那裡有什麼，再問您。
source-line = { $mark } <b>{ $name }</b> · { $kind } · { $state }
source-inbox = 收件目錄
source-kind-folder = 資料夾
source-kind-feed = 訂閱源
source-kind-epaper = 電子報
source-kind-list = 列表
source-state-fine = 正常
source-state-new = 還沒有看過
source-state-paused = 已暫停
source-state-failing = 連續失敗 { $failures } 次
source-state-stopped = 已停止
source-shown =
    { $mark } <b>{ $name }</b> · { $kind } · { $state }
    <code>{ $address }</code>
source-shown-inbox =
    <b>{ $name }</b> · { $kind }
    <code>{ $address }</code>
source-looked = 上次檢視：{ $at }
source-times =
    上次檢視：{ $checked }
    上次成功：{ $succeeded }
    下次檢視：{ $due }
source-rhythm = 通常：{ $days } { $start }–{ $end }
source-weekday = { $day ->
        [0] 週一
        [1] 週二
        [2] 週三
        [3] 週四
        [4] 週五
        [5] 週六
       *[6] 週日
    }
source-newest = 最近一期：{ $issue }
source-wrong = ⚠ { $problem }
source-rhythm-change = 出報日程
source-rhythm-how =
    🗓 <b>{ $name }</b> 什麼時候出報？
    點選出報的日子和通常上網的時段；都不選，就由我看上兩三週自己學。
    休刊的日子：{ $skip }
    要改，請發 <code>/sources skip { $name } 10-01 10-02</code>；寫 - 表示沒有。
source-rhythm-auto = 自己學
source-rhythm-none = 沒有
source-rhythm-back = 返回
refused-skip =
    請寫休刊的日子，例如 <code>/sources skip 雲溪日報 10-01 10月2日 2027-02-06</code>；寫 - 表示沒有。
source-declared = 寫在 sources.toml 裡；要撤下，請改那個檔案。
source-not-due = 不再檢視
source-never = 從未
source-pause = 暫停
source-resume = 恢復
source-remove = 撤下
source-remove-yes = 確定撤下
source-remove-ask = 要撤下 <b>{ $name }</b> 嗎？已經收到的報刊都留著，只是不再檢視。
source-removed = 已撤下 { $name }。
source-back = 全部來源
refused-source-gone = 這個來源已經不在了。
refused-source-declared = 它寫在 sources.toml 裡，請改那個檔案。
refused-no-sources = 這裡不能增加來源。

## 增加

source-add-how =
    請寫上網址，例如 <code>/sources add https://paper.example/rss</code>
    後面可以再寫名稱。也可以只寫隨附的報名：{ $ready }。
source-looking = 正在看 { $address }，稍等……
source-found =
    <b>{ $name }</b>
    <code>{ $address }</code>
    這是{ $what }。
source-found-feed = 一個訂閱源
source-found-epaper = 電子報（{ $profile } 類）
source-found-periodicals = 期刊列表
source-found-articles = 文章列表（{ $profile } 類）
source-sample = { $label }：{ $text }
source-sample-newest = 最新
source-sample-issue = 最新一期
source-sample-pages = 版面
source-sample-article = 其中一篇
source-sample-past = 已有的內容算作看過，從現在起收新的。
source-add-ask = 要開始監看嗎？
source-add-yes = 開始監看
source-added = 好的，已開始監看 <b>{ $name }</b>。
source-add-not = 好的，沒有增加。
source-add-problem = 試讀到一半遇到問題：{ $reason }
source-known = 已經在監看：<b>{ $name }</b>。
source-not-page = 那裡是一個普通網頁，沒有認出訂閱源、電子報或期刊列表。可以寫一個方案，見 docs/sources.md，用 <code>kanbao sources try</code> 逐步試。
source-not-pdf = 那裡是一份 PDF。單份檔案請直接發給我；要監看，請給出它所在的列表頁。
source-not-nothing = 那裡什麼都沒有讀到：{ $reason }

not-found-source = 沒有這個來源：{ $name }。全部來源見 /sources。
audit-do-source-add = 增加來源
audit-do-source-pause = 暫停來源
audit-do-source-resume = 恢復來源
audit-do-source-remove = 撤下來源
audit-do-source-rhythm = 改出報日程
