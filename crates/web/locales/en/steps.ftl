# What changes in the database when modules and packs change.
step-system = System tables, step
step-noted = Note step
step-table = New table
step-column = New column
step-links = Table of links
step-index = New index
step-index-later = New index, built afterwards while work goes on:
step-shared = Values may repeat:
step-reference = Link:
step-searched = Found by search:
step-table-renamed = Table gets another name:
step-column-renamed = Column gets another name:
step-index-renamed = Index gets another name:
step-index-gone = Index no longer needed:
step-mentioned = New name of the module in table
