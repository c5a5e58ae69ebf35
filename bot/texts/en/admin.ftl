# What admins see.

help-admin =
    <b>Admin</b>
    /issues – recent issues; open one for its articles, topics and confidence
    /preview 1 动力电池 – the digest of a topic for the newest issue
    /push – push the newest issue, or /push 2 #动力电池 daily
    /broadcast – tell all readers, with a photo or file, now or later
    /recall – delete or replace what went out in the last 48 hours
    /topic – definitions: look, add, change, remove
    /sources – what is watched; /sources add ADDRESS
    /stats, /outbox (what waits and what failed), /audit
    Send me a file and it goes into the inbox; a .toml file is taken as a topic.

## Push and broadcast

push-ask =
    { $readers ->
        [one] Push <b>{ $issue }</b> to { $readers } reader?
       *[other] Push <b>{ $issue }</b> to { $readers } readers?
    }
push-nobody = Nobody would get this issue: no subscription matches, or all have had it.
broadcast-ask =
    { $readers ->
        [one] Send this to { $readers } reader?
       *[other] Send this to { $readers } readers?
    }
    Above is what they will see.
broadcast-nobody = There is nobody to send this to right now.
broadcast-how =
    Write the text after the command, or send /broadcast as a reply to a message.
    For one photo or one file, put /broadcast into its caption, or reply to it. What is forwarded here is replied to as well.
content = { $kind ->
    [video] a video
    [animation] an animation
    [audio] music
    [voice] a voice message
    [video_note] a video message
    [sticker] a sticker
    [poll] a poll
    [location] a location
    [venue] a place
    [contact] a contact
    [dice] a die
    [story] a story
    [checklist] a checklist
   *[other] such a message
    }
refused-broadcast-album =
    Nothing was sent: this is an album, and a broadcast carries one photo or one file.
    Please send that one alone, with /broadcast in its caption; several files can be packed into one .zip before.
refused-broadcast-elsewhere =
    Nothing was sent: you replied to a message of another chat, of which I do not see everything.
    Please forward it to me first, and reply to that with /broadcast.
refused-broadcast-video =
    Nothing was sent: I cannot broadcast { $found } as such, only a text, one photo or one file.
    Please send it as a file, with /broadcast in its caption.
refused-broadcast-audio =
    Nothing was sent: I cannot broadcast { $found }, only a text, one photo or one file.
    Please pack it into a .zip and send that as a file, with /broadcast in its caption.
refused-broadcast-other =
    Nothing was sent: I cannot broadcast { $found }, only a text, one photo or one file.
    Please say it in words, or as a picture, and send /broadcast again.
batch-line =
    { $readers ->
        [one] { $at } · { $what } · { $readers } reader
       *[other] { $at } · { $what } · { $readers } readers
    }
batch-media = photo or file
send-audience = For: { $audience }
send-takes = At { $rate } messages a second this takes about { $time }.
send-takes-paid = This takes about { $time }.
send-paid =
    Paid: { $messages } messages may be paid for. Telegram takes { $price } Stars for each beyond the free rate, { $stars } at most.
    Today's budget has { $left } left; after that it goes on at the free rate.
send-once = Rather lost than twice: where the connection breaks and nobody knows whether it arrived, it is not sent again but counted in the report.
way-paid-off = Pay to be faster
way-paid-on = ✓ Pay to be faster
way-once-off = Rather lost than twice
way-once-on = ✓ Rather lost than twice
send-yes =
    { $readers ->
        [one] Send to { $readers } reader
       *[other] Send to { $readers } readers
    }
send-look = Look at samples
send-test = Send it to me first
send-tested = Sent to you alone
send-later = Send later …
send-aim = Choose readers …
send-changed = The number of readers or the content has changed, and nothing was sent.
send-known = Somebody has confirmed this already, or it has expired.
send-cancelled = Cancelled; nothing was sent.
send-scheduled = Scheduled for { $at }, to whoever fits then; at the moment { $readers }.
refused-plan-gone = This has been started, cancelled, or has expired.
refused-past = That time is past. Please choose another.
later-day = On which day?
later-time =
    At what time on { $day }? A tap schedules it, for about { $readers } readers.
    Times are in { $zone }.
later-today = Today
later-tomorrow = Tomorrow
scheduled = <b>Scheduled</b>
scheduled-cancel = Cancel { $at }
scheduled-cancelled = Cancelled; it will not be sent.
sample-who = { $place }/{ $of } · { $language } · { $where }
sample-nothing = There is nothing left that this reader has not had.

## Readers

audience-how = It may go to some readers only. Or write it after the command: <code>/push 1 #动力电池 daily groups</code>, <code>/push query:江澜时代</code>.
refused-push-words =
    I do not understand “{ $words }”.
    Write it like <code>/push 2 #动力电池 daily groups</code>, where 2 is the number in /issues; or send /push alone and use the buttons.
audience-choose = Choose:
audience-all = all
audience-topic = Topic: { $value }
audience-cadence = Cadence: { $value }
audience-language = Language: { $value }
audience-place = Chats: { $value }
audience-language-zh-hans = simplified Chinese
audience-language-zh-hant = traditional Chinese
audience-language-en = English
audience-place-private = private
audience-place-groups = groups and channels

## On its way

