# Controls: lengths of time, ratings, colours.
duration-example = 1h 30m
rating-none = No rating
rating-stars = { $count ->
    [one] { $count } star
   *[other] { $count } stars
}
colour-pick = { $name }: pick a colour
field-no-json = This is not JSON: see line { $line }.
