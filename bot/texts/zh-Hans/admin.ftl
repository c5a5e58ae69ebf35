# 管理员看到的话。

help-admin =
    <b>管理</b>
    /issues 最近的报刊，点开看文章、主题和把握
    /preview 1 动力电池　预览最新一期的主题摘要
    /push 推送最新一期，或 /push 2 #动力电池 每天
    /broadcast 群发通知，可带图片或文件，可定时
    /recall 撤回或改动 48 小时内发出的
    /topic 主题定义：查看、增改、撤下
    /sources 来源，/sources add 网址 增加来源
    /stats 统计，/outbox 待发与失败，/audit 操作记录
    把报刊文件直接发给我，就放进收件目录；.toml 文件作为主题。

## 推送与群发

push-ask =
    要推送 <b>{ $issue }</b> 吗？
    { $readers } 位读者会收到。
push-nobody = 这一期没有读者要收：没有符合的订阅，或者都已经送过。
broadcast-ask = 要群发吗？{ $readers } 位读者会收到，看到的就是上面的样子。
broadcast-nobody = 现在没有读者可以群发。
broadcast-how =
    请在命令后面写上要群发的话，或者回复一条消息再发 /broadcast。
    要带一张图片或一个文件，就把 /broadcast 写在它的说明里，或者回复它。转发来的消息，回复它就行。
content = { $kind ->
    [video] 视频
    [animation] 动图
    [audio] 音频
    [voice] 语音
    [video_note] 圆形视频
    [sticker] 贴纸
    [poll] 投票
    [location] 位置
    [venue] 地点
    [contact] 联系人
    [dice] 骰子
    [story] 动态
    [checklist] 清单
   *[other] 这种消息
    }
refused-broadcast-album =
    没有群发：这是一组图片或文件，群发只能带一张图片或一个文件。
    请把要发的那一个单独发来，说明里写 /broadcast；几个文件可以先压缩成一个 .zip。
refused-broadcast-elsewhere =
    没有群发：您回复的消息在别的会话里，我看不到它的全部内容。
    请先把它转发给我，再回复转发来的那一条，写 /broadcast。
refused-broadcast-video =
    没有群发：{ $found }不能直接群发，能发的是文字、一张图片或一个文件。
    请把它作为文件发来（添加附件时选“文件”），说明里写 /broadcast。
refused-broadcast-audio =
    没有群发：{ $found }不能群发，能发的是文字、一张图片或一个文件。
    请压缩成 .zip，作为文件发来，说明里写 /broadcast。
refused-broadcast-other =
    没有群发：{ $found }不能群发，能发的是文字、一张图片或一个文件。
    请改用文字，或者截成图片，再写 /broadcast。
batch-line = { $at } · { $what } · { $readers } 位读者
batch-media = 图片或文件
send-audience = 对象：{ $audience }
send-takes = 按每秒 { $rate } 条，预计用时：{ $time }。
send-takes-paid = 预计用时：{ $time }。
send-paid =
    付费加速：这次有 { $messages } 条可以付费。Telegram 对超出免费速度的每条收 { $price } 颗星，最多 { $stars } 颗。
    今天的额度还剩 { $left } 条，用完后按免费速度发送。
send-once = 宁漏勿重：中途断线、不知道送到没有的，不再重发，在报告里单独计数。
way-paid-off = 付费加速
way-paid-on = ✓ 付费加速
way-once-off = 宁漏勿重
way-once-on = ✓ 宁漏勿重
send-yes = 发给 { $readers } 位读者
send-look = 看样张
send-test = 先发给我自己
send-tested = 已单独发给您
send-later = 定时发送…
send-aim = 选择对象…
send-changed = 读者数或内容变了，还没有发送。
send-known = 这一次已经有人确认过，或者已经过期。
send-cancelled = 已取消，什么都没有发。
send-scheduled = 已排定：{ $at } 发给届时符合的读者，现在是 { $readers } 位。
refused-plan-gone = 这一次已经开始、取消或者过期了。
refused-past = 这个时间已经过了，请另选一个。
later-day = 哪一天发？
later-time =
    { $day } 几点发？点一下就排定，届时发给约 { $readers } 位读者。
    时区：{ $zone }。
later-today = 今天
later-tomorrow = 明天
scheduled = <b>已排定</b>
scheduled-cancel = 取消 { $at } 的发送
scheduled-cancelled = 已取消，不会发送。
sample-who = { $place }/{ $of } · { $language } · { $where }
sample-nothing = 这位读者没有要收的文章了。

## 对象

