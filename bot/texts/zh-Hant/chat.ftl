# 由 zh-Hans 生成，请勿手改：make texts
# 對話裡的話。寫給機關幹部和分析人員：短、準、和氣。按鈕和彈出提示裡不能有 HTML。

language-name = 繁體中文
list-separator = 、

## 初次見面

start =
    您好，這裡是刊報。

    新一期報刊一到，我逐篇讀完，只把與您有關的文章送來。
    點下面的主題就是訂閱；也可以直接說「訂閱 動力電池」，公司、園區、人名都行。
start-group =
    大家好，這裡是刊報。

    新一期報刊一到，我逐篇讀完，只把與本群有關的文章送來。
    請群管理員傳送 /topics 選主題，或傳送 <code>/subscribe 動力電池</code> 訂閱關鍵詞。
start-usual = 每天早上八點送一份摘要，沒有新內容就不打擾。時間可在 /settings 裡改，用法見 /help。
start-change = 時間可在 /settings 裡改，用法見 /help。
help =
    <b>訂閱</b>
    /topics 主題，點一下訂閱，再點一下退訂
    /subscribe 訂閱關鍵詞，如 <code>/subscribe 動力電池 -廣告</code>
    /test 先試試：<code>/test 儲能 -廣告</code>，不訂閱
    /list 我的訂閱，點編號可改節奏、改寫、分享
    /unsubscribe 退訂

    <b>閱讀</b>
    /digest 現在就看有什麼新內容
    /search 檢索舊報，如 <code>/search 動力電池</code>

    <b>設定</b>
    /settings 時間、免打擾、時區、語言、篇幅
    /pause 暫停推送，/resume 恢復
    /lang 語言
    /export 匯出我的資料，/import 匯入訂閱，/forget 全部刪除

    <b>關鍵詞的寫法</b>
    <code>動力電池 投產</code>　兩個詞都要有
    <code>鋰電|儲能</code>　有一個就行
    <code>重大項目 -廣告</code>　不要出現「廣告」
    <code>標題:簽約</code>　只看標題；還有 <code>版:1</code>、<code>報:金壇時報</code>
    <code>投資額≥10億</code>　按文中的數字

    不必記命令，直接說也行：訂閱 動力電池、退訂 動力電池、我的訂閱、今日摘要。
    群裡由管理員操作。要替頻道訂閱，先請我做頻道管理員，再對我說 <code>/subscribe @頻道名 動力電池</code>
about-channel = 頻道 <b>{ $channel }</b>

## 聽不懂的時候

unknown = 「{ $words }」要怎麼辦？點一下；全部用法見 /help。
unknown-command = 沒有 { $command } 這個命令。能做什麼，請看 /help。
unknown-kind = 我只讀文字。想訂閱什麼，請直接說，如「訂閱 動力電池」；全部用法見 /help。
words-subscribe = 訂閱「{ $words }」
words-test = 先試查
words-search = 檢索舊報
words-how = 不必寫命令：把詞直接發給我，再點「先試查」或「檢索舊報」。
refused-words-gone = 找不到您那句話了，請再發一次。
refused-outdated = 這個按鈕已經過時，請重新發送命令。
refused-group-admins = 群裡的訂閱和設定由群管理員來改。
refused-channel-unknown = 找不到頻道 { $channel }。請檢查名稱，並先把我加進去做管理員。
refused-channel-bot = 我還不能在 { $channel } 發訊息。請把我設為管理員，並允許發布訊息。
refused-channel-admins = { $channel } 的訂閱由它的管理員來改。

## 主題

topics =
    { $count ->
        [0] 點一下主題就是訂閱。
       *[other] 已訂閱 { $count } 個主題（✓）。點一下訂閱，再點一下退訂。
    }
