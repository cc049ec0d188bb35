# Moves of a record from a list, acts on many, words of buttons.
ways-not-open = You may not change this record.
ways-end = There are no moves from here.
bulk-binned = { $count ->
    [one] { $count } record moved to the bin
   *[other] { $count } records moved to the bin
  }
bulk-restored = { $count ->
    [one] { $count } record taken out of the bin
   *[other] { $count } records taken out of the bin
  }
undo-told = Undone
move-heading = { $name }: “{ $title }”
move-heading-to = { $name }: “{ $title }” → { $stage }
move-back = { $name }: { $stage }
search-everywhere = Search everywhere
to-story = To history and comments
seats-at-once = No more than { $count } in one order
