# Rehearsal: a change on a copy of the workspace whose clock goes ahead.
rehearsal = Rehearsal
rehearsal-rehearse = Rehearse on a copy
rehearsal-ahead = How far ahead
rehearsal-day = a day ahead
rehearsal-week = a week ahead
rehearsal-month = 30 days ahead
rehearsal-help = This is what would happen until { $until } if nobody did anything. All of it was on a copy: nothing was sent and nothing was kept.
rehearsal-as-it-is = As it is
rehearsal-changed = With the change
rehearsal-off = The rule is off
rehearsal-on = The rule is on
rehearsal-what = What happens
rehearsal-nothing = Nothing would happen by itself in that time, either way.
rehearsal-same = No difference: with the change the same would happen.
rehearsal-not-whole = Too much would happen: some 20,000 of the first are shown.
rehearsal-moved = { $module }: { $from } → { $to }
rehearsal-letter = { $letter ->
    [""] Letters without a template
   *[other] Letter “{ $letter }”
}
rehearsal-rule-done = Rule “{ $rule }”: done
rehearsal-rule-failed = Rule “{ $rule }”: failed
rehearsal-rule-cut = Rule “{ $rule }”: cut, it goes in a circle
rehearsal-rule-held = Rule “{ $rule }”: held by its budget
rehearsal-letters = Letters that would go out
rehearsal-to = To
rehearsal-subject = Subject
rehearsal-failures = What would fail
error-too_large_to_rehearse = The workspace is too large to rehearse while a page waits. On the server the command plenary rehearse does it.
error-rehearsal_under_way = A rehearsal is under way. Try again in a minute.
error-rehearsal_failed = The rehearsal failed: the copy could not be made.