topics-none = 還沒有主題。可以直接訂閱關鍵詞，如「訂閱 動力電池」。
topic-on = 已訂閱：{ $topic }
topic-off = 已退訂：{ $topic }
query-topic = { $name }（主題）
refused-topic-gone = 這個主題已經撤下，請用 /topics 看現有的主題。
refused-topic-unknown = 沒有「{ $topic }」這個主題。現有主題見 /topics；去掉 # 就按關鍵詞訂閱。

## 訂閱與退訂

subscribe-how =
    想訂閱什麼？點一個主題，或者寫出關鍵詞，例如：
    <code>/subscribe 動力電池</code>
    <code>/subscribe 動力電池 投產 -廣告</code>
    <code>/subscribe 鋰電|儲能</code>
subscribed-query = 已訂閱：<b>{ $name }</b>
subscribed-query-already = 您已經訂閱過：<b>{ $name }</b>
subscribed-topic = 已訂閱主題：<b>{ $name }</b>
subscribed-topic-already = 您已經訂閱過主題：<b>{ $name }</b>
dry-run =
    { $articles ->
        [0] 最近 { $issues } 期中沒有符合的文章，等新的一期。
       *[other] 最近 { $issues } 期中有 { $articles } 篇符合，最近的是：
    }
dry-run-sample = · { $title }（{ $issue }）
dry-run-no-issues = 還沒有收到報刊，新的一期到了就會開始比對。
when = 送達時間：{ $cadence }（{ $zone }）
when-instant = 一有新文章就送來。
narrow-hint = 想少收一些？點下面的詞，就不再收含它的文章。
enumerated = 「{ $words }」是都要出現，還是有一個就行？
enumerated-both = 都要：{ $query }
enumerated-either = 有一個就行：{ $query }
test = 試查：<b>{ $query }</b>
test-how = 寫出關鍵詞，先看看會收到什麼，不訂閱，如 <code>/test 儲能 -廣告</code>
changed = 已改為：<b>{ $name }</b>
refused-change-how = 請寫編號和新的寫法，如：/change 3 儲能 -廣告。編號見 /list。
refused-number = 沒有第 { $number } 條，現有的編號是 { $last ->
    [1] 1
   *[other] 1 到 { $last }
}，見 /list。
keep = 保留
kept = 好的，已保留
drop = 不要了
as-keyword = 改按關鍵詞「{ $name }」
unsubscribe-which = 要退訂哪一個？點一下就退。
unsubscribed = 已退訂：<b>{ $name }</b>
unsubscribed-toast = 已退訂：{ $name }
refused-not-held = 這一條已經退訂了。

## 我的訂閱

list = <b>我的訂閱</b>（{ $count } 條）
list-line = { $number }. { $name } · { $cadence } · { $brings }
list-silent = 　　⚠ 六十天沒有文章了，點 { $number } 換個寫法
list-open = 點編號，改這一條。
brings = 最近 { $day }，{ $rate }
brings-new = 最近 { $day }
brings-nothing-new = 訂閱後還沒有新文章
brings-nothing = 還沒有文章
rate-week = 每週約 { $count } 篇
rate-month = 每月約 { $count } 篇
rate-rare = 不到每月一篇

## 一條訂閱

own = <b>{ $name }</b>
own-newest = 最近一篇：{ $title }
own-silent = 六十天沒有文章了。點「換個寫法」，看看別的寫法能找到多少。
own-foot = ↩ 表示跟隨總設定；改了就只管這一條。
own-foot-own = 這一條有自己的時間。
own-inherit = ↩ 跟隨總設定
own-last = 最近一篇為何推送
own-reword = 換個寫法
own-change = 改寫
own-share = 分享
own-drop = 退訂
own-copy = 複製命令
own-change-how =
    直接回復這條訊息，寫上新的寫法就行，如：儲能 -廣告
    也可以複製下面一行，改好再發：
    <code>{ $command }</code>
    它在列表裡的位置和時間都不變。
own-reword-none = 換了幾種寫法，最近三十期裡都沒有「{ $name }」的文章。也許該等等，也許該換個詞。
own-reword-head = 「{ $name }」換個寫法，最近三十期裡有：
own-reword-line = · <code>{ $query }</code>：{ $articles } 篇

