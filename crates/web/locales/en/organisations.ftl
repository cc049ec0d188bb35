# Pages for organisations that order tickets.
invoice-number = Invoice { $number }
how-to-pay-invoice = By the invoice, which has our bank details.
invoice-purpose = Please state the invoice with your payment: { $number }.
price-changed = The price has changed
price-changed-text = You have been sent an invoice at the new price. We are still holding your seats: tell us whether you agree.
agree-price = Agree
decline-price = Decline
agree-question = Agree to the new price, { $price }?
agree-text = We go on holding your seats and wait for the payment of the new invoice.
decline-question = Decline the order at its new price, { $price }?
decline-text = The seats are freed at once, and the invoice is void.
list-title = Or as a list
list-text = An Excel workbook (XLSX, its first sheet) or a CSV table with the columns “Name”, “E-mail”, “Phone”; a column “Ticket code” is needed where it matters who gets which ticket. The names go to tickets on which nobody is named yet.
list-file = File with the list
list-send = Upload the list
list-line = Line { $line }: { $fault }

group-offer = Tickets for an organisation
group-offer-text = By invoice, on your terms of payment; the attendees may be named later.
group-title = Tickets for an organisation
group-text = Leave your contacts: we will send a questionnaire, reserve the seats and issue an invoice.
group-company = Organisation
group-inn = Tax number
group-send = Get the questionnaire
group-back = Buy a ticket for yourself
group-taken = Your request was received
group-taken-text = The questionnaire has been sent to { $email }. Fill it in by the link in the letter: then we reserve the seats and issue an invoice.
group-taken-later = Your request is kept. Several letters have gone to { $email } lately, so the next one comes later. The link in the former letter still works.
invoice-waits-for-seller = The invoice is not issued: the organisation has no legal entity in its settings. Once one is entered, the invoice goes out by itself.
invoice-enter-seller = Enter the details
requisites-proposed = Details from the questionnaire
requisites-proposed-help = They are printed on the invoice, and the client's record has others or none. A stranger may have filled them in: check them and take them over.
requisites-take-over = Take them over to the client
error-open_quote = A quotation mark is opened and not closed: close it or take it out.
seats-short = { $left ->
    [0] No seats are left.
    [one] { $left } seat is left: choose fewer.
   *[other] { $left } seats are left: choose fewer.
}
next-check-text-group = If the price is the same, a reminder goes out; if it has changed, a new invoice goes out and agreement is asked for.
next-check-text-debt = The buyer has the tickets. If they do not pay, they are reminded of it; the seats stay theirs.
order-debt = The tickets are issued. We expect the payment by { $moment }.
order-invoice-waits = We are holding your seats. The invoice is not issued yet: we will send it by letter.
group-form-link = Form for organisations

waiting-join = Join the waiting list
waiting-title = Waiting list
waiting-text = When seats come free, we write to those who joined the list first, and hold the seats for them.
waiting-type = Ticket type
waiting-seats = How many seats
waiting-back = To the order form
waiting-taken = You are on the waiting list
waiting-taken-text = We will write to { $email } when there are seats for you. The letter that says that you joined tells your place and how to leave the list.
waiting-place = Your place: { $place }.
waiting-place-text = When there are seats for you, we will write to you and hold them.
waiting-what = { $kind }, seats: { $seats }
waiting-offered = Take the seats or leave them
waiting-gone = You are not on the waiting list
waiting-gone-text = You have left it, or the time to answer is over. If you still need seats, join it again.
waiting-got = You took the seats
waiting-got-text = They stand in your order; its link is in the letter.
waiting-leave = Leave the waiting list
waiting-leave-text = If you leave it, you lose your place.
order-offered = The seats are held for you until { $moment }.
offer-title = Seats have come free for you
offer-text = Take them, or say that you do not need them. Without an answer they pass to the next person in line.
take-seats = Take the seats
take-question = Take the seats for { $price }?
take-text = We go on holding the seats and wait for your payment.
leave-seats = Leave the seats
leave-question = Leave the seats?
leave-text = They pass to the next person in line.
error-seats_left = There are seats: they can be ordered at once.
event-line = Waiting list
list-empty-waiting_list = Those who found no seats stand here. When seats come free, the first in line get a letter with a link.
list-empty-waiting_list-example = For example: “Anna Smirnova, two seats of Standard, waiting”.
