# Undo of a large change: it goes on by itself, and the page says how far it is.
undo-checking = Checking that everything is as it was left: { $done } of { $total }
undo-going-on = Taking it back: { $done } of { $total }
undo-by-itself = You can leave this page: the undo finishes by itself.
undo-look-again = Refresh
undo-all-done = Done: everything that could be taken back is as it was.
undo-stopped = The undo has stopped: { $done } of { $total }. The rest is not undone yet.
undo-go-on = Continue
undo-left = { $count ->
    [one] { $count } record was changed while the undo went on, and stays as it is.
   *[other] { $count } records were changed while the undo went on, and stay as they are.
  }
undo-left-more = { $count ->
    [one] and { $count } more record
   *[other] and { $count } more records
  }
undo-undo_under_way = This undo is still going on. Wait for its end.
live-many = A lot has just changed here.
