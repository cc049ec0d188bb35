# Moves of a record from a list, acts on many, words of buttons.
ways-not-open = You may not change this record.
ways-end = There are no moves from here.
bulk-binned = { $count ->
    [one] { $count } record moved to the bin
   *[other] { $count } records moved to the bin
  }
bulk-restored = { $count ->
    [one] { $count } record taken out of the bin
   *[other] { $count } records taken out of the bin
  }
undo-told = Undone
move-heading = { $name }: “{ $title }”
move-heading-to = { $name }: “{ $title }” → { $stage }
move-back = { $name }: { $stage }
search-everywhere = Search everywhere
to-story = To history and comments
seats-at-once = No more than { $count } in one order
error-no_process = These records have no process, and so no stages.
error-no_such_survey = There is no such survey.
error-no_link = This is no link to records of one module.
error-changed_by_operation = Such records are changed by their own operations, not by a rule.
error-sorted_without_fields = Only a case and a lead have fields.
error-passed_to_nobody = Only what goes to a person is passed on.
error-survey_anonymous = Who answers is not known, so the answers go to no record.
error-survey_no_options = There is nothing to choose from: add options.
error-survey_column = A column has a name of its own and is a text, a number or a choice.
error-survey_file_of_anybody = Files come by personal links alone: anybody could fill the disk.
error-survey_file_untaken = The service that takes these answers takes no files.
error-survey_file_alone = A file is sent by whoever answers and stays with the answers: it cannot be filled in before or written to a field.
error-survey_about_nothing = The survey is about no record: say of which module.
error-survey_unwritable = This field is not filled in by hand, so no answer is written there.
