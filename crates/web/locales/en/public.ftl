# Pages for buyers.
tickets = Tickets
sold-out = Sold out
sold-from = On sale from { $moment }
sale-over = Not on sale
seats-left = { $count ->
    [one] { $count } left
   *[other] { $count } left
}
price-until = This price holds until { $moment }
price-then = , then { $price }
choose-tickets = Choose at least one ticket.
nothing-on-sale = No tickets are on sale now
nothing-on-sale-text = Come back later, or ask the organiser.
event-over = This event is over
event-over-text = Its tickets are no longer sold. Ask the organiser about the next one.
change-tickets = Back to the number of tickets
all-sold-out = All tickets are sold
all-sold-out-text = Seats may come back when somebody does not pay. Join the waiting list, and we will write to you.
who-comes = Who will come
who-comes-help = Leave a name empty if you do not know it yet: the ticket will be in your name.
attendee-name = Attendee's name
attendee-email = Attendee's e-mail
buyer = Buyer
leave-empty = Leave this field empty
consent = I agree that { $organisation } processes my personal data to handle this order and to write to me about it.
consent-needed = Without your consent we cannot take the order.
continue-order = Continue
place-order = Reserve
order-terms = Nothing is charged now: we hold the seats and write to you how to pay.
questions = Questions?

order-number = Order no. { $number }
step-received = Order received
step-waiting = Waiting for payment
step-paid = Paid
step-ticket = Your ticket
order-pending = We hold the seats for you and wait for payment until { $moment }. A letter with the details is on its way.
order-pending-open = We hold the seats for you and wait for payment.
order-pending-fine = If no money has come by then and the price is the same, we remind you. If the price changes, the seats are freed: you can order again at the new price.
order-paid = Your payment has arrived and the tickets were sent by e-mail. You can download them here as well.
order-annulled = The seats were freed: no payment came in time. If you have paid already, write to us: the money is not lost.
order-cancelled = The order is cancelled. If it was paid, we return the money.
order-refunded = The money was returned; the tickets are void.
paid = Paid
to-pay = To pay
total = Total
how-to-pay = How to pay
how-to-pay-ask = The organiser sends the details: they are in the letter about the order.
payment-purpose = Name the order with the payment: { $number }.
unnamed = No name yet
checked-in = checked in
all-tickets = Download all tickets
order-again = Order again
cancel-order = Cancel the order
cancel-question = Cancel order no. { $number }?
cancel-text = The seats are freed at once. Only the organiser can bring a cancelled order back.
cancel-paid-text = The tickets become void, and the organiser returns the money.
keep-order = Keep the order

change-names = Change names
names-until = Names can be changed until { $moment }.
names-until-end = Names can be changed until the event is over.
names-new-code = A ticket that passes to another person gets a new code, and the earlier file stops working. The new tickets are sent to you and to the attendees.
attendee-phone = Attendee's phone
save-names = Save the names
back-to-order = Back to the order