## 單獨的話題（論壇群）

own-thread = 單開一個話題
thread-made =
    <b>{ $name }</b> 今後送到單獨的話題：<a href="{ $link }">開啟</a>
    這裡不再送它。在那邊發 /settings，改的只是那個話題。
thread-hello =
    這個話題只送 <b>{ $name }</b>。
    時間、篇幅等照搬了原來的設定，以後在這裡發 /settings 單獨改。改寫會連話題名一起改；退訂後話題關閉，以前的訊息都還在。
thread-own = 這條訂閱
thread-closed = 這個話題已關閉，以前的訊息都還在。
refused-thread-forum = 本群沒有開啟話題。請群主先在群設定裡開啟「話題」，再點一次。
refused-thread-rights = 我還不能在本群新建話題。請把我設為群管理員，給我「管理話題」的許可權，再點一次。
list-threads = 送到單獨話題的：
list-thread-line = · <a href="{ $link }">{ $name }</a> · { $cadence }
list-here-none = 這裡沒有別的訂閱。

## 為何推送，不相關

article-why-button = 為何推送
article-unrelated = 不相關
why =
    <b>{ $title }</b>
    { $place }
why-page = 第 { $page } 版
why-no-place = 未知期號
why-query = 因為訂閱：<b>{ $query }</b>
why-terms = 找到：{ $terms }
why-alias = 「{ $term }」又名「{ $name }」，文中是後者。
why-unknown = 當時的訂閱已經不在了。
why-how = 開啟摘要裡的一篇文章，點「為何推送」；或者傳送 <code>/why 3</code>，看第 3 條訂閱最近一篇的緣由。
why-never = 「{ $name }」還沒有文章。
unrelated = 這篇不相關？去掉下面一個詞，以後就不收這樣的文章。
unrelated-query = 訂閱 <b>{ $query }</b>：
unrelated-line =
    { $hidden ->
        [0] -{ $word }：最近 { $issues } 期裡別的都不受影響
       *[other] -{ $word }：最近 { $issues } 期裡還會少收 { $hidden } 篇，如
    }
unrelated-sample = 　· { $title }
unrelated-none = 這一篇沒有合適的詞可以去掉。想改訂閱的寫法，請看 /list。

## 分享

share =
    誰點開這個連結，就能一鍵訂閱 <b>{ $name }</b>：
    { $link }
    連結裡沒有您的任何資訊。
share-words = 在刊報訂閱「{ $name }」
share-send = 發給別人
share-copy = 複製連結
share-offer = 有人給您分享了一條訂閱：<b>{ $name }</b>
share-take = 訂閱
refused-link-unknown = 這個連結裡的訂閱已經找不到了。直接說「訂閱 動力電池」也行。
list-empty = 還沒有訂閱。點「主題」挑幾個，或者直接說「訂閱 動力電池」。
list-paused = 推送已暫停，傳送 { $command } 恢復。
page-previous = ‹ 上一頁
page-next = 下一頁 ›
back = ‹ 返回
cancel = 取消
open-topics = 主題
open-list = 我的訂閱
open-unsubscribe = 退訂
open-settings = 設定
open-digest = 今日摘要
open-help = 用法
open-search = 檢索
open-test = 試查
open-account = 我的資料
open-export = 匯出
open-import = 匯入
open-forget = 全部刪除…
open-backfill = 補看最近幾期
open-resume = 恢復推送

## 摘要

now-nothing = 現在沒有新內容。剛收到的報紙要幾秒鐘才讀完。要不要看看最近一期裡與您有關的文章？
now-paused = 推送還暫停著，新文章不會自動送來。
now-paused-coming = 這一份馬上送來。推送還暫停著，以後的新文章不會自動送。
now-to-channel = 摘要已發往 { $channel }。
backfill =
    { $issues ->
        [1] 看最近一期
       *[other] 最近 { $issues } 期
    }
