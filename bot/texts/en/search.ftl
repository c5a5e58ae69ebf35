# Searching old issues: pages of results, full texts, inline mode. Buttons and inline hints cannot hold HTML.

command-search = Search old issues, such as 动力电池 投产
search-title = Search:{" "}
search-how =
    What are you looking for? Give me keywords, written as in a subscription, such as
    <code>/search 动力电池</code>
    <code>/search 标题:签约 -广告</code>
    <code>/search 投资额≥10亿</code>
search-count =
    { $count ->
        [one] { $count } article
       *[other] { $count } articles
    }
search-count-pages =
    { $count ->
        [one] { $count } article
       *[other] { $count } articles
    } · page { $page } of { $pages }
search-at-least =
    { $count ->
        [one] { $count } article so far, and more to come
       *[other] { $count } articles so far, and more to come
    } · page { $page }
search-none = Nothing found. Try fewer words, or offer alternatives, such as 锂电|储能.
search-incomplete = Old issues are still being indexed, so some may be missing. Please search again in a while.
search-off = Searching is not switched on here.
search-facet = { $name } { $count }
search-narrowed = ✕ { $name }
search-subscribe = Subscribe to this search
search-corrected-mark = {"[Corrected] "}
search-corrected = This was corrected later; the corrected article counts.
search-corrected-place = This was corrected later; number { $number } counts.
search-corrected-title = This was corrected later; “{ $title }” counts.
search-newer = Read the correction
search-why = What matched
search-back = ‹ Back to the results
refused-search-gone = That search has expired. Please send /search again.
refused-search-article-gone = That article cannot be opened any more. Please search again.

search-inline-hint = Type keywords to search old issues
search-inline-none = Nothing found. Try other words