audience-how = 可以只发给一部分读者；也可以写在命令后面，如 <code>/push 1 #动力电池 每天 群组</code>，或 <code>/push 查询:江澜时代</code>。
refused-push-words =
    不明白“{ $words }”。
    这样写：<code>/push 2 #动力电池 每天 群组</code>，2 是 /issues 里的编号；也可以只发 /push，再用按钮选。
audience-choose = 请选择：
audience-all = 全部
audience-topic = 主题：{ $value }
audience-cadence = 节奏：{ $value }
audience-language = 语言：{ $value }
audience-place = 会话：{ $value }
audience-language-zh-hans = 简体
audience-language-zh-hant = 繁体
audience-language-en = 英文
audience-place-private = 私聊
audience-place-groups = 群组和频道

## 发送过程

report-sending = 正在发送……
report-sending-delete = 正在撤回……
report-sending-amend = 正在改动……
report-held = 已暂停。
report-failing = 失败太多，已自动停下。请看 /outbox；没有问题再继续。
report-stopping = 正在停止……
report-ended = 已停止。
report-done = 发送完毕。
report-done-delete = 撤回完毕。
report-done-amend = 改动完毕。
report-sent = 已送达：{ $count }
report-sent-delete = 已删除：{ $count }
report-sent-amend = 已改动：{ $count }
report-queued = 等待中：{ $count }
report-paused = 已停用：{ $count }
report-failed = 失败：{ $count }
report-expired = 过期未发：{ $count }
report-uncertain = 不知道送到没有，未重发：{ $count }
report-paid = 付费消息：{ $count } 条，最多 { $stars } 颗星
report-used-up = 今天的付费额度用完了，其余按免费速度发送。
report-stopped = 停止后未发：{ $count }
report-nothing = 没有要发的：这些读者都已经收到过了。
report-left = 还需：{ $time }
report-took = 用时：{ $time }
report-refresh = 刷新
push-pause = 暂停
push-resume = 继续
push-stop = 停止
push-paused = 已暂停，一秒之内不再发出
push-resumed = 继续发送
push-stopped = 已停止，没发出的不再发
push-as-it-was = 已经是这样了，或者已经发完
duration-short = 不到一分钟
duration-minutes = { $minutes } 分钟
duration-hours = { $hours } 小时 { $minutes } 分

## 撤回

recall = <b>最近两天发出的</b>
recall-none = 最近两天没有发出过推送或群发。
recall-how = <code>/recall 1</code> 删除；<code>/recall 1 更正后的话</code> 把发出的消息改成这句话。Telegram 只允许处理 48 小时内的消息。
recall-this = 撤回第 { $number } 次
refused-recall-content = 发出的消息只能改成另一段文字，不能换成图片或文件。请只写文字，如 <code>/recall 1 更正后的话</code>。
recall-running = 这一次还在发送，确认后会先停下来，再处理已经发出的。
recall-ask-delete = 要删除已经发出的 { $readers } 份吗？{ $issue }
recall-ask-amend = 要把已经发出的 { $readers } 份改成上面的话吗？{ $issue }
recall-old = 另有 { $count } 份超过 48 小时，Telegram 不让处理。
recall-nothing = 没有可以撤回的消息：要么没有送出，要么已经撤回。
recall-yes-delete = 删除 { $readers } 份
recall-yes-amend = 改动 { $readers } 份

## 预览

preview-how = 请写出期和主题，如 <code>/preview 1 动力电池</code>；1 是 /issues 里最新的一期。
preview-nothing = 这一期里没有主题“{ $topic }”的文章。

## 报刊与来源

issues = <b>最近的报刊</b>　点编号看文章。
issues-none = 还没有收到报刊。把文件放进收件目录，或者直接发给我。
issues-line = { $number }. { $issue } · { $articles } 篇
issues-line-waiting = { $number }. { $issue } · { $articles } 篇，正在比对
issues-problems = {" "}· ⚠ { $count } 处待查
push-this = 推送本期
refused-issue-gone = 这一期已经不在了。
sources = <b>来源</b>（{ $count } 个）
source =
    <b>{ $name }</b>
    <code>{ $address }</code>
source-checked = { $at } 看过，{ $state }
source-unchecked = 还没有看过，{ $state }
source-fine = 正常。
source-problem = ⚠ { $problem }

## 统计与记录

