# The form of a field, the layout of a module, logo and colour, installing on a device, embedding of the order form.
settings-scale = Digits after the point
settings-scale-help = From 0 to 6; it never changes afterwards. Empty means 2.
settings-min = At least
settings-max = At most
settings-open = take any words, as tags do
settings-open-help = Options then only name and colour some of the words. It cannot be closed again.
settings-choices-help = The value is for programs, the name for people. Empty rows do not count.
settings-option-value = Option { $number }: value
settings-option-ru = Option { $number }: name in Russian
settings-option-en = Option { $number }: name in English
settings-option-colour = Option { $number }: colour
settings-more-rows = More rows
settings-many-options = Paste many at once
settings-expression-help = In the language of expressions: amount - paid, name + " " + city.
settings-via = Through which link
settings-measure = What to work out
settings-measure-help = count(), sum(total), min(…), max(…) or avg(…)
settings-roll-up-filter = Which records to take
settings-roll-up-filter-help = A condition such as status == "paid"; empty means all.
settings-help-ru = Hint in Russian
settings-help-en = Hint in English
settings-index = fast filters and sorting
settings-index-help = Keeps an index: lists by this field are fast at any size.
settings-required-at = Required at stages
settings-required-at-help = Nobody makes a record in a ticked stage, or moves one there, without this field.
settings-asked-by-pack = the process asks already
settings-default = Value of a new record
settings-default-help = As in the form of the record; several options with commas. Records that are there stay as they are.
settings-series = Numbering
settings-series-help = C-{"{"}n:06{"}"}, for instance, gives C-000001, C-000002… The field must have no duplicates.
settings-validation = Check
settings-validation-help = A condition that must hold whenever the field is filled: price >= cost.
settings-refusal-ru = What people read when the check fails, in Russian
settings-refusal-en = The same in English
settings-refusal-help = Without these words the help of the field is shown.
settings-outlook-expressions = Expressions that change along with the name:
settings-wrong-at = Wrong in the expression at character { $place }: { $message }
settings-dry-run = What would change
settings-outlook = Nothing has been changed yet.
settings-outlook-records =
    { $count ->
        [0] It concerns no records.
        [one] It concerns { $count } record.
       *[other] It concerns { $count } records.
    }
settings-outlook-empty =
    { $count ->
        [one] In { $count } record the required field is empty; it stays as it is until somebody changes it.
       *[other] In { $count } records the required field is empty; they stay as they are until somebody changes them.
    }
settings-outlook-no-steps = The tables of the database do not change.
settings-outlook-steps =
    { $count ->
        [one] { $count } step in the database
       *[other] { $count } steps in the database
    }
tone-none = no colour
tone-acc = accent
tone-good = green
tone-warn = yellow
tone-bad = red
tone-cold = light blue
error-stays_open = Records may hold words that are none of its options: the field stays open.
settings-moves = Moves
settings-moves-help = What each move asks for. To add a field to a stage, open the field: “Required at stages”.
settings-move = Move
settings-move-from = From
settings-move-to = To
settings-move-asks = Asks for
settings-layout = Layout
settings-layout-help = How the record page and the list look for everybody. Arrows move things on the screen, the button below saves; the page “Packs”, pack “Own changes”, leads back to the earlier layout.
settings-groups = Groups of the record page
settings-group = Group “{ $name }”
settings-group-ru = Group “{ $name }”: name in Russian
settings-group-en = Group “{ $name }”: name in English
settings-group-remove = Remove the group “{ $name }”
settings-group-add = Add a group
settings-group-empty = No fields here yet.
settings-group-of = Group of the field “{ $name }”
settings-columns = Columns of the list
settings-search = Where search looks
settings-title = The field that names a record
settings-subtitle = The field beside the name
settings-save-layout = Save the layout
settings-layout-reset = Back to the pack's own
settings-preview = What the record page will look like

# The order form on another site.
placed-text = Your order is in, and the letter about it is on its way. On the page of the order: how to pay, names of the attendees, tickets.
placed-open = Open the page of the order
embed-title = The order form on your site
embed-help = Put these lines into a page of your site, where the form is wanted. The second line fits the height; the form works without it too. “&lang=en” in the address chooses the language.
embed-code = Code to insert
embed-look = Look at the form
copy = Copy
copied = Copied

# Logo and colour.
organisation-accent = Colour of the organisation
organisation-has-accent = Our own colour instead of the usual one
organisation-help-accent = On pages for buyers, on the sign-in page and in the program itself. Where it is hard to see on the ground it becomes darker or lighter; what is written on it is white or black, whichever reads better.
logo = Logo
logo-file = File
logo-help = PNG, JPEG, WebP or SVG, at most 512 KB. Buyers see it; so does whoever signs in, and it stands in the menu.
logo-send = Set the logo
logo-remove = Remove the logo
error-logo_too_large = The file is larger than 512 KB: make the picture smaller.
error-not_a_picture = This is no PNG, JPEG, WebP or SVG picture.
error-fixed_name = The program relies on this name: it cannot be changed.
error-scale_out_of_range = Digits after the point are 0 to 9.
error-named_for_several = The field is named where records of other modules are meant as well (a shared letter or survey): change it there first.
error-not_of_this_type = A field of this type has no such property: leave it out.
error-wrong_use = Such a field cannot be used for this.
error-no_second_person = The program makes this move itself: there is nobody to be the second person.
error-no_pack_file = A pack begins with the file pack.toml, and it is missing.
error-invalid_option = Every option has a value without blanks around it, a label, and a colour from the list.
error-repeated_option = Two options have one value: each has its own.
error-repeated_label = Two options have one label: nobody could tell them apart.
error-repeated_field_label = Another field of this module has the same label: people could not tell the two apart. Call it otherwise.
error-refusal_of_nothing = There is no check, so nobody would read these words: say what must hold, or leave them out.
error-default_of_unique = No two records share a value, so the second could not begin with this: leave it out.
error-nobody_sets_it = Nobody sets this field by hand, so it cannot be required.
error-said_by_process = The process says this: change its states.
error-invalid_bounds = Bounds are those of a number, and the least is not above the greatest.
error-invalid_stages = There is no such stage, or nobody fills in this field by hand.
error-invalid_series = Numbers are given to a unique text, as C-{"{"}n:06{"}"}.
error-invalid_label = A label is a text: one for both languages, or one in Russian and one in English.
error-lasting_property = Values are kept by this, so it cannot change: add a field of another name.
error-unknown_state = There is no such stage.
error-unknown_role = There is no such role.
error-ends_well = Records come to a good end by its condition alone: choose another stage, or let them stay.
error-moves_in_use = Records go elsewhere only from a stage that is retired.
error-state_begins = New records begin at this stage: choose another one first.
error-field_named_twice = A field is named twice.
uses-title = Where it is used
uses-nobody = Nothing names the field: no formula, rule, letter, view or role.
uses-help = Before you retire the field, see who works with it. Formulas, conditions, rules and surveys do not let it go while they name it.
uses-field = Field
uses-layout = Layout
uses-process = Process
uses-move = Move
uses-rule = Rule
uses-letter = Letter
uses-form = Form of a site
uses-survey = Survey
uses-view = View
uses-role = Role
parts = Parts of the page
parts-rights = Rights
parts-right = Reads and changes
parts-no-rules = There are no rules about records of this module yet.
