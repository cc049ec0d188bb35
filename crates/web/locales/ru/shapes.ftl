# Списки в других видах: доска, календарь, шкала.
shapes = Вид списка
shape-table = Таблица
shape-board = Доска
shape-calendar = Календарь
shape-timeline = Шкала времени
shape-chart = Диаграмма
shape-by = По полю «{ $name }»: выбрать другое
shape-columns = Колонки: { $name }
shape-dates = Дата: { $name }
board-without = Не заполнено
board-help = Стрелки ведут от карточки к карточке. Shift со стрелкой влево или вправо переносит карточку на другую стадию.
board-count = Карточек:
board-nobody = Пусто
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
board-not-by-hand = Это поле нельзя изменить вручную.
board-no-way = Из «{ $from }» нельзя перейти в «{ $to }».
board-ways = Отсюда можно: { $ways }.
board-by-process = Переход «{ $name }» выполняется автоматически, когда выполнены его условия.
board-not-theirs = Переход «{ $name }» доступен только сотрудникам с другими ролями.
board-guarded = Переход «{ $name }» сейчас недоступен: не выполнено его условие.
board-four-eyes = Переход «{ $name }» делает второй человек: вы создали запись, отвечаете за неё или перевели её на эту стадию.
key-cards = По карточкам доски
key-hours = По свободным часам календаря
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
calendar-free-text = На эти дни ничего не запланировано. Выберите другие даты или снимите фильтры.
timeline-earlier = Раньше: { $day }
timeline-later = Позже: { $day }
calendar-cut = Показаны первые { $count }. Чтобы увидеть остальные, сократите период или добавьте фильтр.
calendar-moved = Перенесено
shape-measure = Столбцы: { $name }
chart-count = число записей
chart-caption = { $measure }, по полю «{ $by }»
chart-nothing = Здесь нечего показать
chart-save-svg = Сохранить картинкой (SVG)
chart-save-csv = Сохранить таблицей (CSV)
chart-left = Не показано групп: { $count }. Уточните фильтр.
