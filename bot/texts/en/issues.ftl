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
issue-article-corrected = {" "}(corrected: see the later one)

notice-unreadable = ⚠ A file in the inbox cannot be read and was set aside; it is tried again when it changes.
    <code>{ $key }</code>
    { $reason }
notice-missed = <i>Of { $at }, when it could not reach you:</i>
notice-alarm =
    ⚠ Sending failed: { $reason }
    What could not be sent is in /outbox, to be retried or dropped.
notice-problems = ⚠ This file was read, but { $count ->
        [one] one thing is
       *[other] { $count } things are
    } doubtful; please compare it with the paper.
    <code>{ $key }</code>
    { $reason }
notice-no-article = ⚠ No article was found in this file; nobody will get anything of it.
    <code>{ $key }</code>
    { $reason }

# Why something was not delivered; in brackets what Telegram said.
cause-said = { $cause } ({ $said })
cause-doubtful = { $cause }; it may have arrived all the same
cause-not-telegram = HTTP { $status }, not an answer of the Bot API
cause-sent = delivered
cause-retry-after = Telegram asks to wait
cause-unknown = nobody knows whether it arrived
cause-network = no connection
cause-server-error = an error of Telegram's server
cause-blocked = the reader has blocked the bot
cause-deactivated = the account is deleted
cause-kicked = the bot is no longer in that chat
cause-no-rights = the bot may not write there
cause-cant-initiate = the reader has not pressed Start yet
cause-migrated = the group has become a supergroup
cause-topic-closed = the topic is closed or deleted
cause-bad-entities = the markup is not what Telegram takes
cause-too-long = the message is too long
cause-not-found = there is no such chat
cause-unauthorized = Telegram does not know the token
cause-unpaid = not enough Stars to pay
cause-gone = the message to be changed is gone
cause-unchangeable = the message can be changed no more
cause-rejected = Telegram refused
cause-stale = it waited too long; its articles come with the next digest

problem-not-text = { $name }: not a text
problem-cut = { $name }: only the first { $limit } characters were read
problem-lines = more than { $limit } lines: the rest was not read
problem-no-text = there is no text in it
problem-no-article = no headline with a text under it was recognised

alarm-backlog =
    ⚠ A message has waited { $minutes } minutes; chats waiting: { $chats }.
    During a large push that is normal. Else see whether /outbox lists what cannot be sent, and in some minutes whether /stats still grows; if so, look at the service's log.
alarm-memory =
    ⚠ The store uses { $percent } of its memory; when it is full, it takes neither new issues nor what readers change.
    Raise the store's maxmemory, or lower KANBAO_LEDGER_DAYS: the ledger takes most of it.
alarm-persistence =
    ⚠ The store does not persist (AOF is off or cannot be written): a power cut or a restart would lose subscriptions and issues.
    Run kanbao doctor on the server; it says what to do.
alarm-skew =
    ⚠ The clock of { $machine } is { $seconds } seconds { $side ->
        [ahead] ahead of
       *[behind] behind
    } the store's, so digests come at the wrong time.
    Switch NTP on there and on the store's machine.

alarm-ack = I know
alarm-ack-of = I know: { $what }
alarm-known = Noted; not told again for a day, unless it comes back
alarm-known-already = Somebody has noted it already
alarm-push-failing =
    ⚠ Too much of a push failed, so it has stopped itself: { $failed } failed, { $sent } sent.
    Look at /outbox; resume if all is well.
notice-ended-push =
    The push is over, after about { $minutes } min.
    Sent { $sent }, gone { $paused }, failed { $failed }, expired { $expired }, not sent any more { $stopped }, perhaps sent { $uncertain }.{ $stars ->
        [none] {""}
       *[other] {" "}Paid: { $stars } Stars at most.
    }
notice-ended-broadcast =
    The broadcast is over, after about { $minutes } min.
    Sent { $sent }, gone { $paused }, failed { $failed }, expired { $expired }, not sent any more { $stopped }, perhaps sent { $uncertain }.{ $stars ->
        [none] {""}
       *[other] {" "}Paid: { $stars } Stars at most.
    }
notice-ended-recall =
    The recall is over, after about { $minutes } min.
    Recalled { $sent }, gone { $paused }, failed { $failed }, expired { $expired }, left as they are { $stopped }.
