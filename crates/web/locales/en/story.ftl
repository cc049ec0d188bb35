# What was done to a record, its past and its owner.
done-moved = Done: { $state }
done-restored = Taken out of the bin
done-file-gone = File removed
story-older = Show older
story-newest = Back to the newest
past-ask = As it was on
past-show = Show
past-stood = This is how the record stood on { $moment }.
past-stood-in-bin = On { $moment } the record lay in the bin and stood like this.
past-not-yet = On { $moment } this record was not there yet.
past-no-moment = Choose a date and a time.
past-back = Back to now
history-of = History of the field “{ $field }”
history-none = Nobody has changed this field yet.
owner-none = Nobody answers for it
