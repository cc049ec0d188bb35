# Процессы: стадии, переходы и таймеры, которые администратор меняет на ходу.
processes = Процессы
processes-help = По каким стадиям идут записи, кто и на каких условиях их переводит. Изменения действуют сразу, и для тех записей, которые уже в пути.
processes-process = Процесс
processes-states = Стадии
processes-state = Стадия
processes-moves = Переходы
processes-timers = Таймеры
processes-order = Порядок
processes-new = Процесс для модуля, у которого его нет
processes-new-states-help = Каждая стадия на своей строке: имя = Название. Имя — латиницей, для программ. С первой стадии записи начинают.
processes-make = Создать процесс
processes-open = Настроить процесс
processes-following =
    { $count ->
        [one] Сохранено. { $count } запись следует за изменением.
        [few] Сохранено. { $count } записи следуют за изменением.
       *[other] Сохранено. { $count } записей следуют за изменением.
    }
processes-fixed = Эти записи ведёт сама программа, поэтому стадии и пути между ними постоянны. Меняются названия, цвета, условия, сроки, кто переводит и о чём спросить.
processes-acts = Что делается само
processes-acts-help = Когда запись приходит на стадию, уходит с неё или стоит на ней дольше срока, действуют правила. Время на стадии отмечено часами и на рисунке процесса.
processes-acts-moves = При переходе
processes-acts-others = Когда запись создана, изменена или наступил срок:
processes-entering = При переходе на стадию
processes-leaving = При уходе
processes-staying = Через время
processes-act-add = Добавить действие
processes-act-add-at = Добавить действие: { $state }, { $event }
processes-organisation-waits = В настройках организации задано другое ожидание — { $wait }. Оно важнее этого таймера.
processes-undo = Вернуть, как было
processes-undo-help = Всё, что Вы изменили, хранится с прежними версиями; к любой из них можно вернуться.
processes-undo-open = Прежние версии
processes-phase = Чем кончается
processes-phase-open = работа идёт
processes-phase-won = успех
processes-phase-lost = неудача
processes-first = начало
processes-initial = Где начинают новые записи
processes-add-state = Новая стадия
processes-state-add = Добавить стадию
processes-move-add = Добавить переход
processes-add-move = Новый переход
processes-colour = Цвет
processes-from = Откуда
processes-to = Куда
processes-by = Кто переводит
processes-by-process = сама программа
processes-by-editor = все, кто может изменить запись
processes-by-roles = только выбранные роли
processes-roles = Роли
processes-roles-help = Считаются, если выше выбрано «только выбранные роли».
processes-of-program = Этот переход программа делает сама: кто его делает и куда он ведёт, не меняется.
processes-asks = Что спросить
processes-asks-help = Без этих полей перевести нельзя: программа спросит о них.
processes-asked-by-field = так настроено у самого поля
processes-guard = Условие
processes-guard-help = На языке выражений: amount > 0. Пусто — без условия. Проверяется при сохранении.
processes-four-eyes = Нужен второй человек
processes-four-eyes-help = Переход не выполнит тот, кто создал запись, отвечает за неё или перевёл её на эту стадию, в том числе администратор. Правила его не выполняют.
processes-after = Срок таймера
processes-after-help = Например: 1 день, 4 часа, 2 дня 12 часов. Действует на стадиях: { $states }. Новый срок отсчитывается и тем, кто уже ждёт.
processes-stands-after = Стоит после стадии
processes-road = встроить в путь
processes-road-help = Переход к следующей стадии пройдёт через эту; вернуться назад и отказать с неё тоже будет можно.
processes-requires = Обязательные поля
processes-requires-help = Что заполнить, чтобы попасть на эту стадию, настраивается у поля: «Обязательно на стадиях».
processes-retirement = Убрать стадию
processes-retirement-help = На убранную стадию больше ничего не переводят. Записи, которые на ней стоят, перейдут, куда Вы скажете, или останутся до ближайшего перехода.
processes-is-retired = Стадия убрана: новых записей на ней не будет. Её можно вернуть.
processes-moves-to = Куда перейдут её записи
processes-stay = останутся, пока их не переведут
processes-remove = Удалить совсем
processes-remove-help = Совсем удалить можно только стадию, на которой нет записей и на которую ничего не ссылается.
processes-retire-move-help = Убранный переход никто не сделает, пока он не вернётся.
processes-nobody-follows = Записей в пути это никуда не переведёт.
processes-goes = Перехода «{ $name }» ({ $from } → { $to }) больше не будет.
processes-will-begin =
    { $count ->
        [one] { $count } запись начнёт со стадии «{ $to }».
        [few] { $count } записи начнут со стадии «{ $to }».
       *[other] { $count } записей начнут со стадии «{ $to }».
    }
processes-will-move =
    { $count ->
        [one] { $count } запись перейдёт из «{ $from }» в «{ $to }».
        [few] { $count } записи перейдут из «{ $from }» в «{ $to }».
       *[other] { $count } записей перейдут из «{ $from }» в «{ $to }».
    }
processes-will-recount =
    { $count ->
        [one] { $count } запись, которая ждёт, отсчитает срок заново.
        [few] { $count } записи, которые ждут, отсчитают срок заново.
       *[other] { $count } записей, которые ждут, отсчитают срок заново.
    }
error-timer_unobeyed = Такого таймера никто не слушает. Что происходит через время на стадии, задаёт правило: «Что делается само» → «Добавить действие».
processes-checklist = Список проверки
processes-checklist-help = По строке на пункт: имя = что сделать, по-русски | то же по-английски. Пока не отмечено всё, переход закрыт. Отметки хранятся по имени: подпись можно менять.
checks = Прежде чем идти дальше
checks-done = сделано
checks-tick = Отметить