stats = <b>统计</b>
stats-subscribers = 读者：{ $count }
stats-paused = 其中暂停：{ $count }
stats-subscriptions = 订阅：{ $count } 条
stats-queries = 不同的查询：{ $count }
stats-issues = 报刊：{ $count } 期
stats-articles = 文章：{ $count } 篇
stats-backlog = 等待发送：{ $count }
stats-backlog-seconds = 最久已等：{ $count } 秒
audit = <b>操作记录</b>
audit-none = 还没有记录。
audit-line = { $at } · { $actor } · { $action }
audit-details = ：{ $detail }
audit-service = 系统
audit-cli = 命令行
audit-hint = 一位读者的投递记录：/audit 会话编号
audit-ledger = <b>{ $chat } 的投递记录</b>
audit-ledger-none = 没有记录。
audit-ledger-line = { $at } · { $kind } · { $state }（{ $ended }）· 尝试 { $attempts } 次 · 消息 { $messages }
refused-audit-chat = 请写会话编号，例如 <code>/audit 1001</code>；论坛话题写作 <code>/audit -1001234567890:7</code>。
delivery-state-queued = 等待中
delivery-state-sent = 已送达
delivery-state-done = 已办
delivery-state-paused = 读者停用，未送达
delivery-state-failed = 失败
delivery-state-expired = 过期未发
delivery-state-stopped = 停止后未发
delivery-state-uncertain = 不知道送到没有
audit-comma = ，
audit-of-readers = { $value } 位读者
audit-of-name = “{ $value }”
audit-of-source = “{ $value }”
audit-do-start = 启动
audit-do-push = 推送
audit-do-broadcast = 群发
audit-do-recall = 撤回
audit-do-test = 试发给自己
audit-do-push-paused = 暂停发送
audit-do-push-resumed = 继续发送
audit-do-push-stopped = 停止发送
audit-do-push-failing = 失败太多，自动停下
audit-do-ack = 知道了告警
audit-do-push-paid = 付费发送
audit-of-stars = 最多 { $value } 颗星
audit-of-messages = { $value } 条付费消息
audit-of-once = 宁漏勿重
audit-of-letters = { $value } 条没能送出的
audit-of-failed = { $value } 条失败
audit-of-at = 定于 { $value }
audit-of-alarm = { $value ->
    [alarm-backlog] 消息堆积
    [alarm-memory] 存储将满
    [alarm-persistence] 没有落盘
    [alarm-skew] 时钟不准
    [alarm-late] 报刊迟到
   *[other] 发送出错
    }
audit-do-topic = 改主题
audit-do-topic-removed = 撤下主题

## 主题定义

topic-list =
    <b>主题定义</b>（{ $count } 个）　点一个查看。
    增改：把 TOML 写在 /topic 后面，或者发一个 .toml 文件。
topic-shown =
    <b>{ $topic }</b>（{ $terms } 个词）
    { $definition }
topic-toml = <pre>{ $toml }</pre>
topic-stored = 主题“{ $topic }”已保存，共 { $terms } 个词，从下一期起生效。
topic-remove = 撤下
topic-remove-ask = 要撤下主题“{ $topic }”吗？订阅它的读者不会再收到新文章。
topic-remove-yes = 撤下
topic-removed = 主题“{ $topic }”已撤下。
file-taken = 已把 { $name } 放进收件目录，读完就会比对。
refused-file-kind = 不收“{ $name }”这种文件。可以发：{ $kinds }
refused-file-size = 文件太大，最多 { $megabytes } MB。
refused-no-inbox = 现在没有收件目录，收不了文件。

## 待发与死信

outbox-waiting = 等待发送的会话：{ $count }，最久 { $seconds } 秒
dead = <b>没能送出的消息</b>
dead-more = <b>没能送出的消息</b>（{ $count } 条，先列最近 { $shown } 条）
dead-none = 没有送不出的消息。
dead-line = { $number }. { $at } · { $kind } · { $chat } · { $error }
dead-retry = { $number } 重发
dead-drop = { $number } 移出
dead-retry-all = 全部重发
dead-drop-all = 全部移出…
dead-drop-ask =
    要把没能送出的 { $count } 条都移出吗？
    移出的不会再发，也不再列在这里；投递记录里仍然查得到。
dead-drop-yes = 移出 { $count } 条
dead-retried = { $count ->
    [0] 已经有人处理过了
   *[other] 已重新排队：{ $count }
    }
dead-dropped = { $count ->
    [0] 已经有人处理过了
   *[other] 已移出：{ $count }
    }
delivery-digest = 摘要
delivery-push = 推送
delivery-broadcast = 群发
delivery-notice = 通知
delivery-recall = 撤回
delivery-correction = 更正
audit-do-retry = 重发
audit-do-dismiss = 移出死信
