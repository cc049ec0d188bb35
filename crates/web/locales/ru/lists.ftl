# Виды списков, столбцы, группы, итоги и действия над многими записями.
views = Виды списка
view = Вид
view-keep = Сохранить вид
view-keep-new = Сохранить как новый
view-changed = Настройки списка отличаются от сохранённых.
view-reset = Вернуть сохранённые настройки
view-remove = Удалить вид
view-name = Название
view-unnamed = Без названия
view-audience = Кто видит
view-for-me = Только я
view-for-all = Все
view-for-team = Команда
view-for-team-named = Команда «{ $name }»
view-all-records = Все записи
columns = Столбцы
columns-reset = По умолчанию
column-up = Выше: { $name }
column-down = Ниже: { $name }
group = Группировка
grouped = По полю «{ $name }»
group-none = Без группировки
group-nothing = Не заполнено
group-count = { $count ->
    [one] { $count } запись
    [few] { $count } записи
   *[many] { $count } записей
  }
total-sum = Сумма
total-mean = в среднем { $value }
total-too-large = слишком много
show-totals = Показать итоги
rows-more = Загружается…
bulk-pick = Выбрать: { $name }
bulk-pick-page = Выбрать все на странице
bulk-picked = Выбрано
bulk-all = все { $count }
bulk-all-many = все найденные
bulk-none = Снять выбор
bulk-set = Изменить поле
bulk-owner = Назначить
bulk-move = Сменить стадию
bulk-title = Несколько записей
bulk-which-move = Что сделать
bulk-asks = Если оставить поле пустым, у записи сохранится прежнее значение.
bulk-count = { $count ->
    [one] Выбрана { $count } запись.
    [few] Выбраны { $count } записи.
   *[many] Выбрано { $count } записей.
  }
bulk-clears = { $count ->
    [one] Очистить поле «{ $name }» у { $count } записи?
   *[other] Очистить поле «{ $name }» у { $count } записей?
}
bulk-clear = Очистить
bulk-nothing = Ни одна запись не выбрана.
bulk-too-many = За один раз можно изменить не больше { $count } записей. Уточните фильтр.
bulk-done = { $count ->
    [one] Изменена { $count } запись
    [few] Изменены { $count } записи
   *[many] Изменено { $count } записей
  }
bulk-partly = Изменено не всё
bulk-partly-text = Изменено: { $done }. Не получилось: { $failed }.
bulk-broken = Остановлено, остальные записи не изменены: { $why }
key-cells = По ячейкам списка
key-edit = Изменить ячейку, сменить стадию
key-pick = Отметить строку
key-pick-range = Отметить все строки до этой
error-view_of_another = Вид меняет только тот, кто его создал, или администратор.
error-view_of_a_pack = Этот вид приходит с пакетом. Сохраните список как собственный вид.
error-team_of_others = Поделиться можно только со своей командой.
error-too_many_views = Слишком много сохранённых видов: удалите ненужные.
error-too_many_shared_views = У раздела не больше ста общих видов: удалите ненужные или сохраните этот только для себя.
error-bulk_under_way = Ваше прошлое действие над несколькими записями ещё не закончилось. Подождите и повторите.
error-account_closed = Ваша учётная запись отключена.
error-invalid_group = По этому полю сгруппировать нельзя.
error-by_operation = Такие записи нельзя удалить: для них предусмотрены отдельные действия.
