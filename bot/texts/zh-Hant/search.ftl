# 由 zh-Hans 生成，请勿手改：make texts
# 檢索舊報：結果頁、全文頁和行內檢索。按鈕和行內提示裡不能有 HTML。

command-search = 檢索舊報，如 動力電池 投產
search-title = 檢索：
search-how =
    想查什麼？寫出關鍵詞，寫法和訂閱一樣，例如：
    <code>/search 動力電池</code>
    <code>/search 標題:簽約 -廣告</code>
    <code>/search 投資額≥10億</code>
search-count = 共 { $count } 篇
search-count-pages = 共 { $count } 篇 · 第 { $page }/{ $pages } 頁
search-at-least = 已找到 { $count } 篇，後面還有 · 第 { $page } 頁
search-none = 沒有找到。可以少寫幾個詞，或者並列幾種說法，如 鋰電|儲能。
search-incomplete = 舊報還在編目，結果可能不全，請過一會兒再查。
search-off = 這裡沒有開啟檢索。
search-facet = { $name } { $count }
search-narrowed = ✕ { $name }
search-subscribe = 訂閱這個檢索
search-corrected-mark = 【已更正】
search-corrected = 這一篇後來更正過，以更正後的為準。
search-corrected-place = 這一篇後來更正過，以第 { $number } 條為準。
search-corrected-title = 這一篇後來更正過，以《{ $title }》為準。
search-newer = 看更正後的
search-why = 符合檢索
search-back = ‹ 返回結果
refused-search-gone = 這次檢索已經過期，請重新發送 /search。
refused-search-article-gone = 這篇文章已經打不開了，請重新檢索。

search-inline-hint = 輸入關鍵詞，檢索舊報
search-inline-none = 沒有找到，換個說法試試
