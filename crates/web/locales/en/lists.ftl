# Views, columns, groups, totals and what is done to many records.
views = Views
view = View
view-keep = Save as view
view-keep-new = Save as a new view
view-changed = The list differs from the saved view.
view-reset = Back to what was saved
view-remove = Remove the view
view-name = Name
view-unnamed = Untitled
view-audience = Who sees it
view-for-me = Only me
view-for-all = Everybody
view-for-team = Team
view-for-team-named = Team “{ $name }”
view-all-records = All records
columns = Columns
columns-reset = Default columns
column-up = Up: { $name }
column-down = Down: { $name }
group = Group
grouped = By { $name }
group-none = No groups
group-nothing = Not filled in
group-count = { $count ->
    [one] { $count } record
   *[other] { $count } records
  }
total-sum = Sum
total-mean = { $value } on average
total-too-large = too large
show-totals = Show totals
rows-more = Loading…
bulk-pick = Pick: { $name }
bulk-pick-page = Pick all on this page
bulk-picked = Picked
bulk-all = all { $count }
bulk-all-many = all that were found
bulk-none = Pick none
bulk-set = Set a field
bulk-owner = Assign
bulk-move = Change the stage
bulk-title = Several records
bulk-which-move = What to do
bulk-asks = An empty field changes nothing: the record keeps what it has.
bulk-count = { $count ->
    [one] { $count } record is picked.
   *[other] { $count } records are picked.
  }
bulk-clears = { $count ->
    [one] Clear “{ $name }” in { $count } record?
   *[other] Clear “{ $name }” in { $count } records?
}
bulk-clear = Clear
bulk-nothing = No record is picked.
bulk-too-many = At most { $count } records are changed at once. Narrow the filter.
bulk-done = { $count ->
    [one] { $count } record changed
   *[other] { $count } records changed
  }
bulk-partly = Not everything was changed
bulk-partly-text = Changed: { $done }. Refused: { $failed }.
bulk-broken = Stopped, the other records are unchanged: { $why }
key-cells = Move between cells of a list
key-edit = Change the cell, move to another stage
key-pick = Tick the row
key-pick-range = Tick all rows down to this one
error-view_of_another = Only whoever made the view, or an administrator, changes it.
error-view_of_a_pack = This view comes with a pack. Keep the list as a view of your own.
error-team_of_others = A view is shared with one’s own teams only.
error-too_many_views = Too many saved views: remove those that are not needed.
error-too_many_shared_views = A module has at most a hundred shared views: remove those that are not needed, or keep this one for yourself.
error-bulk_under_way = Your previous action on several records is still running. Wait and try again.
error-account_closed = Your account has been closed.
error-invalid_group = The list cannot be grouped by this field.
error-by_operation = These records are not deleted: they have actions of their own.
