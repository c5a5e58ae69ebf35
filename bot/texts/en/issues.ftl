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
notice-problems = ⚠ This file was read, but { $count ->
        [one] one thing is
       *[other] { $count } things are
    } doubtful; please compare it with the paper.
    <code>{ $key }</code>
    { $reason }
notice-no-article = ⚠ No article was found in this file; nobody will get anything of it.
    <code>{ $key }</code>
    { $reason }

problem-not-text = { $name }: not a text
problem-cut = { $name }: only the first { $limit } characters were read
problem-lines = more than { $limit } lines: the rest was not read
problem-no-text = there is no text in it
problem-no-article = no headline with a text under it was recognised
