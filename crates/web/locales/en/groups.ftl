# Groups of lists: by dates, folded; the screen of all views; hours of a calendar.
group-called = Group “{ $name }”
group-fold = Fold
group-unfold = Unfold
groups-fold = Fold all groups
groups-unfold = Unfold all groups
groups-folded = some groups are folded
groups-cut = { $count ->
    [one] { $count } group is shown, and there are more. Narrow the list by a filter, or part it into larger groups.
   *[other] { $count } groups are shown, and there are more. Narrow the list by a filter, or part it into larger groups.
}
group-by-day = By day
group-by-week = By week
group-by-month = By month
group-by-quarter = By quarter
group-by-year = By year
group-quarter = Q{ $quarter } { $year }
group-year = { $year }