backfill-which = 要補看已經出的報刊嗎？只送與您的訂閱有關、又沒送過的文章。
backfill-nothing = 沒有與您有關、又沒送過的文章。
backfill-coming = 好的，這就送來。
refused-digest-gone = 這份摘要已經不在了。傳送 /digest 看最新的。

## 節奏

cadence-daily = 每天
cadence-weekdays = 週一至週五
cadence-workdays = 工作日
cadence-weekly = 每週一次
cadence-monthly = 每月一次
cadence-instant = 隨到隨送
cadence-instant-short = 隨到隨送
cadence-daily-at = 每天 { $times }
cadence-weekdays-at = 週一至週五 { $times }
cadence-workdays-at = 工作日 { $times }
cadence-weekly-at = 每{ $weekday } { $times }
cadence-monthly-at =
    { $day ->
        [29] 每月 29 日 { $times }
        [30] 每月 30 日 { $times }
        [31] 每月最後一天 { $times }
       *[other] 每月 { $day } 日 { $times }
    }
weekday-0 = 週一
weekday-1 = 週二
weekday-2 = 週三
weekday-3 = 週四
weekday-4 = 週五
weekday-5 = 週六
weekday-6 = 週日
day = { $day } 日
day-last = 最後一天

## 設定

settings =
    <b>設定</b>
    現在：{ $cadence }。點一行就能改。
settings-row = { $name }：{ $value }
settings-cadence = 節奏
settings-weekday = 星期
settings-day = 日期
settings-time = 時間
settings-quiet = 免打擾
settings-zone = 時區
settings-language = 語言
settings-length = 篇幅
settings-nothing = 沒有新內容時
settings-nothing-on = 說一聲
settings-nothing-off = 不打擾
settings-silent = 提示音
settings-silent-on = 靜音
settings-silent-off = 響
settings-suggest = 建議關鍵詞
settings-suggest-on = 每週一個
settings-suggest-off = 不要
settings-choose-suggest =
    要不要我每週建議一個關鍵詞？
    要的話，我會記下您最近點開的四十篇文章的編號，只用來找出您常看、還沒訂閱的詞。
    選「不要」就立即刪掉；/export 裡看得到，/forget 一併刪除。
suggest-choose-1 = 每週建議一個
suggest-choose-0 = 不要
settings-paused = 推送
settings-paused-on = 已暫停
settings-paused-off = 開著
settings-choose-cadence = 多久送一次？
settings-choose-weekday = 每週哪一天送？
settings-choose-day = 每月哪一天送？
settings-choose-zone =
    您在哪個時區？點一個，或者傳送 <code>/timezone UTC+8</code>、<code>/timezone 東京</code>；
    把位置發給我也行，我只用它找時區，不儲存。
zone-which = 是哪個時區？
refused-zone-unknown = 不認識時區「{ $zone }」。可以寫 UTC+8、東京 或 Asia/Tokyo。
settings-choose-quiet =
    從幾點起不打擾？這段時間裡該送的，到點一併送。
    現在：{ $quiet }
settings-choose-quiet-to = 到幾點為止？
quiet-off = 不設免打擾
quiet-none = 沒有
quiet-between = { $start } 至 { $end }
refused-quiet-all-day = 起止時間不能相同。想全天不收，請傳送 /pause。
settings-choose-language = 用哪種語言？
settings-choose-length = 每篇文章給多少？
settings-choose-time =
    什麼時間送？點一下選中，再點一下取消，最多四個。
    現在：{ $times }
settings-time-halves = 半點 ›
settings-time-hours = ‹ 整點
length-titles = 只要標題
length-extracts = 標題和要點
length-full = 全文
saved = 已儲存
lang-set = 好的，以後用繁體中文。
refused-last-time = 至少要留一個時間。先選好新的，再取消舊的。
refused-too-many-times = 最多選 { $most } 個時間。先取消一個，再選新的。
paused = 已暫停推送，訂閱都還留著。隨時傳送 { $command } 恢復。
resumed = 推送已恢復：{ $cadence }。

