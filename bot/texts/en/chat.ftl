# What is said in the chat. Buttons and the answers to taps must not hold HTML.

language-name = English
list-separator = {", "}

## First contact

start =
    Hello, this is Kanbao.

    When a new issue of a paper appears, I read every article and send only those that concern you.
    Tap a topic below to subscribe, or just write “subscribe 动力电池”: a company, a park, a name, any word.
start-group =
    Hello, this is Kanbao.

    When a new issue of a paper appears, I read every article and send only those that concern this group.
    Group admins: send /topics to choose topics, or <code>/subscribe 动力电池</code> for a keyword.
start-usual = One digest a day at 08:00, and nothing on days without news. Change that in /settings; /help shows the rest.
start-change = Change that in /settings; /help shows the rest.
help =
    <b>Subscribe</b>
    /topics – tap to subscribe, tap again to stop
    /subscribe – a keyword, such as <code>/subscribe 动力电池 -广告</code>
    /test – try <code>/test 储能 -广告</code> without subscribing
    /list – your subscriptions; tap a number to change, reword or share one
    /unsubscribe – stop a subscription

    <b>Read</b>
    /digest – what is new right now
    /search – old issues, such as <code>/search 动力电池</code>

    <b>Set up</b>
    /settings – time, quiet hours, time zone, language, length
    /pause and /resume
    /lang – language
    /export – take your data with you; /import – bring subscriptions; /forget – delete everything

    <b>How to write keywords</b>
    <code>动力电池 投产</code>  both words
    <code>锂电|储能</code>  either word
    <code>重大项目 -广告</code>  without “广告”
    <code>title:签约</code>  in the title only; also <code>page:1</code>, <code>paper:金坛时报</code>
    <code>投资额≥10亿</code>  by the figures in the article

    Plain words work too: subscribe 动力电池, unsubscribe 动力电池, list, digest.
    In groups, admins do this. For a channel, make me its admin, then tell me here: <code>/subscribe @channel 动力电池</code>
about-channel = Channel <b>{ $channel }</b>

## When we do not understand

unknown = What shall I do with “{ $words }”? Tap; for the rest see /help.
unknown-command = There is no command { $command }. See /help for what I can do.
unknown-kind = I only read text. Tell me what to watch for, such as “subscribe 动力电池”; for the rest see /help.
words-subscribe = Subscribe to “{ $words }”
words-test = Try first
words-search = Search past issues
words-how = No command is needed: send me the words, then tap “Try first” or “Search past issues”.
refused-words-gone = I can no longer find what you wrote. Please send it again.
refused-outdated = This button is out of date. Please send the command again.
refused-group-admins = In this group, only its admins change subscriptions and settings.
refused-channel-unknown = I cannot find the channel { $channel }. Check the name, and add me to it as an admin first.
refused-channel-bot = I may not post in { $channel } yet. Make me an admin there and allow me to post messages.
refused-channel-admins = Only the admins of { $channel } change its subscriptions.

## Topics

topics =
    { $count ->
        [0] Tap a topic to subscribe.
        [one] You have { $count } topic (✓). Tap to subscribe, tap again to stop.
       *[other] You have { $count } topics (✓). Tap to subscribe, tap again to stop.
    }
topics-none = There are no topics yet. You can subscribe to a keyword, such as “subscribe 动力电池”.
topic-on = Subscribed: { $topic }
topic-off = Stopped: { $topic }
query-topic = { $name } (topic)
refused-topic-gone = This topic is no longer offered. See /topics for those there are.
refused-topic-unknown = There is no topic “{ $topic }”. See /topics, or leave out the # to take it as a keyword.

## Subscribing and unsubscribing

subscribe-how =
    What shall I watch for? Tap a topic, or write keywords, such as:
    <code>/subscribe 动力电池</code>
    <code>/subscribe 动力电池 投产 -广告</code>
    <code>/subscribe 锂电|储能</code>
subscribed-query = Subscribed: <b>{ $name }</b>
subscribed-query-already = You already have: <b>{ $name }</b>
subscribed-topic = Subscribed to the topic <b>{ $name }</b>
subscribed-topic-already = You already have the topic <b>{ $name }</b>
dry-run =
    { $articles ->
        [0] Nothing in the last { $issues ->
            [one] issue
           *[other] { $issues } issues
        }; I will watch for the next one.
        [one] { $articles } article in the last { $issues ->
            [one] issue
           *[other] { $issues } issues
        }:
       *[other] { $articles } articles in the last { $issues ->
            [one] issue
           *[other] { $issues } issues
        }; the newest:
    }
