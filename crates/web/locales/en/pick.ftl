# Choosing linked records and people.
pick-placeholder = Start typing
pick-drop = Remove: {"{"}name{"}"}
pick-none = Nothing found
pick-found = Found: {"{"}count{"}"}
pick-new = New record: { $name }
pick-new-named = New record: { $name } “{ $words }”
