# 由 zh-Hans 生成，请勿手改：make texts
# 管理員看到的話。

help-admin =
    <b>管理</b>
    /issues 最近的報刊，點開看文章、主題和把握
    /preview 1 動力電池　預覽最新一期的主題摘要
    /push 推送最新一期，或 /push 2
    /broadcast 群發通知，也可以回覆一條訊息再發
    /topic 主題定義：檢視、增改、撤下
    /sources 來源，/sources add 網址 增加來源
    /stats 統計，/outbox 待發與失敗，/audit 操作記錄
    把報刊檔案直接發給我，就放進收件目錄；.toml 檔案作為主題。

## 推送與群發

push-ask =
    要推送 <b>{ $issue }</b> 嗎？
    { $readers } 位讀者會收到。上面是其中 { $previews } 份的樣子。
push-nobody = 這一期沒有讀者要收：沒有符合的訂閱，或者都已經送過。
broadcast-ask =
    要群發嗎？
    { $readers } 位讀者會收到。上面是他們看到的樣子。
broadcast-nobody = 現在沒有讀者可以群發。
broadcast-how = 請在命令後面寫上要群發的話，或者回復一條訊息再發 /broadcast。
send-yes = 發給 { $readers } 位讀者
send-changed = 讀者數變了，還沒有傳送：現在會發給 { $readers } 位讀者。要發嗎？
send-known = 這一次已經有人確認過，或者已經過期。
send-cancelled = 已取消，什麼都沒有發。
report-sending = 正在傳送……
report-done = 傳送完畢。
report-sent = 已送達：{ $count }
report-queued = 等待中：{ $count }
report-paused = 已停用：{ $count }
report-failed = 失敗：{ $count }
report-expired = 過期未發：{ $count }
report-nothing = 沒有要發的：這些讀者都已經收到過了。
report-refresh = 重新整理

## 預覽

preview-how = 請寫出期和主題，如 <code>/preview 1 動力電池</code>；1 是 /issues 裡最新的一期。
preview-nothing = 這一期裡沒有主題「{ $topic }」的文章。

## 報刊與來源

issues = <b>最近的報刊</b>　點編號看文章。
issues-none = 還沒有收到報刊。把檔案放進收件目錄，或者直接發給我。
issues-line = { $number }. { $issue } · { $articles } 篇
issues-line-waiting = { $number }. { $issue } · { $articles } 篇，正在比對
issues-problems = {" "}· ⚠ { $count } 處待查
push-this = 推送本期
refused-issue-gone = 這一期已經不在了。
sources = <b>來源</b>（{ $count } 個）
source =
    <b>{ $name }</b>
    <code>{ $address }</code>
source-checked = { $at } 看過，{ $state }
source-unchecked = 還沒有看過，{ $state }
source-fine = 正常。
source-problem = ⚠ { $problem }

## 統計與記錄

stats = <b>統計</b>
stats-subscribers = 讀者：{ $count }
stats-paused = 其中暫停：{ $count }
stats-subscriptions = 訂閱：{ $count } 條
stats-queries = 不同的查詢：{ $count }
stats-issues = 報刊：{ $count } 期
stats-articles = 文章：{ $count } 篇
stats-backlog = 等待發送：{ $count }
stats-backlog-seconds = 最久已等：{ $count } 秒
audit = <b>操作記錄</b>
audit-none = 還沒有記錄。
audit-line = { $at } · { $actor } · { $action }
audit-details = ：{ $detail }
audit-service = 系統
audit-comma = ，
audit-of-readers = { $value } 位讀者
audit-of-name = 「{ $value }」
audit-of-source = 「{ $value }」
audit-do-start = 啟動
audit-do-push = 推送
audit-do-broadcast = 群發
audit-do-topic = 改主題
audit-do-topic-removed = 撤下主題

## 主題定義

topic-list =
    <b>主題定義</b>（{ $count } 個）　點一個檢視。
    增改：把 TOML 寫在 /topic 後面，或者發一個 .toml 檔案。
topic-shown =
    <b>{ $topic }</b>（{ $terms } 個詞）
    { $definition }
topic-toml = <pre>{ $toml }</pre>
topic-stored = 主題「{ $topic }」已儲存，共 { $terms } 個詞，從下一期起生效。
topic-remove = 撤下
topic-remove-ask = 要撤下主題「{ $topic }」嗎？訂閱它的讀者不會再收到新文章。
topic-remove-yes = 撤下
topic-removed = 主題「{ $topic }」已撤下。
file-taken = 已把 { $name } 放進收件目錄，讀完就會比對。
refused-file-kind = 不收「{ $name }」這種檔案。可以發：{ $kinds }
refused-file-size = 檔案太大，最多 { $megabytes } MB。
refused-no-inbox = 現在沒有收件目錄，收不了檔案。

## 待發與死信

outbox-waiting = 等待發送的會話：{ $count }，最久 { $seconds } 秒
dead = <b>沒能送出的訊息</b>
dead-none = 沒有送不出的訊息。
dead-line = { $number }. { $at } · { $kind } · { $chat } · { $error }
dead-retry = { $number } 重發
dead-drop = { $number } 移出
dead-retry-all = 全部重發
dead-retried = { $count ->
    [0] 已經有人處理過了
   *[other] 已重新排隊：{ $count }
    }
dead-dropped = { $count ->
    [0] 已經有人處理過了
   *[other] 已移出
    }
delivery-digest = 摘要
delivery-push = 推送
delivery-broadcast = 群發
delivery-notice = 通知
audit-do-retry = 重發
audit-do-dismiss = 移出死信
