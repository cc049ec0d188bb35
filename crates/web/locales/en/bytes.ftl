# Files of records: how much may be sent and what may happen to them.
files-too-heavy = These files are larger than { $size } MB together. Send them in parts.
error-files_too_large = These files are larger than 128 MB together. Send them in parts.
error-disk_full = The server's disk is full, and nothing was attached. Ask an administrator to make room, then send it again.
error-not_read = The file cannot be read from the disk at the moment. Try again a little later.
error-bytes_gone = The file was removed too long ago: what was in it is gone.
error-attach_again = While the file was being attached, the same one was removed with a person who was erased. Attach it again.
error-beyond_the_end = The file has no such part.
