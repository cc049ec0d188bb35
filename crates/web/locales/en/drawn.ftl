# Pictures of processes: how many records stand where and for how long, the way of one record.
drawn-process = The process drawn
drawn-processes = Processes
drawn-picture = Process “{ $name }”
drawn-description = Stages in their order: { $states }. { $count ->
    [one] { $count } move
   *[other] { $count } moves
} between them.
drawn-legend = A dot on the edge: records begin here. A dashed line: the move happens by itself. A clock: how long a timer waits. Below the line: ends.
drawn-count = Records: { $count }
drawn-median = Median: { $length }
drawn-slow = Bottleneck
drawn-bottleneck = Most time is lost in “{ $state }”: { $count ->
    [one] { $count } record is
   *[other] { $count } records are
} there now, and half of the records stood there for longer than { $length }.
drawn-moves = Times are worked out from { $count ->
    [one] the last { $count } move
   *[other] the last { $count } moves
} of { $days ->
    [one] { $days } day
   *[other] { $days } days
}: the median is how long at most half of the records that left the stage had stood in it. Only records that you can see count.
drawn-no-moves = Of the records that you can see, none changed its stage in the last { $days ->
    [one] { $days } day
   *[other] { $days } days
}, so no time is known.
drawn-elsewhere = { $count ->
    [one] { $count } more record is
   *[other] { $count } more records are
} in none of these stages.
drawn-states = Stages and moves
drawn-state = Stage
drawn-now = Records now
drawn-usual = Median time
drawn-ways = Where it can go
drawn-start = records begin here
drawn-timer = timer: { $length }
drawn-rule-waits = { $length }: { $rule }
drawn-asks = asks for: { $fields }
drawn-stamps = keeps the moment in: { $fields }
drawn-guarded = on a condition
drawn-four-eyes = takes a second person
drawn-two = 2 people
drawn-four-eyes-alone = The move “{ $move }” takes two people, and there is one at most who may make it.
drawn-stay-in-retired = The rule “{ $rule }” acts at “{ $state }”, which is out of use.
drawn-stay-in-circle = The rule “{ $rule }” moves every record on from “{ $state }”, and rules bring it round to there again: that never ends. Give one of them a condition.
drawn-stay-without-end = The rule “{ $rule }” repeats itself at “{ $state }”, which nothing leaves: it always runs as often as it may.
drawn-by-process = happens by itself
drawn-by-operation = by its button on the page of the record
drawn-by-editor = whoever may change the record
drawn-see = See it drawn
drawn-findings = What to look at in the process itself
drawn-unreachable = “{ $state }” cannot be reached: no way from the beginning leads there.
drawn-dead-end = Nothing leaves “{ $state }”, although work goes on there.
drawn-endless = From “{ $state }” no end can be reached.
drawn-unknown-role = The move “{ $move }” is allowed to the role “{ $role }”, and there is no such role.
drawn-nobody = Nobody can make the move “{ $move }”: no user has one of its roles and may change these records.
drawn-never = The condition of the move “{ $move }” never holds.
drawn-endless-timer = The timer “{ $timer }” in “{ $state }” goes off without end: nothing leaves that stage.
drawn-shadowed = The move “{ $move }” from “{ $state }” is never made: “{ $other }” is taken before it.
drawn-its-way = Its way drawn
drawn-way-title = Way of { $name }
drawn-all = All records
drawn-way = The way of the record
drawn-way-cut = The last { $count ->
    [one] { $count } stage is
   *[other] { $count } stages are
} shown.
drawn-when = Since when
drawn-stood = Stood for
drawn-now-here = here now
drawn-open = What can be done now
drawn-nothing-open = No move is open to you now.
drawn-to-record = Open the record
drawn-steps = { $count ->
    [1] Step { $numbers }
   *[other] Steps { $numbers }
}
drawn-since = since { $day }
drawn-lasted = { $length } in all
