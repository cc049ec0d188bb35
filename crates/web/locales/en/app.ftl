# The frame, the way in, the first steps, and words that stand everywhere.
skip-to-content = Skip to content
menu = Menu
sections = Sections
crumbs = Path
search = Search
search-placeholder = Search…
search-nothing-asked = What are you looking for?
search-help = A name, a company, an order number, an e-mail or a phone: the beginning of a word is enough, and one letter may be wrong.
search-record = Record
search-kind = Section
search-more = More
search-matched = Found in
on-sale = On sale
sandbox = Sandbox
keys = Keys
key-search = Search
key-new = New record
key-step = Next and previous
key-open = Open
key-close = Close the topmost
key-take = Take a message of the inbox
key-answer = Answer a message of the inbox
key-send = Send a comment
key-names = Offer names while an expression is written
key-help = Help with this page
key-keys = This list of keys
theme = Theme
theme-auto = Auto
theme-light = Light
theme-dark = Dark
language = Language
language-ru = Русский
language-en = English
sign-out = Sign out
close = Close
say-failed = That failed: the server has a problem. What you typed is still here.
say-offline = No connection. What you typed is still here.
yes = Yes
no = No
me = me
all = all
more = More
save = Save
saved = Saved
cancel = Cancel
back = Back
edit = Edit
optional = optional
form-faults = Something needs a second look. Nothing was saved yet; what you typed is still here.
email = E-mail
phone = Phone
password = Password
password-help = At least 10 characters. A few words are easier to remember than a jumble of signs.
your-name = Your name
to-first-page = To the first page
link-hidden = no access
hidden-here = Hidden from you
hidden-by-mailbox = Hidden: mailbox “{ $mailbox }”
hidden-help = The owner of this mailbox, its readers and administrators see all of its letters.
error-partly_hidden = You see only a part of this record: ask whoever sees all of it.
links-more = and { $count } more
count-tickets = { $count ->
    [one] { $count } ticket
   *[other] { $count } tickets
}
count-orders = { $count ->
    [one] { $count } order
   *[other] { $count } orders
}

sign-in = Sign in
sign-in-title = Sign in
sign-in-wrong = E-mail or password did not match.
sign-in-wait = Too many failed attempts. Try again in { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
}.

set-up-title = Welcome to Plenary
set-up-text = A few questions, and you can begin. Currency and time zone follow the language. Name, language, currency and time zone can be changed later in the settings; a sandbox stays a sandbox.
set-up-organisation = Organisation
set-up-pack = What do you organise?
set-up-language = Language of letters and documents
set-up-sandbox = This is a sandbox to try things out
set-up-sandbox-help = No letter leaves it, and its clock can be moved forward.
set-up-begin = Begin

field-owner = Owner
field-created_at = Created
field-updated_at = Changed
field-created_by = Created by
field-id = Id
density = Rows of lists
density-roomy = Roomy
density-compact = Compact
