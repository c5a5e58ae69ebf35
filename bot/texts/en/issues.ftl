# An issue as an admin sees it: articles, pages, topics, and how sure the split is.
issue-head = <b>{ $issue }</b> · { $articles ->
    [one] 1 article
   *[other] { $articles } articles
}{ $unsure ->
    [0] {""}
   *[other] , { $unsure } to check
}
issue-problem = ⚠ { $problem }
issue-article = { $number }. <b>{ $title }</b> (p. { $page }) { $topics }
issue-article-unsure = { $number }. ❓<b>{ $title }</b> (p. { $page }) { $topics }

notice-unreadable = ⚠ A file in the inbox cannot be read and was set aside; it is tried again when it changes.
    <code>{ $key }</code>
    { $reason }
notice-alarm = ⚠ Sending failed: { $kind }
