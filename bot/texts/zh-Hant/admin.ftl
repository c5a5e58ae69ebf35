# 由 zh-Hans 生成，请勿手改：make texts
# 管理員看到的話。

help-admin =
    <b>管理</b>
    /issues 最近的報刊，點開看文章、主題和把握
    /preview 1 動力電池　預覽最新一期的主題摘要
    /push 推送最新一期，或 /push 2 #動力電池 每天
    /broadcast 群發通知，可帶圖片或檔案，可定時
    /recall 撤回或改動 48 小時內發出的
    /topic 主題定義：檢視、增改、撤下
    /sources 來源，/sources add 網址 增加來源
    /stats 統計，/outbox 待發與失敗，/audit 操作記錄
    把報刊檔案直接發給我，就放進收件目錄；.toml 檔案作為主題。

## 推送與群發

push-ask =
    要推送 <b>{ $issue }</b> 嗎？
    { $readers } 位讀者會收到。
push-nobody = 這一期沒有讀者要收：沒有符合的訂閱，或者都已經送過。
broadcast-ask = 要群發嗎？{ $readers } 位讀者會收到，看到的就是上面的樣子。
broadcast-nobody = 現在沒有讀者可以群發。
broadcast-how =
    請在命令後面寫上要群發的話，或者回復一條訊息再發 /broadcast。
    要帶一張圖片或一個檔案，就把 /broadcast 寫在它的說明裡，或者回復它。轉發來的訊息，回覆它就行。
content = { $kind ->
    [video] 影片
    [animation] 動圖
    [audio] 音訊
    [voice] 語音
    [video_note] 圓形影片
    [sticker] 貼紙
    [poll] 投票
    [location] 位置
    [venue] 地點
    [contact] 聯絡人
    [dice] 骰子
    [story] 動態
    [checklist] 清單
   *[other] 這種訊息
    }
refused-broadcast-album =
    沒有群發：這是一組圖片或檔案，群發只能帶一張圖片或一個檔案。
    請把要發的那一個單獨發來，說明裡寫 /broadcast；幾個檔案可以先壓縮成一個 .zip。
refused-broadcast-elsewhere =
    沒有群發：您回覆的訊息在別的會話裡，我看不到它的全部內容。
    請先把它轉發給我，再回復轉發來的那一條，寫 /broadcast。
refused-broadcast-video =
    沒有群發：{ $found }不能直接群發，能發的是文字、一張圖片或一個檔案。
    請把它作為檔案發來（新增附件時選「檔案」），說明裡寫 /broadcast。
refused-broadcast-audio =
    沒有群發：{ $found }不能群發，能發的是文字、一張圖片或一個檔案。
    請壓縮成 .zip，作為檔案發來，說明裡寫 /broadcast。
refused-broadcast-other =
    沒有群發：{ $found }不能群發，能發的是文字、一張圖片或一個檔案。
    請改用文字，或者截成圖片，再寫 /broadcast。
batch-line = { $at } · { $what } · { $readers } 位讀者
batch-media = 圖片或檔案
send-audience = 物件：{ $audience }
send-takes = 按每秒 { $rate } 條，預計用時：{ $time }。
send-takes-paid = 預計用時：{ $time }。
send-paid =
    付費加速：這次有 { $messages } 條可以付費。Telegram 對超出免費速度的每條收 { $price } 顆星，最多 { $stars } 顆。
    今天的額度還剩 { $left } 條，用完後按免費速度傳送。
send-once = 寧漏勿重：中途斷線、不知道送到沒有的，不再重發，在報告裡單獨計數。
way-paid-off = 付費加速
way-paid-on = ✓ 付費加速
way-once-off = 寧漏勿重
way-once-on = ✓ 寧漏勿重
send-yes = 發給 { $readers } 位讀者
send-look = 看樣張
send-test = 先發給我自己
send-tested = 已單獨發給您
send-later = 定時傳送…
send-aim = 選擇物件…
send-changed = 讀者數或內容變了，還沒有傳送。
send-known = 這一次已經有人確認過，或者已經過期。
send-cancelled = 已取消，什麼都沒有發。
send-scheduled = 已排定：{ $at } 發給屆時符合的讀者，現在是 { $readers } 位。
refused-plan-gone = 這一次已經開始、取消或者過期了。
refused-past = 這個時間已經過了，請另選一個。
later-day = 哪一天發？
later-time =
    { $day } 幾點發？點一下就排定，屆時發給約 { $readers } 位讀者。
    時區：{ $zone }。
later-today = 今天
later-tomorrow = 明天
scheduled = <b>已排定</b>
scheduled-cancel = 取消 { $at } 的傳送
scheduled-cancelled = 已取消，不會發送。
sample-who = { $place }/{ $of } · { $language } · { $where }
sample-nothing = 這位讀者沒有要收的文章了。

## 物件

audience-how = 可以只發給一部分讀者；也可以寫在命令後面，如 <code>/push 1 #動力電池 每天 羣組</code>，或 <code>/push 查詢:江瀾時代</code>。
refused-push-words =
    不明白「{ $words }」。
    這樣寫：<code>/push 2 #動力電池 每天 羣組</code>，2 是 /issues 裡的編號；也可以只發 /push，再用按鈕選。
audience-choose = 請選擇：
audience-all = 全部
audience-topic = 主題：{ $value }
audience-cadence = 節奏：{ $value }
audience-language = 語言：{ $value }
audience-place = 會話：{ $value }
audience-language-zh-hans = 簡體
audience-language-zh-hant = 繁體
audience-language-en = 英文
audience-place-private = 私聊
audience-place-groups = 群組和頻道

## 傳送過程

