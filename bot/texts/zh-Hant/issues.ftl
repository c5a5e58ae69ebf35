# 由 zh-Hans 生成，请勿手改：make texts
# 管理員檢視一期：篇目、版次、主題與拆分把握。
issue-head = <b>{ $issue }</b> · { $articles } 篇{ $unsure ->
    [0] {""}
   *[other] ，{ $unsure } 篇拆分把握不大，請核對
}
issue-problem = ⚠ { $problem }
issue-article = { $number }. <b>{ $title }</b>（{ $page }）{ $topics }
issue-article-unsure = { $number }. ❓<b>{ $title }</b>（{ $page }）{ $topics }
issue-article-corrected = （已更正，以後面的為準）

notice-unreadable = ⚠ 收件目錄中的檔案無法讀取，已跳過；改好後會自動重試。
    <code>{ $key }</code>
    { $reason }
notice-missed = <i>{ $at } 要告訴您而沒能送到：</i>
notice-alarm =
    ⚠ 傳送出錯：{ $reason }
    沒能送出的在 /outbox，可以重發或移出。
notice-problems = ⚠ 這份檔案讀入了，但有 { $count } 處待查，請對照原報。
    <code>{ $key }</code>
    { $reason }
notice-no-article = ⚠ 這份檔案裡沒有讀出文章，不會有人收到它。
    <code>{ $key }</code>
    { $reason }

# 為什麼沒有送到；括號裡是 Telegram 的原話。
cause-said = { $cause }（{ $said }）
cause-doubtful = { $cause }，也可能已經送到
cause-not-telegram = HTTP { $status }，不是 Bot API 的回答
cause-sent = 已送達
cause-retry-after = Telegram 要求過一會兒再發
cause-unknown = 不知道送到沒有
cause-network = 網路不通
cause-server-error = Telegram 的伺服器出錯
cause-blocked = 讀者停用了機器人
cause-deactivated = 賬號已經登出
cause-kicked = 機器人已不在那個會話裡
cause-no-rights = 機器人在那裡沒有發言的許可權
cause-cant-initiate = 讀者還沒有對機器人點「開始」
cause-migrated = 群組已升級為超級群組
cause-topic-closed = 話題已關閉或刪除
cause-bad-entities = 格式不合 Telegram 的規定
cause-too-long = 訊息太長
cause-not-found = 找不到這個會話
cause-unauthorized = Telegram 不認令牌
cause-unpaid = 星星不夠付費
cause-gone = 要改的訊息已經不在
cause-unchangeable = 訊息不能再改
cause-rejected = Telegram 拒絕了
cause-stale = 等得太久，不再單獨發，文章併入下一份摘要

problem-not-text = { $name }：不是文字
problem-cut = { $name }：只讀了前 { $limit } 個字
problem-lines = 超過 { $limit } 行，後面的沒有讀
problem-no-text = 裡面沒有文字
problem-no-article = 沒有認出標題和正文

alarm-backlog =
    ⚠ 有訊息已等待 { $minutes } 分鐘沒有送出，共有 { $chats } 個會話在等。
    正在大規模推送時屬正常。不是的話，請看 /outbox 有沒有送不出的，過幾分鐘再看 /stats 裡等待的是否還在增加；還在增加就請看服務的日誌。
alarm-memory =
    ⚠ 儲存的記憶體已用 { $percent }；寫滿之後新的報刊和讀者的改動都存不下。
    請調高儲存伺服器的 maxmemory；或者把 KANBAO_LEDGER_DAYS 改小，投遞記錄佔得最多。
alarm-persistence =
    ⚠ 儲存沒有落盤（AOF 沒有開，或者寫不進磁碟）：斷電或重啟會丟失訂閱和報刊。
    請在伺服器上執行 kanbao doctor，照它說的改。
alarm-skew =
    ⚠ { $machine } 的時鐘比儲存的{ $side ->
        [ahead] 快
       *[behind] 慢
    } { $seconds } 秒，摘要會在不對的時刻送出。
    請在這臺機器和儲存所在的機器上都開啟自動校時（NTP）。

alarm-ack = 知道了
alarm-ack-of = 知道了：{ $what }
alarm-known = 已記下；恢復之前，一天內不再提醒
alarm-known-already = 已經有人記下了
alarm-push-failing =
    ⚠ 推送失敗太多，已自動停下：失敗 { $failed }，送達 { $sent }。
    請看 /outbox；沒有問題再繼續。
notice-ended-push =
    推送結束，用時約 { $minutes } 分鐘。
    送達 { $sent }，停用 { $paused }，失敗 { $failed }，過期 { $expired }，停止後未發 { $stopped }，不明 { $uncertain }。{ $stars ->
        [none] {""}
       *[other] 付費最多 { $stars } 顆星。
    }
notice-ended-broadcast =
    群髮結束，用時約 { $minutes } 分鐘。
    送達 { $sent }，停用 { $paused }，失敗 { $failed }，過期 { $expired }，停止後未發 { $stopped }，不明 { $uncertain }。{ $stars ->
        [none] {""}
       *[other] 付費最多 { $stars } 顆星。
    }
notice-ended-recall =
    撤回結束，用時約 { $minutes } 分鐘。
    撤回 { $sent }，停用 { $paused }，失敗 { $failed }，過期 { $expired }，停止後未動 { $stopped }。
