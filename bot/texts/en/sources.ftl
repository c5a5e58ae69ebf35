# Sources: adding, pausing, removing, and what a paper's calendar tells.

notice-late =
    ⏰ The issue of { $day } of <b>{ $paper }</b> has not appeared.
    It is usually there by now. Kanbao keeps looking; if the paper takes a day off, ignore this.
    /sources shows what the last look found; if you have the issue, send me the file.
notice-came-late = 📬 The issue of { $day } of <b>{ $paper }</b> came, later than usual.
notice-missing =
    🔢 No. { $number } of <b>{ $paper }</b> is missing.
    The issues before and after it came, this one did not. If you have it, send me the file.

## The list

sources-all = <b>Sources</b> ({ $count })  Tap a name to look at it.
sources-hint =
    /sources add ADDRESS  adds one: I look what is there, then ask you.
source-line = { $mark } <b>{ $name }</b> · { $kind } · { $state }
source-inbox = Inbox
source-kind-folder = folder
source-kind-feed = feed
source-kind-epaper = e-paper
source-kind-list = list
source-state-fine = fine
source-state-new = not checked yet
source-state-paused = paused
source-state-failing = { $failures ->
        [one] failed once
       *[other] failed { $failures } times in a row
    }
source-state-stopped = stopped
source-shown =
    { $mark } <b>{ $name }</b> · { $kind } · { $state }
    <code>{ $address }</code>
source-shown-inbox =
    <b>{ $name }</b> · { $kind }
    <code>{ $address }</code>
source-looked = Last looked: { $at }
source-times =
    Last looked: { $checked }
    Last success: { $succeeded }
    Next look: { $due }
source-rhythm = Usually: { $days } { $start }–{ $end }
source-weekday = { $day ->
        [0] Mon
        [1] Tue
        [2] Wed
        [3] Thu
        [4] Fri
        [5] Sat
       *[6] Sun
    }
source-newest = Newest issue: { $issue }
source-wrong = ⚠ { $problem }
source-rhythm-change = Schedule
source-rhythm-how =
    🗓 When does <b>{ $name }</b> appear?
    Choose its days and the hours in which it usually goes online; with none chosen I learn them in two or three weeks.
    Days without an issue: { $skip }
    To change them send <code>/sources skip { $name } 10-01 10-02</code>, or - for none.
source-rhythm-auto = Learn it
source-rhythm-none = none
source-rhythm-back = Back
refused-skip =
    Please give the days without an issue, such as <code>/sources skip NAME 10-01 2027-02-06</code>, or - for none.
source-declared = Declared in sources.toml; to remove it, change that file.
source-not-due = none
source-never = never
source-pause = Pause
source-resume = Resume
source-remove = Remove
source-remove-yes = Yes, remove it
source-remove-ask = Remove <b>{ $name }</b>? The issues that came stay; it is just no longer watched.
source-removed = Removed { $name }.
source-back = All sources
refused-source-gone = That source is no longer there.
refused-source-declared = It is declared in sources.toml; change that file.
refused-no-sources = Sources cannot be added here.

## Adding

source-add-how =
    Give an address, such as <code>/sources add https://paper.example/rss</code>
    A name may follow. The name of a paper that comes ready will do as well: { $ready }.
source-looking = Looking at { $address }, one moment…
source-found =
    <b>{ $name }</b>
    <code>{ $address }</code>
    This is { $what }.
source-found-feed = a feed
source-found-epaper = an e-paper (family { $profile })
source-found-periodicals = a list of periodicals
source-found-articles = a list of articles ({ $profile })
source-sample = { $label }: { $text }
source-sample-newest = Newest
source-sample-issue = Newest issue
source-sample-pages = Pages
source-sample-article = One article
source-sample-past = What is there already counts as seen; you get what is new from now on.
source-add-ask = Watch it?
source-add-yes = Watch it
source-added = <b>{ $name }</b> is now watched.
source-add-not = Nothing was added.
source-add-problem = A problem on the way: { $reason }
source-known = Already watched: <b>{ $name }</b>.
source-not-page = That is a plain page: no feed, e-paper or list of periodicals was recognised. You can write a profile, see docs/sources.md, and try it with <code>kanbao sources try</code>.
source-not-pdf = That is one PDF. Send me the file itself; to watch, give the page that lists such files.
source-not-nothing = Nothing could be read there: { $reason }

not-found-source = No source { $name }. All of them: /sources.
audit-do-source-add = source added
audit-do-source-pause = source paused
audit-do-source-resume = source resumed
audit-do-source-remove = source removed
audit-do-source-rhythm = source schedule changed
