# Who has such an e-mail address or telephone number already.
known-email = Somebody has this e-mail address already:
known-phone = Somebody has this telephone number already:
