rules = Rules
rules-text = A rule waits for something to happen, looks at a condition and does the rest by itself. It runs after saving and never stands in its way.
rule-rule = Rule
rule-when = When
rule-if = If
rule-then = Then
rule-last = Last run
rule-done = Done
rule-failed = Failed
rule-cut = Cut
rule-held = Waiting
rule-failures = Failures
rule-see-failures = Show the failures
rule-switch = Switch on or off
rule-switch-on = Switch on
rule-switch-off = Switch off
rule-on = Running
rule-off = Off
rule-waits = Waits for you
rule-new = New rule
rule-make = Make a rule
rule-what = What the rule does
rule-change = Change the rule
rule-delete = Delete the rule
rule-delete-help = The log of its runs stays. Where a pack has a rule of that name, it stands again.
rule-queued = The runs are on the queue. Look again in a minute.
rule-held-text = { $count ->
    [0] The rule has used up its hourly budget and stopped. Shall it go on?
    [one] The rule has used up its hourly budget and stopped. { $count } run waits. Shall it go on?
   *[other] The rule has used up its hourly budget and stopped. { $count } runs wait. Shall it go on?
}
rule-resume = Go on
rule-when-created = A record is made: { $module }
rule-when-changed-any = A record is changed: { $module }
rule-when-changed = { $module }: changed — { $fields }
rule-when-made = and a record is made
rule-when-entered = { $module }: a record comes into — { $states }
rule-when-left = { $module }: a record goes out of — { $states }
rule-when-moved = { $module }: the move was made — { $moves }
rule-when-stayed = { $module }: a record has stood for { $after } at — { $states }
rule-when-again = then every { $every }, { $times } times in all
rule-when-working = in working time
rule-when-daily = Every day at { $at }, for records that fit: { $module }
rule-when-weekly = Every { $day } at { $at }, for records that fit: { $module }
rule-when-monthly = Every month on day { $on } at { $at }, for records that fit: { $module }
rule-when-date = { $module }: the moment in “{ $field }” has come
rule-when-date-after = { $module }: after the moment in “{ $field }” have passed: { $offset }
rule-when-date-before = { $module }: until the moment in “{ $field }” there are left: { $offset }
rule-then-set = Fill in fields
rule-then-move = Make the move “{ $move }”
rule-then-create = Make a record: { $module }
rule-then-assign = Assign an owner
rule-then-letter = Send the letter “{ $letter }” to
rule-then-sms = Send an SMS to
rule-then-notify = Notify: { $whom }
rule-then-issue = Issue documents: { $papers }
rule-then-issue-send = Issue and send to the client: { $papers }
rule-paper-contract = Contract
rule-paper-invoice = Invoice
rule-then-webhook = Call the webhook
rule-by-turns = { $whom }, in turn
rule-by-load = { $whom }, whoever has the least to do
rule-owner = Owner
rule-team = team “{ $team }”
rule-hourly = { $count ->
    [one] At most { $count } run an hour, then the rule stops and asks
   *[other] At most { $count } runs an hour, then the rule stops and asks
}
rule-hourly-letters = { $count ->
    [one] At most { $count } letter an hour, then the rule stops and asks
   *[other] At most { $count } letters an hour, then the rule stops and asks
}
rule-budget-letters = Letters an hour
rule-budget-letters-help = As many as are due where it is left empty. What is counted are letters to people outside that its runs caused in the last hour, surveys and documents too. A run for which too few are left waits: the rule stops, administrators are told, and it waits for you.
rule-budget = Runs an hour
rule-budget-help = { $count ->
    [one] { $count } run where it is left empty. What is counted are runs that were done in the last hour; what goes on after a wait or a consent is one more run. When they are used up, the rule stops, administrators are told, and it waits for you.
   *[other] { $count } runs where it is left empty. What is counted are runs that were done in the last hour; what goes on after a wait or a consent is one more run. When they are used up, the rule stops, administrators are told, and it waits for you.
}
rule-event = What happens
rule-event-created = A record is made
rule-event-changed = A record is changed
rule-event-entered = A record comes into a stage
rule-event-left = A record goes out of a stage
rule-event-moved = A move is made
rule-event-stayed = A record stands at a stage for a while
rule-event-schedule = On schedule
rule-event-date = A date comes near
rule-fields = Which fields to watch
rule-made = And when a record is made
rule-states = Which stages
rule-moves = Which moves
rule-stay = How long at the stage
rule-after = For how long
rule-after-help = For instance: 4 hours, 2 days. Each stage is counted by itself.
rule-every = Again every
rule-every-help = While the record stands there. Empty for once.
rule-times = How often in all
rule-times-help = From 2 to 100, where it is repeated.
rule-working = In working time
rule-working-help = Days are working days, hours pass while it is worked. The working week is set with the organisation.
rule-schedule = Which schedule
rule-period = How often
rule-every-day = Every day
rule-every-week = Every week
rule-every-month = Every month
rule-at = Time
rule-at-help = Hours and minutes by the workspace's clock: 09:00.
rule-day = Day
rule-day-help = Of the week from 1, Monday, to 7; of the month from 1 to 31, in a shorter one its last. Empty for every day.
rule-date = Which date
rule-date-field = Field with the date
rule-offset = Shift
rule-offset-help = P1D is a day after the date, -P7D a week before it, PT0S the date itself.
rule-date-every-help = From the same date. Empty for once.
rule-if-help = An expression over the record, such as amount > 100000 && readiness == "hot". The field before the change is was_readiness.
rule-nothing = Not needed
rule-share = How to choose
rule-share-turns = In turn
rule-share-load = Whoever has the least to do
rule-lines-help = One field a line: field = expression, such as readiness = "hot". Words in both languages stand in braces, as the manual says.
rule-do-set = Fill in fields
rule-do-due = Work out a deadline in working time
rule-due-field = Field of the deadline
rule-due-since = Counted from
rule-due-since-made = when the record was made
rule-due-within = How long
rule-due-within-help = An expression that comes to a length: "PT4H" is four working hours, "P2D" two working days. For instance:
rule-due-stands = Stages in which time stands still
rule-due-warn = Field for the warning
rule-due-share = Per cent of the time until the warning
rule-then-due = Work out the deadline “{ $field }”
rule-due-since-said = counted from the field “{ $field }”, and where it is empty, from when the record was made
rule-due-stands-said = time stands still in — { $states }
rule-due-warn-said = when { $share }% of the time has gone by — the field “{ $field }”
rule-do-move = Make a move
rule-move-which = Which move
rule-do-move-fields = Fields of the move
rule-do-assign = Assign an owner
rule-assign-from = From whom
rule-do-create = Make a record
rule-do-create-fields = Fields of the new record
rule-do-create-owner = Owner of the new record from
rule-do-letter = Send a letter
rule-letter-which = Template of the letter
rule-do-letter-to = To: a field or an expression with the address
rule-do-letter-name = Name of the reader (an expression)
rule-do-sms = Send an SMS
rule-sms-to = To: a field or an expression with the number
rule-sms-through = Name of the line
rule-sms-ru = Text in Russian
rule-sms-en = Text in English
rule-sms-help = The text is a template, as letters have. Without a name the SMS goes out by the first line that carries them.
rule-do-notify = Notify
rule-notify-whom = Whom to notify
rule-do-issue = Issue documents of the deal
rule-issue-which = Which documents
rule-do-issue-send = and send them to the client by letter
rule-do-webhook = Call a webhook
rule-webhook-url = Address
rule-do-webhook-help = A public address that begins with https://. The record and what changed of it are sent there, signed.
rule-runs = Log of its runs
rule-runs-kinds = Which runs to show
rule-runs-all = All
rule-runs-none = There are no runs.
rule-runs-older = Earlier ones
rule-rerun = { $count ->
    [one] Try { $count } failed run again
   *[other] Try { $count } failed runs again
}
rule-rerun-help = They are tried by the rule as it is now and for the records as they are now: up to 1,000 runs at first, the others after them.
rule-run-when = When
rule-run-record = Record
rule-run-outcome = Outcome
rule-run-reason = Reason
rule-run-made = Changes
rule-run-changes = Show
rule-run-letters = letters: { $count }
rule-run-gone = The record is gone
rule-webhooks = Webhooks
rule-webhook-secret = Make a new secret
rule-webhook-secret-help = The secret signs every webhook, so that the other side knows it came from you. A new one takes the place of the old one at once.
rule-webhook-secret-once = This is the new secret. It is shown this once: give it to whoever receives the webhooks.
rule-webhook-answer = Answer
rule-webhook-body = Where to and what
rule-webhook-waiting = On its way
rule-webhook-sent = Taken
rule-webhook-sandbox = Would have been sent
rule-webhook-next = Next attempt
rule-webhook-again = Send again
rule-webhook-queued = It is on its way once more.
rule-webhooks-look = All webhooks that were sent
rule-webhooks-help = What rules sent to other programs, newest first. What is not taken is sent again with growing waits for 24 hours; anything may be sent once more, as it was, to the address that its rule has now.
rule-webhooks-kinds = Webhooks by outcome
rule-webhooks-all = All
rule-webhooks-none = Nothing was sent.
error-webhook_gone = The rule does not send it any more.
error-webhook_waits = It is on its way already, or will be tried again by itself.
error-webhook_empty = It was about somebody whose data were erased: there is nothing to send.
rule-rehearse = Try it on the past
rule-rehearsal = In the last 30 days
rule-rehearsal-help = Tried on what really changed. Nothing was written or sent. Below are the newest records, 50 at most.
rule-would = { $count ->
    [one] The rule would have run { $count } time.
   *[other] The rule would have run { $count } times.
}
rule-set-off = { $count ->
    [one] What it waits for happened { $count } time.
   *[other] What it waits for happened { $count } times.
}
rule-not-whole = There are more changes than can be looked at in one go: only the newest are counted.
source-rule = Rule
notice-rule = a rule tells you
error-rule_of_a_pack = This rule comes with a pack. It can be switched off, not deleted.
error-rule_line = Each line is field = expression.
absence-until = Away until
absence-help = While somebody is away, rules hand them no new records. Empty means they are here.
absence-save = Save the absence
error-rule_does_nothing = Choose one action at least.
error-text_is_no_template = Braces {"{{"} {"}}"} inside an expression are not filled in. Words with fields of the record are written in two languages: {"{"}"ru": "…", "en": "…"{"}"}.
error-template_unfillable = This letter, or these words, cannot be filled for such records: they name what the record does not have.
rule-after-saving = Once it is saved
rule-saved-off = Off for now: I switch it on when I have checked it
rule-saved-on = On: it works from now on
rule-at-once = { $count ->
    [0] Switched on, it acts on no record at once.
    [one] Switched on, it acts on { $count } record at once.
   *[other] Switched on, it acts on { $count } records at once.
}
rule-at-once-more = There are more records than can be counted in one go.
rule-at-once-sure = Press again if that is meant, or save the rule switched off first and try it on the past.
rule-next-time = { $count ->
    [0] Next time: { $until }; no record fits now.
    [one] Next time: { $until }; { $count } record fits now.
   *[other] Next time: { $until }; { $count } records fit now.
}
rule-coming-days = { $count ->
    [0] Until { $until } no record's date comes.
    [one] Until { $until } the date of { $count } record comes.
   *[other] Until { $until } the dates of { $count } records come.
}
rule-letters = Letters
rule-would-send = { $count ->
    [one] { $count } letter would have gone out.
   *[other] { $count } letters would have gone out.
}
rule-unsent = { $count ->
    [one] { $count } more could not have gone: there is no address or no consent, or it cannot be filled.
   *[other] { $count } more could not have gone: there is no address or no consent, or they cannot be filled.
}
rule-letters-help = The letters are written over the records as they were then. Below are the newest, 50 at most.
rule-do-wait = Wait
rule-wait-after = How long
rule-do-wait-help = For instance: 2 days. What stands below is done after that.
rule-set-of = Whose fields
rule-set-own = of the record itself
rule-set-fields = Fields
rule-step = { $number }. { $action }
rule-step-add = Add an action
rule-step-kind = Which action to add
rule-step-remove = Remove: { $name }
rule-steps-none = There are no actions yet. Add the first one.
rule-then-wait = Wait: { $after }
rule-then-set-of = Fill in fields of the linked record: “{ $link }”
rule-waiting = Put off
rule-waits-until = until { $moment }
rule-once-more = Run once more
rule-once-more-text = The rule does this once more, as it is now and for the record as it is now:
rule-once-more-if = The condition is judged again, as it is written now: after a change over the record as that left it, and where a date or a while at a stage set the rule off, over the record as it is now.
rule-once-more-twice = What was done the first time stays: letters go out once more, records are made once more.
error-run_not_done = Only what was done is done once more. What failed is tried again from the log.
error-rule_is_off = The rule is switched off. Switch it on first.
error-run_waits = This run is on the queue already.
error-nothing_after_wait = Nothing is done after the wait: choose one more action at least.
error-while_is_nothing = A while is longer than nothing.
error-working_units = Working time is counted in days, hours and minutes.
error-times_missing = What is repeated says how often in all: nothing is repeated without end.
error-times_out_of_range = A number from 2 to 100.
error-every_missing = What happens several times says after how long again.
error-invalid_time_of_day = A time is hours and minutes, for instance 09:00.
error-day_of_every_day = Leave this empty for every day.
error-day_of_week = A day of the week is from 1, Monday, to 7.
error-day_of_month = A day of the month is from 1 to 31.
rule-do-sort = Sort the message
rule-sort-into = What becomes of it
rule-do-sort-fields = Fields of the case or the lead
rule-do-sort-to = Pass it to
rule-sort-case = Make a case
rule-sort-lead = Business of sales: a case and a lead
rule-sort-person = Pass it to a colleague
rule-sort-nothing = Set it aside as nothing
rule-sort-queue = Put it back into the inbox
error-only_messages = Only messages are sorted.
error-not_public = This address is not public: webhooks only go outside.
error-clock_too_far = The clock is moved 20 years ahead at most in one go.
notice-rule-held = the rule “{ $rule }” has used up its budget and stopped
notice-rule-fails = the rule “{ $rule }” has begun to fail
notice-trouble = a rule needs attention
notice-rule-called = the rule “{ $rule }” tells you
notice-by-rule = by the rule “{ $rule }”
error-set_by_move = This field changes by a move: choose the action “Make a move”.
error-set_by_program = The program fills this field in itself, and no rule changes it.
error-does_not_fit = The value is of another kind and cannot stand in this field.
error-record_unclear = Of which module the record is cannot be told: name id or a link.
error-text_wanted = A text is wanted here: a field or an expression with the address or the name.
error-words_in_text = Words in two languages stand in a text only.
error-takes_people = This move takes a second person, and no rule makes it.
error-move_of_program = The program makes this move itself, as part of another operation.
error-made_by_program = The program makes such records itself, and no rule does.
error-no_owners = These records have no owners.
error-no_date = This field holds no date.
rule-do-approve = Ask for consent
rule-approve-by = Of whom
rule-then-approve = Ask for consent: { $whom }
rule-asked = Waits for consent
rule-refused = Refused
approvals = For your approval
approvals-empty = Nothing waits for your approval
approvals-empty-help = Records for which a rule asks your consent come here.
approvals-will = If you agree, the rule does this:
approvals-yes = Agree
approvals-no = Refuse
approvals-second = A second person answers: not whoever set the rule off, made the record or owns it.
notice-rule-asks = the rule “{ $rule }” asks for your consent
error-already_answered = Somebody has answered already.
error-run_was_approved = This was agreed to once. Do the run before it once more, and it is asked again.
rule-uncounted = { $count ->
    [one] { $count } record is not counted: the program set it up itself (as a sample or by the command line), and no rule counts time for it.
   *[other] { $count } records are not counted: the program set them up itself (as samples or by the command line), and no rule counts time for them.
}
rule-event-called = The rule's address was called
rule-when-called = The rule's address was called
rule-address = The rule's address
rule-address-since = It has an address since { $moment }. Its secret is not kept: where it is lost, make a new address.
rule-address-none = There is no address yet: make one, and the rule can be called.
rule-address-help = Another program sends JSON to the address with POST. The call is kept as a record of “Calls from outside”, and the rule runs right after that. A new address takes the place of the old one.
rule-address-make = Make a new address
rule-address-once = This is the rule's new address. It is shown this once: give it to whoever is to call.
error-not_called = Only rules that are called from outside have an address.
error-only_calls = Only “Calls from outside” are called: choose that module.
list-empty-outside_calls = What other programs sent to the addresses of rules stands here.
list-empty-outside_calls-example = For example: the site told of a request, and a rule made a lead.
rule-why-step = Action { $number } ({ $action }):
rule-why-approved = Approved by { $name }
rule-why-refused = Refused by { $name }
rule-why-budget = More runs in an hour than the { $budget } allowed. The rule waits until somebody lets it go on.
rule-why-budget_of_letters = More letters in an hour than the { $letters } allowed. The rule waits until somebody lets it go on.
rule-why-stopped = The rule had stopped. It waits until somebody lets it go on.
rule-why-cause_gone = The record is gone, the moment was moved, or the change was undone.
rule-why-changed_meanwhile = What the rule does was changed while it waited.
rule-why-condition = The condition does not hold.
rule-why-interrupted = The program ended in the middle of the rule, times in a row: { $times }.
rule-why-no_consent = The letter was not sent: the address never agreed to news and offers.
rule-why-off_meanwhile = The rule was switched off or deleted while it waited.
rule-why-opted_out = The letter was not sent: the address does not want news and offers any more.
rule-why-too_deep = Rules set each other off in a circle, times in a row: { $times }. The way: { $way }
rule-why-webhook = The webhook to { $url } was not taken: { $answer }
error-letters_too_few = One run may send more letters than this number: with so few the rule would never run.
error-nobody_there = There is nobody to assign or to ask.
error-no_address = The record has no address to which the letter could go.
error-no_such_team = There is no such team.
error-linked = Other records link to this one.