dry-run-sample = · { $title } ({ $issue })
dry-run-no-issues = No issue has arrived yet; I will start with the next one.
when = Delivery: { $cadence } ({ $zone })
when-instant = New articles come at once.
narrow-hint = Too much? Tap a word below to leave out articles that hold it.
enumerated = “{ $words }”: must all of these occur, or will any one do?
enumerated-both = All of them: { $query }
enumerated-either = Any of them: { $query }
test = Trying: <b>{ $query }</b>
test-how = Write keywords to see what they would bring, without subscribing: <code>/test 储能 -广告</code>
changed = Now: <b>{ $name }</b>
refused-change-how = Write the number and the new wording, such as /change 3 储能 -广告. The numbers are in /list.
refused-number = There is no number { $number }. Yours { $last ->
    [1] is only 1
   *[other] are 1 to { $last }
}; see /list.
keep = Keep
kept = Kept
drop = Drop
as-keyword = As the keyword “{ $name }” instead
unsubscribe-which = Which one shall I stop? One tap does it.
unsubscribed = Stopped: <b>{ $name }</b>
unsubscribed-toast = Stopped: { $name }
refused-not-held = You have stopped this one already.

## The list

list = <b>Your subscriptions</b> ({ $count })
list-line = { $number }. { $name } · { $cadence } · { $brings }
list-silent = {"    "}⚠ nothing for sixty days; tap { $number } for another wording
list-open = Tap a number to change that one.
brings = last { $day }, { $rate }
brings-new = last { $day }
brings-nothing-new = nothing new since you subscribed
brings-nothing = nothing yet
rate-week =
    { $count ->
        [one] about { $count } article a week
       *[other] about { $count } articles a week
    }
rate-month =
    { $count ->
        [one] about { $count } article a month
       *[other] about { $count } articles a month
    }
rate-rare = less than one a month

## One subscription

own = <b>{ $name }</b>
own-newest = Newest: { $title }
own-silent = Nothing for sixty days. “Another wording” shows what others would find.
own-foot = ↩ follows your settings; a change here is for this one only.
own-foot-own = This one has times of its own.
own-inherit = ↩ As in my settings
own-last = Why the newest came
own-reword = Another wording
own-change = Reword
own-share = Share
own-drop = Unsubscribe
own-copy = Copy the command
own-change-how =
    Just reply to this message with the new wording, such as: 储能 -广告
    Or copy this line, change it, and send it:
    <code>{ $command }</code>
    Its place in the list and its times stay.
own-reword-none = I tried some wordings of “{ $name }”; none has an article in the last thirty issues. Perhaps wait, perhaps try another word.
own-reword-head = Other wordings of “{ $name }” in the last thirty issues:
own-reword-line =
    { $articles ->
        [one] · <code>{ $query }</code>: { $articles } article
       *[other] · <code>{ $query }</code>: { $articles } articles
    }

## A forum topic of its own

own-thread = Give it its own topic
thread-made =
    <b>{ $name }</b> now goes to a topic of its own: <a href="{ $link }">open</a>
    It no longer comes here. /settings over there changes that topic only.
thread-hello =
    This topic brings <b>{ $name }</b> and nothing else.
    It starts with the settings of where it was; /settings in here changes them for this topic only. Change the wording and the topic is renamed; unsubscribe and it is closed, its messages stay.
thread-own = This subscription
thread-closed = The topic is closed. Its messages stay.
refused-thread-forum = This group has no topics. Its owner can turn on "Topics" in the group's settings; then tap again.
refused-thread-rights = I may not make topics in this group yet. Make me an administrator with the right "Manage topics", then tap again.
list-threads = In topics of their own:
list-thread-line = · <a href="{ $link }">{ $name }</a> · { $cadence }
list-here-none = Nothing else is subscribed here.

## Why it came; not relevant

article-why-button = Why this?
article-unrelated = Not relevant
why =
    <b>{ $title }</b>
    { $place }
why-page = page { $page }
why-no-place = issue unknown
why-query = Because you subscribe to <b>{ $query }</b>
why-terms = Found: { $terms }
why-alias = “{ $term }” is also called “{ $name }”, which the text says.
why-unknown = The subscription of that time is gone.
why-how = Open an article of a digest and tap “Why this?”; or send <code>/why 3</code> for the newest article of your third subscription.
why-never = “{ $name }” has no article yet.
unrelated = Not relevant? Leave out one of these words, and articles like this stay away.
unrelated-query = Subscription <b>{ $query }</b>:
unrelated-line =
    { $hidden ->
        [0] -{ $word }: nothing else in the last { $issues } issues
        [one] -{ $word }: { $hidden } more article of the last { $issues } issues, such as
       *[other] -{ $word }: { $hidden } more articles of the last { $issues } issues, such as
    }
