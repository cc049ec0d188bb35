# Conditions of lists: their chips, their form, and what cards have in place of heads.
filter-and = and
filter-or = or
filter-any = Show what meets any of the conditions
filter-all = Show what meets all conditions
filter-group = Group of conditions
filter-change = Condition: { $name }
filter-edit = Change
filter-remove = Remove
filter-or-more = Or…
filter-and-more = And…
filter-find = Find a field
filter-other-field = Another field
filter-through = { $name }: field…
filter-of = { $link }: { $field }
filter-until = Up to
filter-period = Period
filter-range = { $from } – { $to }
filter-text = This condition is written in the language CEL. The rest of the filter stays as it is.
operator-lacks = does not contain
operator-starts = starts with
operator-ends = ends with
operator-more = more than
operator-less = less than
operator-between = between
operator-within = in the period
operator-my_team = is in my team
operator-all_of = has all of
operator-date-is = on
operator-date-less = before
operator-date-at_most = up to
operator-date-more = after
operator-date-at_least = from
operator-date-between = from … to
operator-many-is = has any of
operator-many-is_not = has none of
period-today = today
period-yesterday = yesterday
period-tomorrow = tomorrow
period-last = { $days ->
    [one] last { $days } day
   *[other] last { $days } days
  }
period-next = { $days ->
    [one] next { $days } day
   *[other] next { $days } days
  }
period-week = this week
period-last-week = last week
period-next-week = next week
period-month = this month
period-last-month = last month
period-next-month = next month
period-quarter = this quarter
period-last-quarter = last quarter
period-next-quarter = next quarter
period-year = this year
period-last-year = last year
period-next-year = next year
period-past = in the past
period-future = in the future
list-sort = Sort
list-ascending = ascending
list-descending = descending
list-pick-all = Pick all
key-filter = Add a condition to the filter
key-unfilter = Take a condition out of the filter