report-sending = Sending …
report-sending-delete = Deleting …
report-sending-amend = Replacing …
report-held = Paused.
report-failing = Too much failed, so it has stopped itself. Look at /outbox; resume if all is well.
report-stopping = Stopping …
report-ended = Stopped.
report-done = Done.
report-done-delete = All is deleted.
report-done-amend = All is replaced.
report-sent = Sent: { $count }
report-sent-delete = Deleted: { $count }
report-sent-amend = Replaced: { $count }
report-queued = Waiting: { $count }
report-paused = Gone: { $count }
report-failed = Failed: { $count }
report-expired = Expired: { $count }
report-uncertain = Perhaps sent, not sent again: { $count }
report-paid = Paid messages: { $count }, { $stars } Stars at most
report-used-up = Today's budget is used up; the rest goes at the free rate.
report-stopped = Not sent any more: { $count }
report-nothing = There was nothing to send: these readers have had it all.
report-left = Left: { $time }
report-took = Took: { $time }
report-refresh = Refresh
push-pause = Pause
push-resume = Resume
push-stop = Stop
push-paused = Paused; nothing goes out after the next second
push-resumed = Going on
push-stopped = Stopped; what has not gone out will not
push-as-it-was = It was so already, or all is sent
duration-short = less than a minute
duration-minutes = { $minutes } min
duration-hours = { $hours } h { $minutes } min

## Recall

recall = <b>Sent in the last two days</b>
recall-none = No push or broadcast went out in the last two days.
recall-how = <code>/recall 1</code> deletes; <code>/recall 1 corrected text</code> puts that in its place. Telegram allows it for 48 hours.
recall-this = Recall number { $number }
refused-recall-content = What was sent can be changed to another text only, not to a photo or a file. Please write just the text, such as <code>/recall 1 the right words</code>.
recall-running = This is still being sent; it will be stopped first, and then what went out is dealt with.
recall-ask-delete =
    { $readers ->
        [one] Delete { $readers } message that was sent? { $issue }
       *[other] Delete the { $readers } that were sent? { $issue }
    }
recall-ask-amend =
    { $readers ->
        [one] Replace { $readers } message that was sent by the text above? { $issue }
       *[other] Replace the { $readers } that were sent by the text above? { $issue }
    }
recall-old =
    { $count ->
        [one] { $count } more is older than 48 hours, which Telegram does not let us touch.
       *[other] { $count } more are older than 48 hours, which Telegram does not let us touch.
    }
recall-nothing = There is nothing to recall: nothing was sent, or it is recalled already.
recall-yes-delete = Delete { $readers }
recall-yes-amend = Replace { $readers }

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
audit-cli = command line
audit-hint = What was sent to one reader: /audit and the chat's number
audit-ledger = <b>Deliveries to { $chat }</b>
audit-ledger-none = Nothing on record.
audit-ledger-line = { $at } · { $kind } · { $state } ({ $ended }) · attempts { $attempts } · messages { $messages }
refused-audit-chat = Write the chat's number, like <code>/audit 1001</code>; a forum topic as <code>/audit -1001234567890:7</code>.
delivery-state-queued = waiting
delivery-state-sent = delivered
delivery-state-done = done
delivery-state-paused = not delivered, the reader cannot be reached
delivery-state-failed = failed
delivery-state-expired = too old, not sent
delivery-state-stopped = stopped before it was sent
delivery-state-uncertain = not known whether it arrived
audit-comma = {", "}
audit-of-readers = to { $value } readers
audit-of-name = “{ $value }”
audit-of-source = “{ $value }”
audit-do-start = start
audit-do-push = push
audit-do-broadcast = broadcast
audit-do-recall = recall
audit-do-test = test to oneself
audit-do-push-paused = sending paused
audit-do-push-resumed = sending resumed
audit-do-push-stopped = sending stopped
audit-do-push-failing = too much failed, stopped by itself
audit-do-ack = alarm acknowledged
audit-do-push-paid = paid sending
audit-of-stars = { $value } Stars at most
audit-of-messages = { $value } paid messages
audit-of-once = rather lost than twice
audit-of-letters = { $value } that could not be sent
audit-of-failed = { $value } failed
audit-of-at = for { $value }
audit-of-alarm = { $value ->
    [alarm-backlog] messages pile up
    [alarm-memory] store nearly full
    [alarm-persistence] store not persisting
    [alarm-skew] wrong clock
    [alarm-late] a late issue
   *[other] sending failed
    }
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
dead-more = <b>Messages that could not be sent</b> ({ $count }; the newest { $shown })
dead-none = There is no message that could not be sent.
dead-line = { $number }. { $at } · { $kind } · { $chat } · { $error }
dead-retry = Retry { $number }
dead-drop = Drop { $number }
dead-retry-all = Retry all
dead-drop-all = Drop all…
dead-drop-ask =
    { $count ->
        [one] Drop the { $count } message that could not be sent?
       *[other] Drop all { $count } messages that could not be sent?
    }
    What is dropped is not sent again and leaves this list; the ledger keeps it.
dead-drop-yes = Drop { $count }
dead-retried = { $count ->
    [0] Somebody has dealt with it already
   *[other] Queued again: { $count }
    }
dead-dropped = { $count ->
    [0] Somebody has dealt with it already
   *[other] Dropped from the list: { $count }
    }
delivery-digest = digest
delivery-push = push
delivery-broadcast = broadcast
delivery-notice = notice
delivery-recall = recall
delivery-correction = correction
audit-do-retry = retried
audit-do-dismiss = dead letter dropped
