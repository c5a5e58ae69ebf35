# 由 zh-Hans 生成，请勿手改：make texts
# 出錯時的話。也會出現在彈出提示裡，所以不能有 HTML。

## 查詢寫得不對

query-error-place = { $query }
query-error-empty = 請寫出要訂閱的詞。
query-error-too_long = 太長了：最多 { $limit } 個字，現在是 { $length } 個。
query-error-too_many_terms = 詞太多了，最多 { $limit } 個。請分成幾條訂閱。
query-error-too_deep = 括號套得太深，最多 { $limit } 層。
query-error-unbalanced_open = 這個括號沒有配上右括號：
query-error-unbalanced_close = 這個右括號前面沒有左括號：
query-error-unbalanced_quote = 引號沒有配成對：
query-error-empty_group = 括號裡是空的：
query-error-empty_term = 這裡沒有可以查詢的字：
query-error-missing_operand = 「{ $operator }」旁邊還缺一個詞：
query-error-only_negative = 光有「不要」的詞，不知道要找什麼。請再寫一個要出現的詞：
query-error-contradiction = 同一個詞又要又不要，永遠找不到：{ $term }
query-error-too_short = 「{ $term }」太短了，請寫兩個字以上：
query-error-too_common = 「{ $term }」幾乎每篇都有，請換一個更具體的詞：
query-error-ambiguous_comma = 逗號、頓號的意思不明：都要有就用空格，有一個就行就用「|」：
query-error-unknown_field = 不認識「{ $field }」。冒號前可以是：標題、正文、欄目、作者、版、報、階段、主題：
query-error-missing_field_value = 「{ $field }」後面還要寫內容：
query-error-bad_field_value = 「{ $field }」後面不能這樣寫：
query-error-bad_page = 「{ $value }」不是版號，請寫成 版:1 或 版:1-4：
query-error-bad_stage = 沒有「{ $value }」這個階段。可以是：簽約、規劃、開工、在建、竣工、投產：
query-error-unknown_metric = 不認識「{ $metric }」。可以是：投資額、產能、產量、產值、面積、崗位等：
query-error-bad_number = 「{ $value }」不是數字，請寫成 投資額≥10億：
query-error-bad_unit = 「{ $unit }」不能做{ $metric }的單位：
query-error-near_operand = 「~」的兩邊只能是詞：
query-error-near_distance = 「~」後面的距離最多是 { $limit }：
query-error-near_fields = 「~」的兩邊要在同一處，不能一個在標題、一個在正文：

## 限額

limit-subscriptions = 最多 { $limit } 條訂閱，已經滿了。先用 /unsubscribe 退掉幾條。
limit-caption = 圖片或檔案下面的話最多 { $limit } 個字，請寫短一些。

## 匯入的檔案

import-error-too_big = 檔案太大了，最多 256 KB。
import-error-not_text = 這個檔案不是 UTF-8 文本。請發 /export 給的 JSON 或 OPML 檔案。
import-error-bad_json = { $line ->
    [0] 這個 JSON 檔案有誤，讀不下去。
   *[other] 這個 JSON 檔案第 { $line } 行有誤，讀不下去。
}
import-error-bad_xml = 這個 OPML 檔案第 { $line } 行有誤，讀不下去。
import-error-no_list = 這個檔案裡沒有訂閱。請發 /export 給的 JSON 或 OPML 檔案。
import-error-too_many = 檔案裡的訂閱太多了，最多 1000 條。

## 找不到

not-found-subscription = 沒有訂閱過「{ $name }」。您的訂閱見 /list。
not-found-query = 這條訂閱已經找不到了。直接說「訂閱 動力電池」也行。
not-found-subscriber = 沒有這位讀者：{ $name }
not-found-issue = 找不到這一期：{ $name }
not-found-article = 找不到這篇文章：{ $name }
not-found-topic = 沒有這個主題：{ $name }
not-found-delivery = 找不到這次送達：{ $name }
not-found-batch = 找不到這次推送：{ $name }
not-found-match = 這一期裡沒有與「{ $name }」有關的文章。

## 我們的錯

error-topic =
    主題「{ $topic }」的定義有誤：
    { $reason }
error-alias = 別名表 aliases.toml 的 { $place } 有誤：{ $reason }
alias-error-toml = 不是有效的 TOML：{ $value }
alias-error-tables = 只能有 [[alias]] 這樣的表
alias-error-entry = { $place }：應寫 names = ["…", "…"]，可加 since = 2021-11-01；現在是 { $value }
alias-error-list = { $place }：應列出至少兩個名稱；現在是 { $value }
alias-error-short = { $place }：名稱至少兩個字；現在是 { $value }
alias-error-twice = { $place }：同一個名稱寫了兩次
alias-error-day = { $place }：應寫 2021-11-01 這樣的日期；現在是 { $value }
error-topic-unnamed = 主題定義有誤：{ $reason }
topic-error-toml = 不是有效的 TOML：{ $value }
topic-error-utf8 = 檔案不是 UTF-8 文本（{ $value }）。請另存為 UTF-8 再發。
topic-error-unknown = { $field }：沒有這一項。可以寫：{ $value }
topic-error-text = { $field }：應為非空的文字，實為 { $value }
topic-error-above = { $field }：應為大於 { $limit } 的數字，實為 { $value }
topic-error-number = { $field }：應為數字，實為 { $value }
topic-error-list = { $field }：應為文字的列表，如 ["詞一", "詞二"]，實為 { $value }
topic-error-table = { $field }：應為含 { $term } 的表，實為 { $value }
topic-error-no-terms = terms：至少要有一組詞：[[terms]]、weight = 3、any = ["詞一"]
topic-error-twice = terms：{ $term } 寫了兩次，每個詞只寫一次
topic-error-many = terms：最多 { $limit } 個詞，實為 { $length } 個
topic-error-group = { $field }：應為 weight = 數字 和 any = ["詞一"]，實為 { $value }
topic-error-empty = { $field }.any：至少要有一個詞
error-unreadable = 讀不了 { $name }：{ $reason }
error-busy = 剛才有別的改動同時進行，請再試一次。
error-store = 儲存暫時沒有響應，什麼都沒有改。請過一會兒再試。
error-telegram = Telegram 暫時沒有響應，請再試一次。
error-refused-by-telegram = Telegram 沒有接受這條回覆。問題已經記下，我們會處理。
error-unexpected = 出了點問題，已經記下，不是您的錯。請再試一次。
