# Списки в других видах: доска, календарь, шкала.
shapes = Вид списка
shape-table = Таблица
shape-board = Доска
shape-calendar = Календарь
shape-timeline = Шкала
shape-by = По полю «{ $name }»: выбрать другое
board-without = Не указано
board-help = Стрелки ведут от карточки к карточке. Shift со стрелкой влево или вправо переносит карточку на другую стадию.
board-count = Карточек:
board-nobody = Здесь никого
board-more = Показать ещё
board-age-title = Сколько стоит на этой стадии
board-age = { $days ->
    [0] меньше дня
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
}
board-late = срок был { $day }
board-move = Перенести: { $title }
board-moved = «{ $title }»: { $stage }
board-not-by-hand = Вручную это поле не меняют.
board-no-way = Из «{ $from }» в «{ $to }» не переводят.
board-ways = Отсюда можно: { $ways }.
board-by-process = «{ $name }» наступает без участия людей, когда для этого всё готово.
board-not-theirs = Переход «{ $name }» делают сотрудники с другими ролями.
board-guarded = Переход «{ $name }» сейчас закрыт: его условие не выполнено.
key-cards = По карточкам доски
key-move = Перенести карточку или дело
calendar-before = Раньше
calendar-after = Позже
calendar-today = Сегодня
calendar-span = Сколько показать
calendar-month = Месяц
calendar-week = Неделя
calendar-day = День
calendar-agenda = Список
calendar-whose = Чьи
calendar-mine = Мои
calendar-teams = Моей команды
calendar-everybodys = Все
calendar-nobodys = Без ответственного
calendar-people-cut = Рядом показаны первые { $count } по имени, дела остальных здесь не видны. Выберите «Мои» или добавьте фильтр.
calendar-whole-day = Весь день
calendar-new = Добавить: { $day }
calendar-more = ещё { $count }
calendar-free = Свободно
calendar-free-text = За эти дни ничего нет. Посмотрите раньше или позже либо уберите фильтры.
calendar-cut = Показаны первые { $count }. Чтобы увидеть остальные, возьмите меньше дней или добавьте фильтр.
calendar-moved = Перенесено
