# Packs: what is applied, what would change, the way back.
packs = Packs
packs-text = A pack describes how an organiser works: modules, processes, roles, letters and documents. What you change yourself is kept in a pack of its own, which has the last word.
packs-applied = Applied
packs-waiting = Come with the program, not applied
packs-pack = Pack
packs-version = Version
packs-when = Applied
packs-by = By
packs-by-program = the command line
packs-own = does not ship
packs-current = up to date
packs-newer = version { $version } is there
packs-differs = differs from the one that ships
packs-see = See what would change
packs-upload = A pack of yours
packs-files = Files of the pack
packs-files-help = One file that was downloaded here (.pack.json), or a pack that is one pack.toml. Up to a megabyte. You see what would change first.
packs-refused = The pack does not fit; nothing was changed.
packs-fault = What is wrong with the file
packs-done = Done: the pack is applied.
packs-download = Download
packs-other-ships = Another version of this pack comes with the program: { $version }.
packs-needs = Needs
packs-modules = Modules
packs-processes = Processes
packs-roles = Roles
packs-letters = Letters
packs-views = Views
packs-documents = Documents
packs-extends = What it adds to others
packs-new-fields = New fields
packs-changed-fields = Changed fields
packs-others = Also extended by
packs-order-help = Where several packs extend one module, the one further down the list of packs has the last word.
packs-past = Earlier versions
packs-no-past = It has not been changed since it was applied.
packs-until = Until
packs-was-not-there = was not there
packs-go-back = Go back to this
packs-plan = What would change
packs-from-to = from version { $before } to version { $after }
packs-becomes = version { $after }
packs-goes = the pack will be gone
packs-same = Nothing would change: it is so already.
packs-along = Together with it
packs-steps = In the database
packs-no-steps = The tables stay as they are.
packs-touches = { $count ->
    [one] It concerns { $count } record.
   *[other] It concerns { $count } records.
}
packs-empty = { $count ->
    [one] In { $count } record a field is empty that is required from now on: it stays as it is until somebody changes it.
   *[other] In { $count } records a field is empty that is required from now on: they stay as they are until somebody changes them.
}
packs-nothing-lost = No data is deleted: what is no longer in the pack is put aside and comes back with it.
packs-file-changes = In the files
packs-file-added = new
packs-file-removed = removed
packs-file-changed = changed
packs-apply = Apply
error-older_pack = This is an older version of the pack than the one applied. Raise version in pack.toml, or go back from the page of the pack.
error-unknown_part = There is no such stage, move or timer.
error-several_moves = Several moves are called so: say which.
error-view_unfit = The view shows what these records do not have, or its filter is wrong.
error-pack_needed = Apply the pack first that this one needs.
error-role_of_another_pack = Another pack has this role: change it by extends.
error-unreadable_file = The file cannot be read: look at the place that is named.
error-not_of_a_pack = This is not a file of a pack.