unrelated-sample = {"  "}· { $title }
unrelated-none = No single word would keep this one out. To reword a subscription, see /list.

## Sharing

share =
    Whoever opens this link can subscribe to <b>{ $name }</b> with one tap:
    { $link }
    It holds nothing about you.
share-words = Follow “{ $name }” with Kanbao
share-send = Send to somebody
share-copy = Copy the link
share-offer = Somebody shared a subscription with you: <b>{ $name }</b>
share-take = Subscribe
refused-link-unknown = The subscription of this link is no longer known. You can also write “subscribe 动力电池”.
list-empty = You have no subscriptions yet. Choose some topics, or write “subscribe 动力电池”.
list-paused = Delivery is paused. Send { $command } to go on.
page-previous = ‹ Back
page-next = More ›
back = ‹ Back
cancel = Cancel
open-topics = Topics
open-list = My subscriptions
open-unsubscribe = Unsubscribe
open-settings = Settings
open-digest = Digest now
open-help = How to use
open-search = Search
open-test = Try words
open-account = My data
open-export = Export
open-import = Import
open-forget = Delete everything…
open-backfill = See past issues
open-resume = Resume

## Digests

now-nothing = Nothing new right now. An issue that has just come takes some seconds to be read. Would you like what the newest issue has for you?
now-paused = Deliveries are still paused: new articles will not come by themselves.
now-paused-coming = Here comes this one. Deliveries are still paused: later articles will not come by themselves.
now-to-channel = The digest is on its way to { $channel }.
backfill =
    { $issues ->
        [1] The newest issue
       *[other] The last { $issues }
    }
backfill-which = Would you like what past issues have for you? Only articles that your subscriptions find and that you have not had.
backfill-nothing = There is nothing for you that you have not had.
backfill-coming = All right, the articles are on their way.
refused-digest-gone = This digest is no longer kept. Send /digest for the newest.

## Cadence

cadence-daily = every day
cadence-weekdays = Monday to Friday
cadence-workdays = Chinese working days
cadence-weekly = once a week
cadence-monthly = once a month
cadence-instant = at once
cadence-instant-short = at once
cadence-daily-at = every day at { $times }
cadence-weekdays-at = Monday to Friday at { $times }
cadence-workdays-at = on Chinese working days at { $times }
cadence-weekly-at = every { $weekday } at { $times }
cadence-monthly-at =
    { $day ->
        [31] on the last day of each month at { $times }
       *[other] each month on day { $day } at { $times }
    }
weekday-0 = Monday
weekday-1 = Tuesday
weekday-2 = Wednesday
weekday-3 = Thursday
weekday-4 = Friday
weekday-5 = Saturday
weekday-6 = Sunday
day = day { $day }
day-last = last day

## Settings

settings =
    <b>Settings</b>
    Now: { $cadence }. Tap a row to change it.
settings-row = { $name }: { $value }
settings-cadence = How often
settings-weekday = Weekday
settings-day = Day
settings-time = Time
settings-quiet = Quiet hours
settings-zone = Time zone
settings-language = Language
settings-length = Length
settings-nothing = When there is nothing
settings-nothing-on = tell me
settings-nothing-off = stay silent
settings-silent = Sound
settings-silent-on = off
settings-silent-off = on
settings-suggest = Suggestions
settings-suggest-on = a word a week
settings-suggest-off = none
settings-choose-suggest =
    Shall I suggest a word to follow, once a week?
    For that I keep the numbers of the last forty articles you opened, and use them for nothing but finding words that you read much of and do not follow yet.
    “None” deletes them at once; /export shows them, and /forget removes them too.
suggest-choose-1 = Suggest one a week
suggest-choose-0 = None
settings-paused = Delivery
settings-paused-on = paused
settings-paused-off = on
settings-choose-cadence = How often shall I send?
settings-choose-weekday = On which day of the week?
settings-choose-day = On which day of the month?
settings-choose-zone =
    Which time zone are you in? Tap one, or send <code>/timezone UTC+8</code> or <code>/timezone Tokyo</code>.
    You may also send me a location: I only look for the zone and do not keep it.
zone-which = Which one is it?
refused-zone-unknown = I do not know the time zone “{ $zone }”. Try UTC+8, Tokyo or Asia/Tokyo.
settings-choose-quiet =
    Quiet from when? What would have come meanwhile comes at the end.
    Now: { $quiet }
