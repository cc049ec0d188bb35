# Comments, tags, following, notifications.
talk-placeholder = Write to colleagues…
talk-mention = Mention a colleague
talk-send = Send
talk-sent = Comment sent
talk-edited = edited
talk-edit = Edit
talk-edit-label = Text of the comment
talk-delete = Delete
talk-deleted = Comment deleted
talk-nobody = Plenary
talk-unseen = May not see this record: { $names }. Mention people it is open to, or open it to them first.
talk-follow = Follow
talk-follows = Following
talk-follow-help = You will get notifications about new comments and changes of stage.
error-mention_unseen = Only people this record is open to can be mentioned.
error-ambiguous_mention = Several colleagues have this name: write an e-mail address after @.
error-too_many_mentions = One comment holds at most 30 mentions: take some of them away.
error-invalid_target = This cannot be commented on.
tags-add = Add
tags-remove = Remove the tag “{ $tag }”
tags-typed = Separated by commas
notices = Notifications
notices-count = { $count ->
    [one] Notifications: { $count } new
   *[other] Notifications: { $count } new
}
notices-which = Which notifications to show
notices-every = All
notices-unread = Unread
notices-new = (new)
notices-all-read = Mark all as read
notices-read = Read
notices-mark-read = Mark as read: { $title }
notices-older = Earlier ones
notices-empty = No notifications
notices-empty-help = Notifications will appear here: when somebody mentions you, hands you a record, or something changes in the records you follow.
notice-mention = you were mentioned
notice-comment = new comment
notice-assigned = you are now the owner
notice-stage = new stage
notice-others = { $count ->
    [one] and { $count } more record
   *[other] and { $count } more records
}
letters-title = Letters about notifications
letters-menu = Notifications and letters
letters-none = None
letters-personal = When somebody mentions me or a record becomes mine
letters-all = About every notification
plan = Plan
plan-call = Call
plan-meeting = Meeting
plan-task = Task