## 建議關鍵詞

suggest-word =
    您最近點開的文章裡常有「{ $word }」，要訂閱嗎？
    （這是您在 /settings 裡要的每週建議。）
suggest-yes = 訂閱
suggest-no = 不要這個
suggest-off = 不再建議
suggest-refused = 好的，不再建議「{ $word }」。
suggest-switched-off = 好的，不再建議；為此記下的都已刪除。想再要時見 /settings。

## 時區

zone-asia-shanghai = 北京時間
zone-asia-hong-kong = 香港
zone-asia-taipei = 臺北
zone-asia-singapore = 新加坡
zone-asia-tokyo = 東京
zone-asia-seoul = 首爾
zone-asia-dubai = 迪拜
zone-europe-moscow = 莫斯科
zone-europe-berlin = 柏林、巴黎
zone-europe-london = 倫敦
zone-america-new-york = 紐約
zone-america-chicago = 芝加哥
zone-america-los-angeles = 洛杉磯
zone-australia-sydney = 悉尼
zone-utc = 世界時 UTC

## 資料

account =
    <b>我的資料</b>
    匯出：設定和全部訂閱，兩個檔案。匯入：把這樣的檔案發給我。
    全部刪除：會先問您。

export = 這是我們儲存的全部資料：設定和訂閱。
export-opml = 這是訂閱列表的 OPML 檔案。哪天想恢復，把兩個檔案中的任何一個發給我就行。
export-nothing = 我們沒有儲存您的任何資料。
import-how = 把 /export 給的 JSON 或 OPML 檔案發給我，或者在那個檔案下回復 /import。加進來之前會先問您。
import-plan =
    { $count ->
        [0] 檔案裡沒有新的訂閱（{ $held } 條已經有了）。
       *[other] 檔案裡有 { $count } 條新的訂閱{ $held ->
            [0] {""}
           *[other] （另有 { $held } 條已經有了）
        }：
    }
import-line = · { $name }
import-more = ……還有 { $count } 條
import-bad = 有 { $count } 條讀不懂，會略過：{ $names }
import-yes = 加入這 { $count } 條
imported = 已加入 { $count } 條訂閱，見 /list。
import-cancelled = 好的，什麼都沒有加。
refused-import-gone = 找不到那個檔案了，請再發一次。
forget-ask = 要刪除全部資料嗎？{ $count } 條訂閱、設定和送達記錄都會刪掉，不能找回。
forget-yes = 全部刪除
forgotten = 已全部刪除。想再用時，傳送 /start 即可。
forget-cancelled = 好的，什麼都沒有刪。

## 命令選單（每條最多 256 字）

command-topics = 主題：點一下訂閱或退訂
command-subscribe = 訂閱關鍵詞，如 動力電池 -廣告
command-unsubscribe = 退訂
command-test = 試查：不訂閱，先看看有多少
command-change = 改寫一條訂閱：編號 新的寫法
command-why = 為何推送
command-timezone = 時區，如 UTC+8
command-import = 匯入訂閱（JSON、OPML）
command-list = 我的訂閱
command-digest = 今日摘要：現在有什麼新內容
command-settings = 設定：時間、時區、語言、篇幅
command-pause = 暫停推送
command-resume = 恢復推送
command-lang = 語言 / Language
command-export = 匯出我的資料
command-forget = 刪除我的全部資料
command-help = 用法
command-push = 推送一期（管理）
command-preview = 預覽：期 主題（管理）
command-broadcast = 群發通知（管理）
command-recall = 撤回推送或群發（管理）
command-issues = 最近的報刊（管理）
command-sources = 來源（管理）
command-topic = 主題定義（管理）
command-stats = 統計（管理）
command-outbox = 待發與失敗的訊息（管理）
command-audit = 操作記錄（管理）
