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
views-title = Saved views
views-all = All views of this section
views-of-all = Views of all sections
views-about = Your own views and those shared with you. A list opens with the view that you have chosen; where you have chosen none, with the one set for your team or for everybody.
views-none = No views yet
views-none-text = Set a list up — filter, columns, order — and press “Save view” above it.
view-owner = Made by { $name }
view-of-pack = From the pack “{ $name }”
view-change = Change
view-change-named = Change the view “{ $name }”
view-first-mine = opens for you
view-first-team = opens for the team
view-first-all = opens for everybody
view-open-for-me = Open for me
view-open-for-team = Open for the team
view-open-for-all = Open for everybody
key-fold = Fold and unfold a group, go to the next
