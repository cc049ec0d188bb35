# Undo of a large change: it goes on by itself, and the page says how far it is.
undo-checking = Checking that everything is as it was left: { $done } of { $total }
undo-going-on = Taking it back: { $done } of { $total }
undo-by-itself = You can leave this page: the undo finishes by itself.
undo-look-again = Refresh
undo-stopped = The undo has stopped: { $done } of { $total }. The rest is not undone yet.
undo-go-on = Continue
undo-left = { $count ->
    [one] { $count } record could not be brought back, and stays as it is.
   *[other] { $count } records could not be brought back, and stay as they are.
  }
undo-left-not_found = The record is no longer there.
undo-left-linked = Other records link to it by now.
undo-left-state_retired = The stage to which it would go back is out of use.
undo-left-unmet = The condition of the move does not hold any more.
undo-left-invalid = What stood there before does not fit any more.
undo-left-more = { $count ->
    [one] and { $count } more record
   *[other] and { $count } more records
  }
live-many = A lot has just changed here.
