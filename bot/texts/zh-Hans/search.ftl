# 检索旧报：结果页、全文页和行内检索。按钮和行内提示里不能有 HTML。

command-search = 检索旧报，如 动力电池 投产
search-title = 检索：
search-how =
    想查什么？写出关键词，写法和订阅一样，例如：
    <code>/search 动力电池</code>
    <code>/search 标题:签约 -广告</code>
    <code>/search 投资额≥10亿</code>
search-count = 共 { $count } 篇
search-count-pages = 共 { $count } 篇 · 第 { $page }/{ $pages } 页
search-at-least = 已找到 { $count } 篇，后面还有 · 第 { $page } 页
search-none = 没有找到。可以少写几个词，或者并列几种说法，如 锂电|储能。
search-incomplete = 旧报还在编目，结果可能不全，请过一会儿再查。
search-off = 这里没有开启检索。
search-facet = { $name } { $count }
search-narrowed = ✕ { $name }
search-subscribe = 订阅这个检索
search-corrected-mark = 【已更正】
search-corrected = 这一篇后来更正过，以更正后的为准。
search-corrected-place = 这一篇后来更正过，以第 { $number } 条为准。
search-corrected-title = 这一篇后来更正过，以《{ $title }》为准。
search-newer = 看更正后的
search-why = 符合检索
search-back = ‹ 返回结果
refused-search-gone = 这次检索已经过期，请重新发送 /search。
refused-search-article-gone = 这篇文章已经打不开了，请重新检索。

search-inline-hint = 输入关键词，检索旧报
search-inline-none = 没有找到，换个说法试试
