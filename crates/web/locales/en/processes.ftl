# Processes: states, moves and timers that an administrator changes while records run through them.
processes = Processes
processes-help = Which stages records go through, who moves them and on what condition. Changes hold at once, also for records that are on their way.
processes-process = Process
processes-states = Stages
processes-state = Stage
processes-moves = Moves
processes-timers = Timers
processes-order = Order
processes-new = A process for a module that has none
processes-new-states-help = Each stage on a line of its own: name = Label. The name is for programs, in Latin letters. Records begin at the first stage.
processes-make = Make the process
processes-open = Set the process up
processes-following =
    { $count ->
        [one] Saved. { $count } record follows the change.
       *[other] Saved. { $count } records follow the change.
    }
processes-fixed = The program itself keeps these records, so their stages and the ways between them are fixed. Labels, colours, conditions, times, who moves them and what is asked can be changed.
processes-acts = What happens by itself
processes-acts-help = When a record comes to a stage, goes from it or stands there for a while, rules act. The picture of the process shows the while with a clock.
processes-acts-moves = When the move is made
processes-acts-others = When a record is made or changed, or a date comes:
processes-entering = On coming there
processes-leaving = On going
processes-staying = After a while
processes-act-add = Add an action
processes-act-add-at = Add an action: { $state }, { $event }
processes-organisation-waits = The settings of the organisation say { $wait } instead. They go before this timer.
processes-undo = As it was
processes-undo-help = Everything you have changed is kept with its earlier versions; you can go back to any of them.
processes-undo-open = Earlier versions
processes-phase = How it ends
processes-phase-open = work goes on
processes-phase-won = success
processes-phase-lost = no success
processes-first = start
processes-initial = Where new records begin
processes-add-state = New stage
processes-state-add = Add stage
processes-move-add = Add move
processes-add-move = New move
processes-colour = Colour
processes-from = From
processes-to = To
processes-by = Who makes it
processes-by-process = the program itself
processes-by-editor = everybody who may change the record
processes-by-roles = only the roles that are ticked
processes-roles = Roles
processes-roles-help = They count where “only the roles that are ticked” is chosen above.
processes-of-program = The program makes this move itself: who makes it and where it leads stays.
processes-asks = What is asked
processes-asks-help = Nobody makes the move without these fields: the program asks for them.
processes-asked-by-field = the field itself says so
processes-guard = Condition
processes-guard-help = In the language of expressions: amount > 0. Empty for none. It is checked when you save.
processes-four-eyes = Takes a second person
processes-four-eyes-help = Whoever made the record, owns it or brought it to this stage does not make the move, administrators included. No rule makes it.
processes-after = Length of the timer
processes-after-help = For instance: 1 day, 4 hours, 2 days 12 hours. It runs at: { $states }. Those who wait already count their time anew.
processes-stands-after = Stands after
processes-road = put it on the road
processes-road-help = The move to the next stage goes through this one; going back and losing are possible from it as well.
processes-requires = Required fields
processes-requires-help = What must be filled to come here is set at the field: “Required at stages”.
processes-retirement = Retire the stage
processes-retirement-help = Nothing is moved to a retired stage any more. Records that stand there go where you say, or stay until somebody moves them.
processes-is-retired = The stage is retired: no more records come here. It can be brought back.
processes-moves-to = Where its records go
processes-stay = they stay until somebody moves them
processes-remove = Remove for good
processes-remove-help = Only a stage where no record stands and that nothing refers to can be removed for good.
processes-retire-move-help = Nobody makes a retired move until it comes back.
processes-nobody-follows = It moves no record that is on its way.
processes-goes = The move “{ $name }” ({ $from } → { $to }) goes.
processes-will-begin =
    { $count ->
        [one] { $count } record begins at “{ $to }”.
       *[other] { $count } records begin at “{ $to }”.
    }
processes-will-move =
    { $count ->
        [one] { $count } record goes from “{ $from }” to “{ $to }”.
       *[other] { $count } records go from “{ $from }” to “{ $to }”.
    }
processes-will-recount =
    { $count ->
        [one] { $count } record that waits counts its time anew.
       *[other] { $count } records that wait count their time anew.
    }
error-timer_unobeyed = Nothing obeys such a timer. What happens after a while at a stage is a rule: “What happens by itself” → “Add an action”.
processes-checklist = Check list
processes-checklist-help = A line for each item: name = what to do in Russian | what to do in English. The move is closed until all of them are ticked off. Ticks are kept by the name: the words may change.
checks = Before it goes on
checks-done = done
checks-tick = Tick off
