# What an administrator needs: teams, the looks of a module, refusals of the settings; the history of acts and one’s own profile.
settings-teams = Teams
teams-help = A team says who works with whom. A role with the right “the team’s” opens the records of everybody one shares a team with; views of lists are shared with a team.
teams-name = Name
teams-members = Members
teams-people = Pages of the members
teams-views = Shared views
teams-empty = No teams yet
teams-empty-help = Make the first one: “Sales”, for example.
teams-new = New team
teams-make = Make the team
teams-delete = Take the team apart
teams-delete-help = Its members stay, but no longer see those records of each other that they saw through this team alone. A team comes back only by being made anew.
teams-delete-sure = Yes, take it apart
teams-in-use = { $count ->
    [one] { $count } view is shared with the team. Share it otherwise or remove it first: then the team can be taken apart.
   *[other] { $count } views are shared with the team. Share them otherwise or remove them first: then the team can be taken apart.
}
teams-views-unseen = { $count ->
    [one] and { $count } more that you do not see
   *[other] and { $count } more that you do not see
}
error-team_exists = There is a team of this name already.
error-team_in_use = Views are shared with this team: share them otherwise first.
error-user_exists = There is a user with this e-mail already.
error-too_short = Too short: at least 10 characters.
error-wrong_password = This is not the present password.
error-wait_password = A wrong password was typed several times. Wait a little and try again.
error-invalid_program_name = Only lower-case Latin letters, digits and _, a letter first.
error-reserved_name = The program itself uses this word: choose another one.
settings-because = This does not fit. The program says: { $message }

module-one-ru = One record in Russian
module-one-en = One record in English
module-one-help = “Hotel”, for example: buttons and forms call it so. Empty means the name of the module.
module-icon = Icon
module-icon-help = It stands in the menu, in search and beside the name of a record.
module-menu-help = Otherwise the module is opened by links of other records and by search.
module-owners = Records have an owner
module-owners-help = Then roles can open “own” records and those of “the team”. This does not change later.
module-has-owners = Records of this module have an owner: the rights “own” and “the team’s” go by it.
module-belongs = What records belong to
module-belongs-help = A link to that module is made. Where there is no owner, one’s own is what belongs to one’s own record.
module-belongs-nowhere = To nothing
icon-none = No icon
icon-present = The present icon
icon-building = Building
icon-store = Shop
icon-place = Place on a map
icon-truck = Lorry
icon-package = Box
icon-briefcase = Briefcase
icon-handshake = Handshake
icon-people = People
icon-person = Person
icon-learning = Learning
icon-presentation = Presentation
icon-microphone = Microphone
icon-video = Video
icon-camera = Camera
icon-calendar = Calendar
icon-ticket = Ticket
icon-gift = Gift
icon-megaphone = Megaphone
icon-book = Book
icon-document = Document
icon-list = List
icon-wallet = Wallet
icon-wrench = Tool
icon-star = Star

acts = History of acts
acts-help = What was done lately, the newest first. Any of it can be undone; where something has changed since, Plenary shows what and asks.
acts-whose = Whose acts
acts-own = Mine
acts-all = Everybody’s
acts-every-module = All modules
acts-show = Show
acts-none = Nothing was done yet
acts-none-here = No such acts here, but there may be earlier ones
acts-older = Earlier
acts-edit = Edit
acts-bulk = Edit of many records
acts-move = Move
acts-import = Import from a file
acts-undo = Undo of an earlier act
acts-erasure = A person’s data erased
acts-setup = Settings
acts-views = Views of lists
acts-records = { $count ->
    [one] { $count } record
   *[other] { $count } records
}
acts-more-records = { $count ->
    [one] more than { $count } record
   *[other] more than { $count } records
}
acts-others = { $count ->
    [one] and { $count } more record
   *[other] and { $count } more records
}

me-title = My profile
me-help = E-mail and roles are changed by an administrator.
me-signature = Signature in letters
me-signature-help = It stands below each letter that you begin, where you may change it or take it out.
me-signature-look = How the signature looks
me-present-password = Present password
me-password-help = After that you stay here, and sign in anew on other devices.
me-password-change = Change the password
me-password-saved = The password is changed, all other sessions are over.
