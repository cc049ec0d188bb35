# What is wrong with what was typed for programs.
field-no-json = This is not JSON: see line { $line }.
