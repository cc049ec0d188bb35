# Поля ввода: длительность, оценка, цвет.
duration-example = 1 ч 30 мин
rating-none = Без оценки
rating-stars = { $count ->
    [one] { $count } звезда
    [few] { $count } звезды
   *[many] { $count } звёзд
}
colour-pick = { $name }: выбрать цвет
field-no-json = Это не JSON: посмотрите на строку { $line }.
