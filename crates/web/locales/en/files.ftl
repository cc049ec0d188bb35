# Files of records.
files = Files
files-attach = Attach files
files-choose = File
files-send = Attach
files-sending = Sending files
files-drop = or drop them onto the page
files-or = or one that is attached already
files-none = No file
files-attached = { $count ->
    [0] Saved
    [one] { $count } file attached
   *[other] { $count } files attached
}
files-too-many = { $count ->
    [one] Only { $count } file can be attached at once
   *[other] At most { $count } files can be attached at once
}
file-attached = File attached
file-too-large = The file is larger than { $size } MB
file-bytes = { $count ->
    [one] { $count } byte
   *[other] { $count } bytes
}
file-kb = { $size } KB
file-mb = { $size } MB
file-unseen = Such a file cannot be shown here. Save it to open it.
file-save = Save to disk
file-rename = Rename
file-take-away = Remove
error-not_attached = Attach this file to the record first.
error-takes_no_files = Nothing is attached to files or to records in the bin.
error-use_upload = Attach the file on the page of its record.
error-file_empty = There is nothing in the file: choose another one.
error-file_too_large = The file is too large: 25 MB at most.
error-too_many_files = At most 20 files can be attached at once.
error-not_kept = The file was not kept: the disk cannot be written. Try again a little later.
type-file = File
