# What is wrong with what was typed for programs.
field-no-json = Это не JSON: посмотрите на строку { $line }.
