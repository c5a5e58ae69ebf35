# The digest and the full text of an article. Titles and names are printed text and are filled in as they stand.

digest-publication-unknown = Unnamed publication
digest-untitled = Untitled
digest-date = { $day } { $name ->
    [m1] January
    [m2] February
    [m3] March
    [m4] April
    [m5] May
    [m6] June
    [m7] July
    [m8] August
    [m9] September
    [m10] October
    [m11] November
   *[m12] December
} { $year }
digest-date-between = between { $first } and { $last }
digest-date-within = between { $first } and { $day } { $name ->
    [m1] January
    [m2] February
    [m3] March
    [m4] April
    [m5] May
    [m6] June
    [m7] July
    [m8] August
    [m9] September
    [m10] October
    [m11] November
   *[m12] December
} { $year }
digest-first-seen = no date printed, first seen { $date }, { $time }
digest-number = no. { $number }
digest-late = { $issue } (arrived late)
digest-scan = { $issue } (recognised from a scan, about { $sure } sure)

digest-title-one = { $total ->
    [one] { $count } of { $total } article for you
   *[other] { $count } of { $total } articles for you
}
digest-title-count = { $count ->
    [one] { $count } article for you
   *[other] { $count } articles for you
}
digest-title-many = { $total ->
    [one] { $issues } issues: { $count } of { $total } article for you
   *[other] { $issues } issues: { $count } of { $total } articles for you
}
digest-title-short = Your digest
digest-issue-line = { $issue }: { $count } of { $total }
digest-issue-count = { $issue }: { $count }
digest-issues-more = { $count ->
    [one] and { $count } more issue, named with its articles
   *[other] and { $count } more issues, named with their articles
}
digest-page-of = page { $page } of { $pages }

digest-heading = { $heading } ({ $count })
digest-heading-continued = { $heading } (continued)
digest-corrected = {"[Corrected] "}
correction-of = <b>Correction</b>: “{ $title }” ({ $issue })
correction-title = Its title was “{ $old }” and is now “{ $new }”.
correction-text = It said “{ $old }” and now says “{ $new }”.
correction-more =
    { $count ->
        [one] { $count } more change is in the full text.
       *[other] { $count } more changes are in the full text.
    }
digest-topic = { $name } (topic)
digest-page = p. { $page }
digest-page-periodical = p. { $page }
digest-comma = {", "}
digest-semicolon = {"; "}
digest-matched = Matched: { $queries }
digest-noted = { $text } ({ $notes })
digest-alias-now = { $written } → now { $found }
digest-alias-before = { $written } → formerly { $found }
digest-alias-other = { $written } → printed as { $found }
digest-read = … { $characters } characters in all, tap { $number } to read on
digest-length = { $characters } characters in all
digest-gone = This article is no longer kept
digest-more = { $count } more ▸
digest-back = ◂ Back
digest-nothing = Nothing new for your subscriptions in today’s papers.

article-back = ◂ Back to the digest
article-next = Next page ▸
article-previous = ◂ Previous page
article-why = Why you got this
article-why-line = { $query }: { $passage }
article-why-line-page = { $query }: { $passage } ({ $page })
article-why-more = { $count ->
    [one] { $count } more subscription matches too
   *[other] { $count } more subscriptions match too
}
article-figures = Figures in this article
article-figures-more = { $count } more in the text
article-continued-on = To be continued, see { $place }
article-continued-from = Continued from: { $place }
article-empty = (A headline only, no text)

metric-total-investment = Total investment
metric-planned-annual-investment = Investment planned this year
metric-completed-investment = Investment made so far
metric-capacity = Capacity
metric-output = Output
metric-output-value = Output value
metric-sales = Sales
metric-tax = Tax
metric-area = Area
metric-jobs = Jobs
metric-headcount = People
metric-installed-volume = Installed volume
metric-growth = Growth
metric-loan = Loans
metric-count = Number
metric-other = Other

stage-signed = signed
stage-started = started
stage-under-construction = under construction
stage-completed = completed
stage-in-production = in production
stage-planned = planned

# Said once, after a forum topic was closed or deleted.
topic-closed = The topic this went to is closed or deleted. From now on digests come to the General topic of this group.
