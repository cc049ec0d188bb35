# Lists in other shapes: board, calendar, timeline.
shapes = Shape of the list
shape-table = Table
shape-board = Board
shape-calendar = Calendar
shape-timeline = Timeline
shape-chart = Chart
shape-by = By the field “{ $name }”: choose another
shape-columns = Columns: { $name }
shape-dates = Date: { $name }
board-without = Not filled in
board-help = Arrows lead from card to card. Shift with the left or right arrow moves the card to another stage.
board-count = Cards:
board-nobody = Empty
board-more = Show more
board-age-title = How long it has been at this stage
board-age = { $days ->
    [0] less than a day
    [one] { $days } day
   *[other] { $days } days
}
board-late = was due { $day }
board-move = Move: { $title }
board-moved = “{ $title }”: { $stage }
board-not-by-hand = This field is not changed by hand.
board-no-way = Nothing goes from “{ $from }” to “{ $to }”.
board-ways = From here: { $ways }.
board-by-process = “{ $name }” happens by itself, when everything is ready for it.
board-not-theirs = “{ $name }” is for people with other roles.
board-guarded = “{ $name }” is closed now: its condition does not hold.
board-four-eyes = “{ $name }” takes a second person: you made the record, own it or brought it to this stage.
key-cards = From card to card of a board
key-hours = From one free hour of a calendar to the next
key-move = Move a card or an activity
calendar-before = Earlier
calendar-after = Later
calendar-today = Today
calendar-span = How much is shown
calendar-month = Month
calendar-week = Week
calendar-day = Day
calendar-agenda = Agenda
calendar-whose = Whose
calendar-mine = Mine
calendar-teams = My team’s
calendar-everybodys = Everybody’s
calendar-nobodys = Nobody’s
calendar-people-cut = Only the first { $count } people by name stand side by side; what others have is not shown here. Choose “Mine” or add a filter.
calendar-whole-day = All day
calendar-new = Add: { $day }
calendar-more = { $count } more
calendar-free = Free
calendar-free-text = There is nothing in these days. Look earlier or later, or take filters away.
timeline-earlier = Before: { $day }
timeline-later = After: { $day }
calendar-cut = The first { $count } are shown. To see the others, take fewer days or add a filter.
calendar-moved = Moved
shape-measure = Bars: { $name }
chart-count = number of records
chart-caption = { $measure }, by “{ $by }”
chart-nothing = There is nothing to draw here
chart-save-svg = Keep as a picture (SVG)
chart-save-csv = Keep as a table (CSV)
chart-left = { $count ->
    [one] { $count } more group is not drawn
   *[other] { $count } more groups are not drawn
  }. Narrow the filter.
