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
list-text = A CSV table with the columns “Name”, “E-mail”, “Phone”; a column “Ticket code” is needed where it matters who gets which ticket. The names go to tickets on which nobody is named yet.
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
