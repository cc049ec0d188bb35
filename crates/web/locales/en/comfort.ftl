# What is planned, what goes along with letters, where a filter is wrong, first steps that are done.
plan-late = overdue
plan-no-time = no time set
soon-hour = In an hour
soon-tomorrow = Tomorrow
soon-monday = On Monday
soon-week = In a week
soon-other = Another time
letter-enclosed = Attachments
