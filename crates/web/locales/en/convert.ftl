# A lead becomes a client; the secretary's queue; rejected requests.
convert-title = Convert to a client
convert-text = Letters, activities, files and cases of the lead move to what it becomes. All of it is undone together.
convert-account = Account
convert-contact = Contact
convert-deal = Deal
convert-with-deal = Open a deal
convert-known = { $name } is there already
convert-new = A new record: { $name }
convert-only-name = Only the name agrees. Is it the same one or another? Choose.
convert-do = Convert
convert-done = The lead has become a client
error-convert_choose = Choose who it is
same-linked = named by the lead
same-of_contact = the contact's organisation