settings-choose-quiet-to = Until when?
quiet-off = No quiet hours
quiet-none = none
quiet-between = { $start } to { $end }
refused-quiet-all-day = The two times must differ. To receive nothing at all, send /pause.
settings-choose-language = Which language?
settings-choose-length = How much of each article?
settings-choose-time =
    At what time? Tap to add, tap again to remove; four at most.
    Now: { $times }
settings-time-halves = Half hours ›
settings-time-hours = ‹ Full hours
length-titles = titles only
length-extracts = titles and extracts
length-full = full text
saved = Saved
lang-set = English from now on.
refused-last-time = At least one time must stay. Add the new one first, then remove the old one.
refused-too-many-times = { $most } times at most. Remove one before you add another.
paused = Delivery is paused; your subscriptions are kept. Send { $command } at any time.
resumed = Delivery goes on: { $cadence }.

## Suggested words

suggest-word =
    Articles you opened lately often mention “{ $word }”. Follow it?
    (This is the weekly suggestion you asked for in /settings.)
suggest-yes = Subscribe
suggest-no = Not this one
suggest-off = No more suggestions
suggest-refused = All right, “{ $word }” will not be suggested again.
suggest-switched-off = All right, no more suggestions. What was kept for them is deleted. /settings brings them back.

## Time zones

zone-asia-shanghai = Beijing time
zone-asia-hong-kong = Hong Kong
zone-asia-taipei = Taipei
zone-asia-singapore = Singapore
zone-asia-tokyo = Tokyo
zone-asia-seoul = Seoul
zone-asia-dubai = Dubai
zone-europe-moscow = Moscow
zone-europe-berlin = Berlin, Paris
zone-europe-london = London
zone-america-new-york = New York
zone-america-chicago = Chicago
zone-america-los-angeles = Los Angeles
zone-australia-sydney = Sydney
zone-utc = UTC

## Your data

account =
    <b>My data</b>
    Export: your settings and subscriptions, as two files. Import: send me such a file.
    Delete everything: I ask first.
export = This is everything we keep of you: settings and subscriptions.
export-opml = Your subscriptions as OPML. To bring them back some day, send me either file.
export-nothing = We keep nothing of you.
import-how = Send me the JSON or OPML file that /export gave you, or answer that file with /import. I will ask before I add anything.
import-plan =
    { $count ->
        [0] The file has no new subscriptions ({ $held } you have already).
        [one] The file has { $count } new subscription{ $held ->
            [0] {""}
           *[other] {" "}({ $held } you have already)
        }:
       *[other] The file has { $count } new subscriptions{ $held ->
            [0] {""}
           *[other] {" "}({ $held } you have already)
        }:
    }
import-line = · { $name }
import-more = … and { $count } more
import-bad = { $count } I cannot read and would leave out: { $names }
import-yes = Add these { $count }
imported =
    { $count ->
        [one] Added { $count } subscription; see /list.
       *[other] Added { $count } subscriptions; see /list.
    }
import-cancelled = Nothing was added.
refused-import-gone = I cannot find that file any more; please send it again.
forget-ask =
    { $count ->
        [one] Delete everything? { $count } subscription, the settings and the record of deliveries will be gone for good.
       *[other] Delete everything? { $count } subscriptions, the settings and the record of deliveries will be gone for good.
    }
forget-yes = Delete everything
forgotten = Everything is deleted. Send /start if you ever want to come back.
forget-cancelled = Nothing was deleted.

## Command menu (256 characters each at most)

command-topics = Topics: tap to subscribe or stop
command-subscribe = Subscribe to keywords, such as 动力电池 -广告
command-unsubscribe = Stop a subscription
command-test = Try a query without subscribing
command-change = Reword a subscription: number, new wording
command-why = Why an article came
command-timezone = Time zone, such as UTC+8
command-import = Bring subscriptions (JSON, OPML)
command-list = My subscriptions
command-digest = What is new right now
command-settings = Time, time zone, language, length
command-pause = Pause delivery
command-resume = Resume delivery
command-lang = Language / 语言
command-export = Take my data with me
command-forget = Delete everything you keep of me
command-help = How it works
command-push = Push an issue (admin)
command-preview = Preview: issue, topic (admin)
command-broadcast = Tell all readers (admin)
command-recall = Recall a push or broadcast (admins)
command-issues = Recent issues (admin)
command-sources = Sources (admin)
command-topic = Topic definitions (admin)
command-stats = Statistics (admin)
command-outbox = What waits and what failed (admin)
command-audit = Who did what when (admin)
