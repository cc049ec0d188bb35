# What is wrong with what was typed for programs.
field-no-json = This is not JSON: see line { $line }.

# Refusals that are met seldom.
error-already_set_up = Everything is set up already: sign in.
error-set_up_under_way = It is being set up already. Wait a little.
error-broken_template = The template of the letter has a fault: no letter can be written from it.
error-no_template = There is no template for such a letter.
error-fixed_name = The program relies on this name: it cannot be changed.
error-internal = Something went wrong. Try again.
error-invalid_decimal = Enter a number, for instance 12.5, with no more digits after the point than the field has.
error-invalid_form = The form cannot be read as it was filled in.
error-invalid_parameter = There is a mistake in the address of the page.
error-invalid_query = There is a mistake in the address of the page.
error-unknown_parameter = There is a mistake in the address of the page.
error-deleted = The record is in the bin. Restore it first.
error-kept_by_process = This record is part of a process: it is cancelled instead of deleted.
error-made_by_process = Such records are made by the program.
error-method_not_allowed = This page cannot be asked for in this way.
error-read_forbidden = You have no right to see this.
error-too_large = This is too much for one time.
error-unreadable_body = What was sent cannot be read.
error-unsupported_media_type = It cannot be taken in this form.