report-sending = 正在傳送……
report-sending-delete = 正在撤回……
report-sending-amend = 正在改動……
report-held = 已暫停。
report-failing = 失敗太多，已自動停下。請看 /outbox；沒有問題再繼續。
report-stopping = 正在停止……
report-ended = 已停止。
report-done = 傳送完畢。
report-done-delete = 撤回完畢。
report-done-amend = 改動完畢。
report-sent = 已送達：{ $count }
report-sent-delete = 已刪除：{ $count }
report-sent-amend = 已改動：{ $count }
report-queued = 等待中：{ $count }
report-paused = 已停用：{ $count }
report-failed = 失敗：{ $count }
report-expired = 過期未發：{ $count }
report-uncertain = 不知道送到沒有，未重發：{ $count }
report-paid = 付費訊息：{ $count } 條，最多 { $stars } 顆星
report-used-up = 今天的付費額度用完了，其餘按免費速度傳送。
report-stopped = 停止後未發：{ $count }
report-nothing = 沒有要發的：這些讀者都已經收到過了。
report-left = 還需：{ $time }
report-took = 用時：{ $time }
report-refresh = 重新整理
push-pause = 暫停
push-resume = 繼續
push-stop = 停止
push-paused = 已暫停，一秒之內不再發出
push-resumed = 繼續傳送
push-stopped = 已停止，沒發出的不再發
push-as-it-was = 已經是這樣了，或者已經發完
duration-short = 不到一分鐘
duration-minutes = { $minutes } 分鐘
duration-hours = { $hours } 小時 { $minutes } 分

## 撤回

recall = <b>最近兩天發出的</b>
recall-none = 最近兩天沒有發出過推送或群發。
recall-how = <code>/recall 1</code> 刪除；<code>/recall 1 更正後的話</code> 把發出的訊息改成這句話。Telegram 只允許處理 48 小時內的訊息。
recall-this = 撤回第 { $number } 次
refused-recall-content = 發出的訊息只能改成另一段文字，不能換成圖片或檔案。請只寫文字，如 <code>/recall 1 更正後的話</code>。
recall-running = 這一次還在傳送，確認後會先停下來，再處理已經發出的。
recall-ask-delete = 要刪除已經發出的 { $readers } 份嗎？{ $issue }
recall-ask-amend = 要把已經發出的 { $readers } 份改成上面的話嗎？{ $issue }
recall-old = 另有 { $count } 份超過 48 小時，Telegram 不讓處理。
recall-nothing = 沒有可以撤回的訊息：要麼沒有送出，要麼已經撤回。
recall-yes-delete = 刪除 { $readers } 份
recall-yes-amend = 改動 { $readers } 份

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
audit-cli = 命令列
audit-hint = 一位讀者的投遞記錄：/audit 會話編號
audit-ledger = <b>{ $chat } 的投遞記錄</b>
audit-ledger-none = 沒有記錄。
audit-ledger-line = { $at } · { $kind } · { $state }（{ $ended }）· 嘗試 { $attempts } 次 · 訊息 { $messages }
refused-audit-chat = 請寫會話編號，例如 <code>/audit 1001</code>；論壇話題寫作 <code>/audit -1001234567890:7</code>。
delivery-state-queued = 等待中
delivery-state-sent = 已送達
delivery-state-done = 已辦
delivery-state-paused = 讀者停用，未送達
delivery-state-failed = 失敗
delivery-state-expired = 過期未發
delivery-state-stopped = 停止後未發
delivery-state-uncertain = 不知道送到沒有
audit-comma = ，
audit-of-readers = { $value } 位讀者
audit-of-name = 「{ $value }」
audit-of-source = 「{ $value }」
audit-do-start = 啟動
audit-do-push = 推送
audit-do-broadcast = 群發
audit-do-recall = 撤回
audit-do-test = 試發給自己
audit-do-push-paused = 暫停傳送
audit-do-push-resumed = 繼續傳送
audit-do-push-stopped = 停止傳送
audit-do-push-failing = 失敗太多，自動停下
audit-do-ack = 知道了告警
audit-do-push-paid = 付費傳送
audit-of-stars = 最多 { $value } 顆星
audit-of-messages = { $value } 條付費訊息
audit-of-once = 寧漏勿重
audit-of-letters = { $value } 條沒能送出的
audit-of-failed = { $value } 條失敗
audit-of-at = 定於 { $value }
audit-of-alarm = { $value ->
    [alarm-backlog] 訊息堆積
    [alarm-memory] 儲存將滿
    [alarm-persistence] 沒有落盤
    [alarm-skew] 時鐘不準
    [alarm-late] 報刊遲到
   *[other] 傳送出錯
    }
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
dead-more = <b>沒能送出的訊息</b>（{ $count } 條，先列最近 { $shown } 條）
dead-none = 沒有送不出的訊息。
dead-line = { $number }. { $at } · { $kind } · { $chat } · { $error }
dead-retry = { $number } 重發
dead-drop = { $number } 移出
dead-retry-all = 全部重發
dead-drop-all = 全部移出…
dead-drop-ask =
    要把沒能送出的 { $count } 條都移出嗎？
    移出的不會再發，也不再列在這裡；投遞記錄裡仍然查得到。
dead-drop-yes = 移出 { $count } 條
dead-retried = { $count ->
    [0] 已經有人處理過了
   *[other] 已重新排隊：{ $count }
    }
dead-dropped = { $count ->
    [0] 已經有人處理過了
   *[other] 已移出：{ $count }
    }
delivery-digest = 摘要
delivery-push = 推送
delivery-broadcast = 群發
delivery-notice = 通知
delivery-recall = 撤回
delivery-correction = 更正
audit-do-retry = 重發
audit-do-dismiss = 移出死信
