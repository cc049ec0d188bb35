# Rights: roles, looking as another, who sees a record.
settings-roles = Roles
roles-role = Role
roles-capabilities = Special rights
roles-users = Users
roles-overview = What each role sees and changes
roles-marks = The first mark is what it sees, the second what it changes.
roles-new = New role
roles-make = Make the role
roles-copy = Begin with the rights of
roles-copy-nothing = No rights at all
roles-own = own
roles-help = Rights of several roles add up. What a role does not see it neither changes nor deletes.
roles-matrix = Rights by module
roles-every = Every other module
roles-inherited = as every other
roles-reset = back to what it was
roles-always = cannot be taken away
roles-limits = hidden: { $hidden }, locked: { $locked }
roles-no-limits = every field
roles-hidden = hidden
roles-locked = locked
right-read = Sees
right-create = Creates
right-update = Changes
right-delete = Deletes
right-purge = For good
right-export = Exports
scope-none = none
scope-own = own and unowned
scope-team = team’s
scope-all = all
capability-administer = Administration
capability-rehearse = Rehearsal: clock and letters
capability-manage-orders = Managing orders
capability-book-payments = Booking payments
capability-check-in = Checking in at the door
error-always_administers = The administrator always administers.
error-last_administrator = Nobody would be left to administer: give that right to somebody else first.
error-no_such_module = There is no such module.

sees-as = Seeing as another
sees-as-who = You see everything as { $name } does.
sees-as-read-only = Nothing can be changed.
sees-as-end = Back to myself
sees-as-begin = See as this user
sees-as-help = You see what they see: the same records, fields and menu. Nothing can be changed, and their notifications stay unread.
error-only_looking = You are looking as another user, so nothing can be changed. Come back to yourself first.
error-nobody_to_see_as = One looks as another user who may sign in.

access = Who sees this
access-help = The answer comes from the same rules by which records are shown.
access-seen = { $count ->
    [one] { $count } user sees it
   *[other] { $count } users see it
}
access-unseen = { $count ->
    [one] { $count } user does not see it
   *[other] { $count } users do not see it
}
access-reads = sees
access-updates = changes
access-deletes = deletes
access-hidden = Does not see the fields: { $fields }
access-all = Role “{ $role }”: all records
access-own = Role “{ $role }”: own records, and this user owns it
access-nobodys = Role “{ $role }”: own records and those that nobody owns; this one has no owner
access-team = Role “{ $role }”: records of their teams; its owner { $owner } is in “{ $team }” too
access-parent = Role “{ $role }”: sees the record it belongs to ({ $module })
access-about = Role “{ $role }”: sees what it is about ({ $module })
access-by-rights = Role “{ $role }”: by its rights
access-not-none = Role “{ $role }”: sees no such records
access-not-own = Role “{ $role }”: own records only, and its owner is { $owner }
access-not-team = Role “{ $role }”: records of their teams only; its owner { $owner } is in none of them
access-not-parent = Role “{ $role }”: does not see the record it belongs to ({ $module })
access-not-about = Role “{ $role }”: does not see what it is about ({ $module })
access-not-by-rights = Role “{ $role }”: its rights do not reach it
access-withheld = Role “{ $role }”: only its addressee sees the letter of a notification
