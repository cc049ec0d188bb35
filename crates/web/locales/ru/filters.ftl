# Условия списков: метки условий, форма условия и то, что у карточек вместо заголовков столбцов.
filter-and = и
filter-or = или
filter-any = Показать то, что подходит хотя бы под одно условие
filter-all = Показать то, что подходит под все условия
filter-group = Группа условий
filter-change = Условие: { $name }
filter-edit = Изменить
filter-remove = Убрать
filter-or-more = Или…
filter-and-more = И…
filter-find = Найти поле
filter-other-field = Другое поле
filter-through = { $name }: поле…
filter-of = { $link }: { $field }
filter-until = По
filter-period = Период
filter-range = { $from } — { $to }
filter-text = Это условие записано на языке CEL. Остальной фильтр не изменится.
operator-lacks = не содержит
operator-starts = начинается с
operator-ends = заканчивается на
operator-more = больше
operator-less = меньше
operator-between = от и до
operator-within = за период
operator-my_team = из моей команды
operator-all_of = есть все из
operator-date-is = в этот день
operator-date-less = раньше
operator-date-at_most = не позже
operator-date-more = позже
operator-date-at_least = не раньше
operator-date-between = с … по
operator-many-is = есть любое из
operator-many-is_not = нет ни одного из
period-today = сегодня
period-yesterday = вчера
period-tomorrow = завтра
period-last = { $days ->
    [one] последний { $days } день
    [few] последние { $days } дня
   *[other] последние { $days } дней
  }
period-next = { $days ->
    [one] ближайший { $days } день
    [few] ближайшие { $days } дня
   *[other] ближайшие { $days } дней
  }
period-week = эта неделя
period-last-week = прошлая неделя
period-next-week = следующая неделя
period-month = этот месяц
period-last-month = прошлый месяц
period-next-month = следующий месяц
period-quarter = этот квартал
period-last-quarter = прошлый квартал
period-next-quarter = следующий квартал
period-year = этот год
period-last-year = прошлый год
period-next-year = следующий год
period-past = уже прошло
period-future = ещё впереди
list-sort = Порядок
list-ascending = по возрастанию
list-descending = по убыванию
list-pick-all = Отметить все
key-filter = Добавить условие в фильтр
key-unfilter = Убрать условие из фильтра
