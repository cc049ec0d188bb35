# Moves of a record from a list, acts on many, words of buttons.
ways-not-open = You may not change this record.
ways-end = There are no moves from here.
