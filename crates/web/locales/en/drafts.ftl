# What was typed and not saved.
draft-now = The record says: {"{"}value{"}"}
