# Пакеты: что применено, что изменится, дорога назад.
packs = Пакеты
packs-text = Пакет описывает, как работает организатор: модули, процессы, роли, письма и документы. То, что меняете Вы сами, хранится в отдельном пакете, и последнее слово за ним.
packs-applied = Применены
packs-waiting = Есть в программе, не применены
packs-pack = Пакет
packs-version = Версия
packs-when = Применён
packs-by = Кем
packs-by-program = из командной строки
packs-own = не из поставки
packs-current = актуален
packs-newer = есть версия { $version }
packs-differs = отличается от поставляемого
packs-see = Посмотреть, что изменится
packs-upload = Свой пакет
packs-files = Файлы пакета
packs-files-help = Один файл, скачанный здесь же (.pack.json), или пакет из одного pack.toml. До мегабайта. Сначала покажем, что изменится.
packs-refused = Пакет не подошёл; ничего не изменено.
packs-fault = Что не так с файлом
packs-done = Готово: пакет применён.
packs-download = Скачать
packs-other-ships = В программе есть другая версия этого пакета: { $version }.
packs-needs = Нужны пакеты
packs-modules = Модули
packs-processes = Процессы
packs-roles = Роли
packs-letters = Письма
packs-views = Виды
packs-documents = Документы
packs-extends = Что дополняет у других
packs-new-fields = Новые поля
packs-changed-fields = Изменённые поля
packs-others = Дополняют ещё
packs-order-help = Если один модуль дополняют несколько пакетов, последнее слово за тем, что ниже в списке пакетов.
packs-past = Прошлые версии
packs-no-past = С тех пор, как пакет применён, его не меняли.
packs-until = До
packs-was-not-there = пакета не было
packs-go-back = Вернуться к этому
packs-plan = Что изменится
packs-from-to = с версии { $before } на версию { $after }
packs-becomes = версия { $after }
packs-goes = пакета больше не будет
packs-same = Ничего не изменится: так уже и есть.
packs-along = Вместе с ним
packs-steps = В базе данных
packs-no-steps = Таблицы остаются такими же.
packs-touches = { $count ->
    [one] Касается { $count } записи.
   *[other] Касается { $count } записей.
}
packs-empty = { $count ->
    [one] В { $count } записи пусто поле, которое становится обязательным: она останется как есть, пока её не изменят.
   *[other] В { $count } записях пусто поле, которое становится обязательным: они останутся как есть, пока их не изменят.
}
packs-nothing-lost = Данные не удаляются: чего больше нет в пакете, то уходит в запас и вернётся вместе с ним.
packs-file-changes = В файлах
packs-file-added = новый
packs-file-removed = убран
packs-file-changed = изменён
packs-apply = Применить
error-older_pack = Это более старая версия пакета, чем применённая. Увеличьте version в pack.toml или верните прежнее со страницы пакета.
error-unknown_part = Такой стадии, перехода или таймера нет.
error-several_moves = Так называются несколько переходов: укажите, какой.
error-view_unfit = Вид показывает то, чего у этих записей нет, или отбирает с ошибкой.
error-pack_needed = Сначала примените пакет, который этому нужен.
error-role_of_another_pack = Эта роль есть в другом пакете: меняйте её через extends.
error-unreadable_file = Файл не читается: проверьте место, которое названо.
error-not_of_a_pack = Такого файла в пакете не бывает.
