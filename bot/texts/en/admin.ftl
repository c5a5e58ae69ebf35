# What admins see.

help-admin =
    <b>Admin</b>
    /issues – recent issues; open one for its articles, topics and confidence
    /preview 1 动力电池 – the digest of a topic for the newest issue
    /push – push the newest issue, or /push 2
    /broadcast – tell all readers; also as a reply to a message
    /topic – definitions: look, add, change, remove
    /sources – what is watched; /sources add ADDRESS
    /stats, /outbox (what waits and what failed), /audit
    Send me a file and it goes into the inbox; a .toml file is taken as a topic.

## Push and broadcast

push-ask =
    { $readers ->
        [one] Push <b>{ $issue }</b> to { $readers } reader? Above: { $previews } preview.
       *[other] Push <b>{ $issue }</b> to { $readers } readers? Above: { $previews } of their digests.
    }
push-nobody = Nobody would get this issue: no subscription matches, or all have had it.
broadcast-ask =
    { $readers ->
        [one] Send this to { $readers } reader?
       *[other] Send this to { $readers } readers?
    }
    Above is what they will see.
broadcast-nobody = There is nobody to send this to right now.
broadcast-how = Write the text after the command, or send /broadcast as a reply to a message.
send-yes =
    { $readers ->
        [one] Send to { $readers } reader
       *[other] Send to { $readers } readers
    }
send-changed = The number of readers has changed, and nothing was sent: it would now go to { $readers }. Send it?
send-known = Somebody has confirmed this already, or it has expired.
send-cancelled = Cancelled; nothing was sent.
report-sending = Sending …
report-done = Done.
report-sent = Sent: { $count }
report-queued = Waiting: { $count }
report-paused = Gone: { $count }
report-failed = Failed: { $count }
report-expired = Expired: { $count }
report-nothing = There was nothing to send: these readers have had it all.
report-refresh = Refresh

## Preview

preview-how = Name an issue and a topic, such as <code>/preview 1 动力电池</code>; 1 is the newest of /issues.
preview-nothing = This issue has no article on the topic “{ $topic }”.

## Issues and sources

issues = <b>Recent issues</b>  Tap a number for its articles.
issues-none = No issue has arrived yet. Put files into the inbox, or send them to me.
issues-line =
    { $articles ->
        [one] { $number }. { $issue } · { $articles } article
       *[other] { $number }. { $issue } · { $articles } articles
    }
issues-line-waiting =
    { $articles ->
        [one] { $number }. { $issue } · { $articles } article, matching
       *[other] { $number }. { $issue } · { $articles } articles, matching
    }
issues-problems = {" "}· ⚠ { $count } to check
push-this = Push this issue
refused-issue-gone = This issue is no longer there.
sources = <b>Sources</b> ({ $count })
source =
    <b>{ $name }</b>
    <code>{ $address }</code>
source-checked = Checked { $at }, { $state }
source-unchecked = Not checked yet, { $state }
source-fine = fine.
source-problem = ⚠ { $problem }

## Statistics and records

stats = <b>Statistics</b>
stats-subscribers = Readers: { $count }
stats-paused = Of these paused: { $count }
stats-subscriptions = Subscriptions: { $count }
stats-queries = Distinct queries: { $count }
stats-issues = Issues: { $count }
stats-articles = Articles: { $count }
stats-backlog = Chats waiting: { $count }
stats-backlog-seconds = Longest wait: { $count } s
audit = <b>Who did what when</b>
audit-none = Nothing yet.
audit-line = { $at } · { $actor } · { $action }
audit-details = {": "}{ $detail }
audit-service = service
audit-comma = {", "}
audit-of-readers = to { $value } readers
audit-of-name = “{ $value }”
audit-of-source = “{ $value }”
audit-do-start = start
audit-do-push = push
audit-do-broadcast = broadcast
audit-do-topic = topic changed
audit-do-topic-removed = topic removed

## Topic definitions

topic-list =
    <b>Topics</b> ({ $count })  Tap one to look at it.
    To add or change one, send its TOML after /topic, or as a .toml file.
topic-shown =
    <b>{ $topic }</b> ({ $terms ->
        [one] { $terms } term
       *[other] { $terms } terms
    })
    { $definition }
topic-toml = <pre>{ $toml }</pre>
topic-stored =
    { $terms ->
        [one] The topic “{ $topic }” is stored, with { $terms } term; it counts from the next issue on.
       *[other] The topic “{ $topic }” is stored, with { $terms } terms; it counts from the next issue on.
    }
topic-remove = Remove
topic-remove-ask = Remove the topic “{ $topic }”? Readers who hold it will get nothing new from it.
topic-remove-yes = Remove
topic-removed = The topic “{ $topic }” is removed.
file-taken = { $name } is in the inbox and will be read and matched.
refused-file-kind = “{ $name }” is of a kind that cannot be read. These can: { $kinds }
refused-file-size = The file is too large; { $megabytes } MB at most.
refused-no-inbox = There is no inbox at the moment, so I cannot take files.

## What waits, and dead letters

outbox-waiting = Chats waiting: { $count }, the longest for { $seconds } s
dead = <b>Messages that could not be sent</b>
dead-none = There is no message that could not be sent.
dead-line = { $number }. { $at } · { $kind } · { $chat } · { $error }
dead-retry = Retry { $number }
dead-drop = Drop { $number }
dead-retry-all = Retry all
dead-retried = { $count ->
    [0] Somebody has dealt with it already
   *[other] Queued again: { $count }
    }
dead-dropped = { $count ->
    [0] Somebody has dealt with it already
   *[other] Dropped from the list
    }
delivery-digest = digest
delivery-push = push
delivery-broadcast = broadcast
delivery-notice = notice
audit-do-retry = retried
audit-do-dismiss = dead letter dropped
