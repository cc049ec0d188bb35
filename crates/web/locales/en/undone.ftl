# What came of an undo, and why something cannot be undone.
undo-all-done = Done: everything is as it was.
undo-part-done = Done. Not everything could be brought back.
undo-records-back = { $count ->
    [one] { $count } record was brought back.
   *[other] { $count } records were brought back.
  }
undo-records-kept = { $count ->
    [one] { $count } record was changed since: what changed stays as it is.
   *[other] { $count } records were changed since: what changed stays as it is.
  }
undo-left-changed_since = It was changed or deleted since.
undo-already_undone = This has already been undone. To bring it back, undo the undo.
undo-nothing_to_undo = There is nothing to undo: everything is as it was before.
undo-undo_conflict = Something was changed since and stands in the way. Nothing has been undone.
undo-undo_by_operation = This has no way back by undo.
undo-undo_too_large = Too many orders, payments and tickets were changed at once: they are not undone together.
undo-undo_under_way = This undo is still going on. Wait for its end.
undo-undo_chosen_otherwise = This undo is already going on, and something else was chosen when it began. Wait for its end.
undo-undo_of_another = Another user began this undo: they or an administrator can go on with it.
undo-undo_taken_back = This undo was itself undone: it cannot go on any more.
undo-account_closed = The account of whoever began the undo was closed. An administrator can undo the rest.
undo-invalid = What stood there before does not fit any more.
undo-not_found = What was changed is no longer there, or you do not see it.
undo-why-letter_sent = Letters that were sent are not unsent: write another one.
undo-why-payment_booked = A booked payment stays booked: take it off its order or note that it was returned.
undo-why-money_moves = Money is moved on the page of the payment: “Assign”, “Unassign” or “Refund”.
undo-why-order_paid_by_money = The order was paid by money that came in: cancel it or return the money.
undo-why-money_returned = Returned money is not fetched back: book a new payment when it comes again.
undo-why-order_invoiced = The organisation has its invoice: cancel the order on its page.
undo-why-paper_issued = A number that was given stays used: void the document on its page.
undo-why-order_moved_on = This step of an order has no way back: place a new order.
undo-why-ticket_cancelled = A ticket that was cancelled alone does not come back: place a new order for the seat.
undo-why-set_up = Settings are set back where they are changed.
undo-why-linked = Other records link to it by now.
undo-why-state_retired = This stage is out of use.
undo-why-unmet = The condition of the move wants it.
act-title = All that was done
act-whole = Show all that was done
act-more = Show the next
