# 出错时的话。也会出现在弹出提示里，所以不能有 HTML。

## 查询写得不对

query-error-place = { $query }
query-error-empty = 请写出要订阅的词。
query-error-too_long = 太长了：最多 { $limit } 个字，现在是 { $length } 个。
query-error-too_many_terms = 词太多了，最多 { $limit } 个。请分成几条订阅。
query-error-too_deep = 括号套得太深，最多 { $limit } 层。
query-error-unbalanced_open = 这个括号没有配上右括号：
query-error-unbalanced_close = 这个右括号前面没有左括号：
query-error-unbalanced_quote = 引号没有配成对：
query-error-empty_group = 括号里是空的：
query-error-empty_term = 这里没有可以查找的字：
query-error-missing_operand = “{ $operator }”旁边还缺一个词：
query-error-only_negative = 光有“不要”的词，不知道要找什么。请再写一个要出现的词：
query-error-contradiction = 同一个词又要又不要，永远找不到：{ $term }
query-error-too_short = “{ $term }”太短了，请写两个字以上：
query-error-too_common = “{ $term }”几乎每篇都有，请换一个更具体的词：
query-error-ambiguous_comma = 逗号、顿号的意思不明：都要有就用空格，有一个就行就用“|”：
query-error-unknown_field = 不认识“{ $field }”。冒号前可以是：标题、正文、栏目、作者、版、报、阶段、主题：
query-error-missing_field_value = “{ $field }”后面还要写内容：
query-error-bad_field_value = “{ $field }”后面不能这样写：
query-error-bad_page = “{ $value }”不是版号，请写成 版:1 或 版:1-4：
query-error-bad_stage = 没有“{ $value }”这个阶段。可以是：签约、规划、开工、在建、竣工、投产：
query-error-unknown_metric = 不认识“{ $metric }”。可以是：投资额、产能、产量、产值、面积、岗位等：
query-error-bad_number = “{ $value }”不是数字，请写成 投资额≥10亿：
query-error-bad_unit = “{ $unit }”不能做{ $metric }的单位：
query-error-near_operand = “~”的两边只能是词：
query-error-near_distance = “~”后面的距离最多是 { $limit }：
query-error-near_fields = “~”的两边要在同一处，不能一个在标题、一个在正文：

## 限额

limit-subscriptions = 最多 { $limit } 条订阅，已经满了。先用 /unsubscribe 退掉几条。
limit-caption = 图片或文件下面的话最多 { $limit } 个字，请写短一些。

## 导入的文件

import-error-too_big = 文件太大了，最多 256 KB。
import-error-not_text = 这个文件不是 UTF-8 文本。请发 /export 给的 JSON 或 OPML 文件。
import-error-bad_json = { $line ->
    [0] 这个 JSON 文件有误，读不下去。
   *[other] 这个 JSON 文件第 { $line } 行有误，读不下去。
}
import-error-bad_xml = 这个 OPML 文件第 { $line } 行有误，读不下去。
import-error-no_list = 这个文件里没有订阅。请发 /export 给的 JSON 或 OPML 文件。
import-error-too_many = 文件里的订阅太多了，最多 1000 条。

## 找不到

not-found-subscription = 没有订阅过“{ $name }”。您的订阅见 /list。
not-found-query = 这条订阅已经找不到了。直接说“订阅 动力电池”也行。
not-found-subscriber = 没有这位读者：{ $name }
not-found-issue = 找不到这一期：{ $name }
not-found-article = 找不到这篇文章：{ $name }
not-found-topic = 没有这个主题：{ $name }
not-found-delivery = 找不到这次送达：{ $name }
not-found-batch = 找不到这次推送：{ $name }
not-found-match = 这一期里没有与“{ $name }”有关的文章。

## 我们的错

error-topic =
    主题“{ $topic }”的定义有误：
    { $reason }
error-alias = 别名表 aliases.toml 的 { $place } 有误：{ $reason }
alias-error-toml = 不是有效的 TOML：{ $value }
alias-error-tables = 只能有 [[alias]] 这样的表
alias-error-entry = { $place }：应写 names = ["…", "…"]，可加 since = 2021-11-01；现在是 { $value }
alias-error-list = { $place }：应列出至少两个名称；现在是 { $value }
alias-error-short = { $place }：名称至少两个字；现在是 { $value }
alias-error-twice = { $place }：同一个名称写了两次
alias-error-day = { $place }：应写 2021-11-01 这样的日期；现在是 { $value }
error-topic-unnamed = 主题定义有误：{ $reason }
topic-error-toml = 不是有效的 TOML：{ $value }
topic-error-utf8 = 文件不是 UTF-8 文本（{ $value }）。请另存为 UTF-8 再发。
topic-error-unknown = { $field }：没有这一项。可以写：{ $value }
topic-error-text = { $field }：应为非空的文字，实为 { $value }
topic-error-above = { $field }：应为大于 { $limit } 的数字，实为 { $value }
topic-error-number = { $field }：应为数字，实为 { $value }
topic-error-list = { $field }：应为文字的列表，如 ["词一", "词二"]，实为 { $value }
topic-error-table = { $field }：应为含 { $term } 的表，实为 { $value }
topic-error-no-terms = terms：至少要有一组词：[[terms]]、weight = 3、any = ["词一"]
topic-error-twice = terms：{ $term } 写了两次，每个词只写一次
topic-error-many = terms：最多 { $limit } 个词，实为 { $length } 个
topic-error-group = { $field }：应为 weight = 数字 和 any = ["词一"]，实为 { $value }
topic-error-empty = { $field }.any：至少要有一个词
error-unreadable = 读不了 { $name }：{ $reason }
error-busy = 刚才有别的改动同时进行，请再试一次。
error-store = 存储暂时没有响应，什么都没有改。请过一会儿再试。
error-telegram = Telegram 暂时没有响应，请再试一次。
error-refused-by-telegram = Telegram 没有接受这条回复。问题已经记下，我们会处理。
error-unexpected = 出了点问题，已经记下，不是您的错。请再试一次。
