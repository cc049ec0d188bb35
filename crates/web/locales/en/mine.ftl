# What everybody sets for themselves: widths of columns, the order of the menu; how far an act on many records is.
column-narrower = Narrower: { $name }
column-wider = Wider: { $name }
columns-fit = Fit columns to content
key-width = Column width: narrower, wider, fit
own-menu = Menu order
own-menu-help = Put the sections in the order that suits you, and hide those you do not need. Only you see the menu this way; hidden sections still open by links and search.
own-menu-hidden = hidden
own-menu-up = Up: { $name }
own-menu-down = Down: { $name }
own-menu-hide = Hide: { $name }
own-menu-show = Show: { $name }
own-menu-reset = Back to the usual order
error-unknown_module = There is no such section.
bulk-acting = Done: {"{"}done{"}"} of {"{"}all{"}"}
bulk-stopping = Stopping…
bulk-stopped = You stopped it: the other records are unchanged.
error-named_twice = A section is named twice.
