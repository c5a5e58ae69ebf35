# 管理员查看一期：篇目、版次、主题与拆分把握。
issue-head = <b>{ $issue }</b> · { $articles } 篇{ $unsure ->
    [0] {""}
   *[other] ，{ $unsure } 篇拆分把握不大，请核对
}
issue-problem = ⚠ { $problem }
issue-article = { $number }. <b>{ $title }</b>（{ $page }）{ $topics }
issue-article-unsure = { $number }. ❓<b>{ $title }</b>（{ $page }）{ $topics }
issue-article-corrected = （已更正，以后面的为准）

notice-unreadable = ⚠ 收件目录中的文件无法读取，已跳过；改好后会自动重试。
    <code>{ $key }</code>
    { $reason }
notice-missed = <i>{ $at } 要告诉您而没能送到：</i>
notice-alarm =
    ⚠ 发送出错：{ $reason }
    没能送出的在 /outbox，可以重发或移出。
notice-problems = ⚠ 这份文件读入了，但有 { $count } 处待查，请对照原报。
    <code>{ $key }</code>
    { $reason }
notice-no-article = ⚠ 这份文件里没有读出文章，不会有人收到它。
    <code>{ $key }</code>
    { $reason }

# 为什么没有送到；括号里是 Telegram 的原话。
cause-said = { $cause }（{ $said }）
cause-doubtful = { $cause }，也可能已经送到
cause-not-telegram = HTTP { $status }，不是 Bot API 的回答
cause-sent = 已送达
cause-retry-after = Telegram 要求过一会儿再发
cause-unknown = 不知道送到没有
cause-network = 网络不通
cause-server-error = Telegram 的服务器出错
cause-blocked = 读者停用了机器人
cause-deactivated = 账号已经注销
cause-kicked = 机器人已不在那个会话里
cause-no-rights = 机器人在那里没有发言的权限
cause-cant-initiate = 读者还没有对机器人点“开始”
cause-migrated = 群组已升级为超级群组
cause-topic-closed = 话题已关闭或删除
cause-bad-entities = 格式不合 Telegram 的规定
cause-too-long = 消息太长
cause-not-found = 找不到这个会话
cause-unauthorized = Telegram 不认令牌
cause-unpaid = 星星不够付费
cause-gone = 要改的消息已经不在
cause-unchangeable = 消息不能再改
cause-rejected = Telegram 拒绝了
cause-stale = 等得太久，不再单独发，文章并入下一份摘要

problem-not-text = { $name }：不是文字
problem-cut = { $name }：只读了前 { $limit } 个字
problem-lines = 超过 { $limit } 行，后面的没有读
problem-no-text = 里面没有文字
problem-no-article = 没有认出标题和正文

alarm-backlog =
    ⚠ 有消息已等待 { $minutes } 分钟没有送出，共有 { $chats } 个会话在等。
    正在大规模推送时属正常。不是的话，请看 /outbox 有没有送不出的，过几分钟再看 /stats 里等待的是否还在增加；还在增加就请看服务的日志。
alarm-memory =
    ⚠ 存储的内存已用 { $percent }；写满之后新的报刊和读者的改动都存不下。
    请调高存储服务器的 maxmemory；或者把 KANBAO_LEDGER_DAYS 改小，投递记录占得最多。
alarm-persistence =
    ⚠ 存储没有落盘（AOF 没有开，或者写不进磁盘）：断电或重启会丢失订阅和报刊。
    请在服务器上运行 kanbao doctor，照它说的改。
alarm-skew =
    ⚠ { $machine } 的时钟比存储的{ $side ->
        [ahead] 快
       *[behind] 慢
    } { $seconds } 秒，摘要会在不对的时刻送出。
    请在这台机器和存储所在的机器上都开启自动校时（NTP）。

alarm-ack = 知道了
alarm-ack-of = 知道了：{ $what }
alarm-known = 已记下；恢复之前，一天内不再提醒
alarm-known-already = 已经有人记下了
alarm-push-failing =
    ⚠ 推送失败太多，已自动停下：失败 { $failed }，送达 { $sent }。
    请看 /outbox；没有问题再继续。
notice-ended-push =
    推送结束，用时约 { $minutes } 分钟。
    送达 { $sent }，停用 { $paused }，失败 { $failed }，过期 { $expired }，停止后未发 { $stopped }，不明 { $uncertain }。{ $stars ->
        [none] {""}
       *[other] 付费最多 { $stars } 颗星。
    }
notice-ended-broadcast =
    群发结束，用时约 { $minutes } 分钟。
    送达 { $sent }，停用 { $paused }，失败 { $failed }，过期 { $expired }，停止后未发 { $stopped }，不明 { $uncertain }。{ $stars ->
        [none] {""}
       *[other] 付费最多 { $stars } 颗星。
    }
notice-ended-recall =
    撤回结束，用时约 { $minutes } 分钟。
    撤回 { $sent }，停用 { $paused }，失败 { $failed }，过期 { $expired }，停止后未动 { $stopped }。
