# Что изменится в базе данных, когда меняются модули и пакеты.
step-system = Таблицы программы, шаг
step-noted = Отметить шаг
step-table = Новая таблица
step-column = Новый столбец
step-links = Таблица связей
step-index = Новый индекс
step-index-later = Новый индекс, строится потом, работе не мешает:
step-shared = Значения могут повторяться:
step-reference = Ссылка:
step-searched = Попадает в поиск:
step-table-renamed = Таблица получает другое имя:
step-column-renamed = Столбец получает другое имя:
step-index-renamed = Индекс получает другое имя:
step-index-gone = Индекс больше не нужен:
step-mentioned = Новое имя модуля в таблице
