# What is said when something goes wrong. It also answers taps, so it must not hold HTML.

## A query that cannot be understood

query-error-place = { $query }
query-error-empty = Please write what to watch for.
query-error-too_long = Too long: { $limit } characters at most, this has { $length }.
query-error-too_many_terms = Too many words, { $limit } at most. Please make several subscriptions.
query-error-too_deep = Too many brackets inside each other, { $limit } levels at most.
query-error-unbalanced_open = This bracket is never closed:
query-error-unbalanced_close = This bracket was never opened:
query-error-unbalanced_quote = This quotation mark has no partner:
query-error-empty_group = There is nothing in these brackets:
query-error-empty_term = There is nothing to look for here:
query-error-missing_operand = A word is missing beside “{ $operator }”:
query-error-only_negative = This only says what to leave out. Please add a word to look for:
query-error-contradiction = The same word is both wanted and excluded, so nothing can match: { $term }
query-error-too_short = “{ $term }” is too short; two characters at least:
query-error-too_common = Nearly every article has “{ $term }”; please choose a more special word:
query-error-ambiguous_comma = This comma is unclear: use a space for “and”, or | for “or”:
query-error-unknown_field = “{ $field }” is unknown. Before a colon there may be title, body, section, author, page, paper, stage, topic:
query-error-missing_field_value = Something is missing after “{ $field }”:
query-error-bad_field_value = This cannot stand after “{ $field }”:
query-error-bad_page = “{ $value }” is no page number. Write page:1 or page:1-4:
query-error-bad_stage = There is no stage “{ $value }”. There are 签约, 规划, 开工, 在建, 竣工, 投产:
query-error-unknown_metric = “{ $metric }” is unknown. There are 投资额, 产能, 产量, 产值, 面积, 岗位 and others:
query-error-bad_number = “{ $value }” is no number. Write 投资额≥10亿:
query-error-bad_unit = “{ $unit }” is no unit of { $metric }:
query-error-near_operand = Only words may stand on both sides of ~:
query-error-near_distance = After ~ the distance is { $limit } at most:
query-error-near_fields = Both sides of ~ must be in the same place, not one in the title and one in the body:

## Quotas

limit-subscriptions = You have { $limit } subscriptions, which is the most there may be. Stop some with /unsubscribe first.
limit-caption = The text below a photo or file may have { $limit } characters at most.

## Not found

import-error-too_big = The file is too large: 256 KB at most.
import-error-not_text = The file is not UTF-8 text. Please send the JSON or OPML file that /export gave you.
import-error-bad_json = { $line ->
    [0] The JSON file cannot be read.
   *[other] The JSON file cannot be read: line { $line } is wrong.
}
import-error-bad_xml = The OPML file cannot be read: line { $line } is wrong.
import-error-no_list = There are no subscriptions in this file. Please send the JSON or OPML file that /export gave you.
import-error-too_many = Too many subscriptions in the file: 1000 at most.

not-found-subscription = You have no subscription “{ $name }”. See /list for those you have.
not-found-query = This subscription can no longer be found. You can also just say “subscribe power batteries”.
not-found-subscriber = There is no such reader: { $name }
not-found-issue = There is no such issue: { $name }
not-found-article = There is no such article: { $name }
not-found-topic = There is no such topic: { $name }
not-found-delivery = There is no such delivery: { $name }
not-found-batch = There is no such push: { $name }
not-found-match = This issue has nothing on “{ $name }”.

## Our own faults

error-topic =
    The definition of the topic “{ $topic }” is wrong:
    { $reason }
error-alias = The table of aliases (aliases.toml) is wrong at { $place }: { $reason }
alias-error-toml = not valid TOML: { $value }
alias-error-tables = only [[alias]] tables may stand in it
alias-error-entry = { $place }: expected names = ["…", "…"] and perhaps since = 2021-11-01, found { $value }
alias-error-list = { $place }: expected a list of two or more names, found { $value }
alias-error-short = { $place }: expected names of two characters or more, found { $value }
alias-error-twice = { $place }: one name stands there twice
alias-error-day = { $place }: expected a day such as 2021-11-01, found { $value }
error-topic-unnamed = The topic's definition is wrong: { $reason }
topic-error-toml = it is not valid TOML: { $value }
topic-error-utf8 = the file is not UTF-8 ({ $value }). Save it as UTF-8 and send it again.
topic-error-unknown = { $field }: there is no such key. There are: { $value }
topic-error-text = { $field }: expected a text that is not empty, found { $value }
topic-error-above = { $field }: expected a number above { $limit }, found { $value }
topic-error-number = { $field }: expected a number, found { $value }
topic-error-list = { $field }: expected a list of texts, like ["one", "two"], found { $value }
topic-error-table = { $field }: expected a table with { $term }, found { $value }
topic-error-no-terms = terms: expected at least one group: [[terms]], weight = 3, any = ["one"]
topic-error-twice = terms: { $term } stands there twice; write every term once
topic-error-many = terms: expected at most { $limit }, found { $length }
topic-error-group = { $field }: expected weight = a number and any = ["one"], found { $value }
topic-error-empty = { $field }.any: expected at least one term
error-unreadable = { $name } cannot be read: { $reason }
error-busy = Somebody changed this at the same moment. Please try again.
error-store = The store does not answer at the moment; nothing was changed. Please try again in a while.
error-telegram = Telegram does not answer at the moment. Please try again.
error-refused-by-telegram = Telegram did not take this answer. It is on record and we will look into it.
error-unexpected = Something went wrong on our side; it is on record. Please try again.
