# 管理员查看一期：篇目、版次、主题与拆分把握。
issue-head = <b>{ $issue }</b> · { $articles } 篇{ $unsure ->
    [0] {""}
   *[other] ，{ $unsure } 篇拆分把握不大，请核对
}
issue-problem = ⚠ { $problem }
issue-article = { $number }. <b>{ $title }</b>（{ $page }）{ $topics }
issue-article-unsure = { $number }. ❓<b>{ $title }</b>（{ $page }）{ $topics }

notice-unreadable = ⚠ 收件目录中的文件无法读取，已跳过；改好后会自动重试。
    <code>{ $key }</code>
    { $reason }
notice-alarm = ⚠ 发送出错：{ $kind }
