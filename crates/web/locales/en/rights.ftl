# Roles that end or are changed by two at once; fields that somebody else must fill in.
roles-overtaken = While you were editing, somebody else changed the same. Your choice stands in the form; save again to put it in place of theirs.
roles-now = now:
roles-delete = Delete the role
roles-delete-now = Delete the role
roles-delete-help = The role can be brought back: Settings → Packs → Own changes. Users keep the role that they are given now.
roles-unused = Nobody has this role.
roles-held = { $count ->
    [one] { $count } user has this role:
   *[other] { $count } users have this role:
}
roles-move-to = The role that they get instead
roles-move-choose = Choose a role
error-role_in_use = Users have a role that would go: give them another one first.
error-role_of_a_pack = This role comes with a pack. Only the workspace’s own roles are deleted.
error-role_in_moves = A move of a process is made by this role: change the process first.
error-changed_meanwhile = Somebody else changed this meanwhile.
error-nobody_is_asked = Nobody is asked at this stage: records get there by themselves.
error-filled_by_others = Your role does not change this field: ask an administrator to fill it in.
error-filled_out_of_sight = A field that your role does not see must be filled in first: ask an administrator.
source-shape = Settings of the workspace
