rules = Правила
rules-text = Правило ждёт события, проверяет условие и делает остальное само. Оно срабатывает после сохранения и никогда ему не мешает.
rule-rule = Правило
rule-when = Когда
rule-if = Если
rule-then = Тогда
rule-last = Последний запуск
rule-done = Сделано
rule-failed = Не удалось
rule-cut = Прервано
rule-held = Ждёт
rule-failures = Сбои
rule-see-failures = Показать сбои
rule-switch = Включить или выключить
rule-switch-on = Включить
rule-switch-off = Выключить
rule-on = Работает
rule-off = Выключено
rule-waits = Ждёт решения
rule-new = Новое правило
rule-make = Создать правило
rule-what = Что делает правило
rule-change = Изменить правило
rule-delete = Удалить правило
rule-delete-help = Журнал запусков останется. Если правило с таким именем есть в пакете, снова будет действовать оно.
rule-too-rich = Это правило делает больше, чем умещается в форму. Изменить его можно в файле пакета или через API.
rule-queued = Запуски поставлены в очередь. Обновите страницу через минуту.
rule-held-text = { $count ->
    [0] Правило исчерпало часовой лимит и остановилось. Продолжить?
    [one] Правило исчерпало часовой лимит и остановилось. Ждёт { $count } запуск. Продолжить?
    [few] Правило исчерпало часовой лимит и остановилось. Ждут { $count } запуска. Продолжить?
   *[many] Правило исчерпало часовой лимит и остановилось. Ждут { $count } запусков. Продолжить?
}
rule-resume = Продолжить
rule-when-created = Создана запись: «{ $module }»
rule-when-changed-any = Изменена запись: «{ $module }»
rule-when-changed = «{ $module }»: изменено поле — { $fields }
rule-when-made = и запись создана
rule-when-entered = «{ $module }»: запись перешла на стадию — { $states }
rule-when-left = { $module }: запись уходит со стадии — { $states }
rule-when-stayed = { $module }: запись стоит { $after } на стадии — { $states }
rule-when-again = затем каждые { $every }, всего раз: { $times }
rule-when-working = в рабочее время
rule-when-daily = Каждый день в { $at }, по подходящим записям: { $module }
rule-when-weekly = Каждую неделю ({ $day }) в { $at }, по подходящим записям: { $module }
rule-when-monthly = Каждый месяц, { $on }-го числа, в { $at }, по подходящим записям: { $module }
rule-when-date = «{ $module }»: наступил срок по полю «{ $field }»
rule-when-date-after = «{ $module }»: после срока по полю «{ $field }» прошло: { $offset }
rule-when-date-before = «{ $module }»: до срока по полю «{ $field }» осталось: { $offset }
rule-then-set = Заполнить поля
rule-then-move = Выполнить переход «{ $move }»
rule-then-create = Создать запись: «{ $module }»
rule-then-assign = Назначить ответственного
rule-then-letter = Отправить письмо «{ $letter }» на адрес
rule-then-notify = Уведомить: { $whom }
rule-then-issue = Выпустить документы: { $papers }
rule-then-issue-send = Выпустить и отправить клиенту: { $papers }
rule-paper-contract = Договор
rule-paper-invoice = Счёт
rule-then-webhook = Вызвать вебхук
rule-by-turns = { $whom }, по очереди
rule-by-load = { $whom }, кто меньше загружен
rule-owner = Ответственный
rule-team = команда «{ $team }»
rule-hourly = { $count ->
    [one] Не больше { $count } запуска в час, потом правило остановится и спросит
    [few] Не больше { $count } запусков в час, потом правило остановится и спросит
   *[many] Не больше { $count } запусков в час, потом правило остановится и спросит
}
rule-budget = Лимит запусков в час
rule-budget-help = { $count ->
    [one] Если пусто — { $count } запуск. Когда лимит исчерпан, правило останавливается и ждёт Вашего решения.
    [few] Если пусто — { $count } запуска. Когда лимит исчерпан, правило останавливается и ждёт Вашего решения.
   *[many] Если пусто — { $count } запусков. Когда лимит исчерпан, правило останавливается и ждёт Вашего решения.
}
rule-event = Событие
rule-event-created = Запись создана
rule-event-changed = Запись изменена
rule-event-entered = Запись перешла на стадию
rule-event-left = Запись уходит со стадии
rule-event-stayed = Запись долго стоит на стадии
rule-event-schedule = По расписанию
rule-event-date = Наступил срок
rule-fields = За какими полями следить
rule-made = И когда запись создана
rule-states = На каких стадиях
rule-stay = Сколько на стадии
rule-after = Как долго
rule-after-help = Например: 4 часа, 2 дня. Каждая стадия считается отдельно.
rule-every = Затем каждые
rule-every-help = Пока запись стоит на стадии. Пусто — один раз.
rule-times = Сколько раз всего
rule-times-help = От 2 до 100, если повторяется.
rule-working = В рабочее время
rule-working-help = Дни — рабочие, часы идут только в рабочее время. Рабочая неделя задаётся в настройках организации.
rule-schedule = Какое расписание
rule-period = Как часто
rule-every-day = Каждый день
rule-every-week = Каждую неделю
rule-every-month = Каждый месяц
rule-at = Время
rule-at-help = Часы и минуты по часам рабочего пространства: 09:00.
rule-day = День
rule-day-help = Недели — от 1, понедельника, до 7; месяца — от 1 до 31, в коротком месяце последний. Для каждого дня — пусто.
rule-date = По какой дате
rule-date-field = Поле с датой
rule-offset = Сдвиг
rule-offset-help = P1D — через день после даты, -P7D — за неделю до неё, PT0S — в срок.
rule-date-every-help = От той же даты. Пусто — один раз.
rule-if-help = Выражение над полями записи, например amount > 100000 && readiness == "hot". Прежнее значение поля — was_readiness.
rule-nothing = Не нужно
rule-share = Как выбирать
rule-share-turns = По очереди
rule-share-load = Кто меньше загружен
rule-lines-help = По строке на поле: поле = выражение, например readiness = "hot". Слова на двух языках стоят в фигурных скобках, как сказано в руководстве.
rule-do-set = Заполнить поля
rule-do-due = Вычислить срок в рабочем времени
rule-due-field = Поле срока
rule-due-since = Считать от
rule-due-since-made = создания записи
rule-due-within = Сколько времени
rule-due-within-help = Выражение, которое даёт длительность: "PT4H" — четыре рабочих часа, "P2D" — два рабочих дня. Например:
rule-due-stands = На каких стадиях время стоит
rule-due-warn = Поле для предупреждения
rule-due-share = Сколько процентов времени пройдёт до предупреждения
rule-then-due = Вычислить срок «{ $field }»
rule-due-since-said = считать от поля «{ $field }», а если оно пусто — от создания записи
rule-due-stands-said = время стоит на стадии — { $states }
rule-due-warn-said = когда пройдёт { $share }% времени — поле «{ $field }»
rule-do-move = Выполнить переход
rule-do-move-fields = Поля перехода
rule-do-assign = Назначить ответственного из
rule-do-create = Создать запись
rule-do-create-fields = Поля новой записи
rule-do-create-more = Пустая строка начинает ещё одну запись.
rule-do-create-owner = Ответственный за новую запись из
rule-do-letter = Отправить письмо
rule-do-letter-to = Кому: поле или выражение с адресом
rule-do-letter-name = Имя получателя (выражение)
rule-do-notify = Уведомить
rule-do-issue = Выпустить документы сделки
rule-do-issue-send = и отправить их клиенту письмом
rule-do-webhook = Вызвать вебхук
rule-do-webhook-help = Общедоступный адрес, который начинается с https://. Туда уходит запись и то, что в ней изменилось, с подписью.
rule-runs = Журнал запусков
rule-runs-kinds = Какие запуски показать
rule-runs-all = Все
rule-runs-none = Запусков нет.
rule-runs-older = Более ранние
rule-rerun = { $count ->
    [one] Повторить { $count } неудачный запуск
    [few] Повторить { $count } неудачных запуска
   *[many] Повторить { $count } неудачных запусков
}
rule-run-when = Время
rule-run-record = Запись
rule-run-outcome = Итог
rule-run-reason = Причина
rule-run-made = Изменения
rule-run-changes = Показать
rule-run-gone = Записи нет
rule-webhooks = Вебхуки
rule-webhook-secret = Создать новый секрет
rule-webhook-secret-help = Секретом подписан каждый вебхук, чтобы другая сторона знала, что он от вас. Новый сразу заменяет прежний.
rule-webhook-secret-once = Это новый секрет. Он показан один раз: передайте его тому, кто принимает вебхуки.
rule-webhook-answer = Ответ
rule-webhook-body = Куда и что
rule-webhook-waiting = В пути
rule-webhook-sent = Принят
rule-webhook-sandbox = Был бы отправлен
rule-rehearse = Проверить на прошлом
rule-rehearsal = За последние 30 дней
rule-rehearsal-help = Проверено на настоящих изменениях. Ничего не записано и не отправлено. Ниже — до 50 последних записей.
rule-would = { $count ->
    [one] Правило сработало бы { $count } раз.
    [few] Правило сработало бы { $count } раза.
   *[many] Правило сработало бы { $count } раз.
}
rule-set-off = { $count ->
    [one] Событие наступило { $count } раз.
    [few] Событие наступило { $count } раза.
   *[many] Событие наступило { $count } раз.
}
rule-not-whole = Изменений больше, чем можно проверить сразу, поэтому посчитаны только последние.
source-rule = Правило
notice-rule = сообщает правило
error-rule_of_a_pack = Это правило пришло с пакетом. Его можно выключить, но не удалить.
error-rule_line = Каждая строка — поле = выражение.
absence-until = В отъезде до
absence-help = Пока сотрудник в отъезде, правила не передают ему новых записей. Пустое поле — на месте.
absence-save = Сохранить отъезд
error-rule_does_nothing = Выберите хотя бы одно действие.
error-text_is_no_template = Скобки {"{{"} {"}}"} внутри выражения не заполнятся. Слова с полями записи пишут на двух языках: {"{"}"ru": "…", "en": "…"{"}"}.
error-template_unfillable = Это письмо или эти слова для таких записей не заполнить: в них есть то, чего у записи нет.
rule-after-saving = После сохранения
rule-saved-off = Пока выключено: включу, когда проверю
rule-saved-on = Включено: работает сразу
rule-at-once = { $count ->
    [0] Если включить, сразу не сработает ни на одной записи.
    [one] Если включить, сразу сработает на { $count } записи.
   *[other] Если включить, сразу сработает на { $count } записях.
}
rule-at-once-more = Записей больше, чем можно посчитать сразу.
rule-at-once-sure = Нажмите ещё раз, если так и задумано, или сначала сохраните правило выключенным и проверьте на прошлом.
rule-next-time = { $count ->
    [0] Следующий раз — { $until }, сейчас подходящих записей нет.
    [one] Следующий раз — { $until }, сейчас подходит { $count } запись.
    [few] Следующий раз — { $until }, сейчас подходят { $count } записи.
   *[many] Следующий раз — { $until }, сейчас подходит { $count } записей.
}
rule-coming-days = { $count ->
    [0] До { $until } срок не наступит ни у одной записи.
    [one] До { $until } срок наступит у { $count } записи.
   *[other] До { $until } срок наступит у { $count } записей.
}
rule-letters = Письма
rule-would-send = { $count ->
    [one] Ушло бы { $count } письмо.
    [few] Ушло бы { $count } письма.
   *[many] Ушло бы { $count } писем.
}
rule-unsent = { $count ->
    [one] Ещё { $count } не ушло бы: нет адреса, или письмо не заполнить.
   *[other] Ещё { $count } не ушли бы: нет адреса, или письмо не заполнить.
}
rule-letters-help = Письма написаны по записям, какими они были тогда. Ниже — до 50 последних.
rule-do-wait = Сначала подождать
rule-do-wait-help = Например: 2 дня. Всё остальное правило сделает потом. Пусто — сразу.
rule-do-set-help = По строке на поле: поле = выражение, например readiness = "hot". Поле связанной записи — через точку: account.name = name. Слова на двух языках стоят в фигурных скобках, как сказано в руководстве.
rule-then-wait = Подождать: { $after }
rule-then-set-of = Заполнить поля связанной записи: «{ $link }»
rule-waiting = Отложено
rule-waits-until = до { $moment }
rule-once-more = Выполнить ещё раз
rule-once-more-text = Правило сделает это ещё раз — так, как оно описано сейчас, и с записью, какая она сейчас:
rule-once-more-twice = То, что сделано в первый раз, останется: письма уйдут ещё раз, записи будут созданы ещё раз.
error-run_not_done = Ещё раз выполняется только то, что сделано. Неудачные запуски повторяются из журнала.
error-rule_is_off = Правило выключено. Сначала включите его.
error-run_waits = Этот запуск уже поставлен в очередь.
error-nothing_after_wait = После ожидания правило ничего не делает: выберите ещё хотя бы одно действие.
error-while_is_nothing = Срок должен быть больше нуля.
error-working_units = Рабочее время считают в днях, часах и минутах.
error-times_missing = Если повторяется, укажите, сколько раз всего: без конца не повторяют.
error-times_out_of_range = Число от 2 до 100.
error-every_missing = Если несколько раз, укажите, через сколько снова.
error-invalid_time_of_day = Время — часы и минуты, например 09:00.
error-day_of_every_day = Для каждого дня оставьте поле пустым.
error-day_of_week = День недели — от 1, понедельника, до 7.
error-day_of_month = День месяца — от 1 до 31.
rule-do-sort = Разобрать сообщение
rule-do-sort-fields = Поля обращения или лида
rule-do-sort-to = Кому передать
rule-sort-case = Создать обращение
rule-sort-lead = Дело отдела продаж: обращение и лид
rule-sort-person = Передать сотруднику
rule-sort-nothing = Отложить как ненужное
rule-sort-queue = Вернуть в очередь секретаря
error-only_messages = Разобрать можно только сообщения.
error-not_public = Этот адрес не общедоступный: вебхук уходит только наружу.
error-clock_too_far = За один раз часы переводят не больше чем на 20 лет вперёд.
notice-rule-called = сообщает правило «{ $rule }»
notice-by-rule = по правилу «{ $rule }»
error-set_by_move = Это поле меняется переходом: выберите действие «Выполнить переход».
error-set_by_program = Это поле программа заполняет сама, правилу его не изменить.
error-does_not_fit = Значение другого вида: в это поле такое не записать.
error-record_unclear = Непонятно, из какого модуля запись: укажите id или ссылку.
error-text_wanted = Здесь нужен текст: поле или выражение с адресом или именем.
error-words_in_text = Слова на двух языках пишут только в текстовое поле.
error-takes_people = Этот переход делает второй человек, правилу его не выполнить.
error-move_of_program = Этот переход программа выполняет сама, как часть другой операции.
error-made_by_program = Такие записи программа создаёт сама: правилом их не создать.
error-no_owners = У этих записей нет ответственного.
error-no_date = В этом поле нет даты.
rule-do-approve = Сначала спросить согласия у
rule-then-approve = Спросить согласия: { $whom }
rule-asked = Ждёт согласия
rule-refused = Отказано
approvals = На согласование
approvals-empty = Согласовывать нечего
approvals-empty-help = Здесь появятся записи, по которым правило спрашивает Вашего согласия.
approvals-will = Если согласиться, правило сделает вот что:
approvals-yes = Согласиться
approvals-no = Отказать
approvals-second = Отвечает второй человек: не тот, чьё действие запустило правило, не автор записи и не ответственный за неё.
notice-rule-asks = Вашего согласия просит правило «{ $rule }»
error-already_answered = На это уже ответили.
error-run_was_approved = На это давали согласие один раз. Повторите запуск, который был перед ним: согласия спросят снова.
rule-uncounted = { $count ->
    [one] Не учтена { $count } запись: её завела сама программа (пример или командная строка), по таким время не считается.
    [few] Не учтены { $count } записи: их завела сама программа (примеры или командная строка), по таким время не считается.
   *[many] Не учтено { $count } записей: их завела сама программа (примеры или командная строка), по таким время не считается.
}
rule-event-called = Вызвали адрес правила
rule-when-called = Вызвали адрес правила
rule-address = Адрес правила
rule-address-since = Адрес есть с { $moment }. Его секрет не хранится: если он потерян, создайте новый адрес.
rule-address-none = Адреса пока нет: создайте его, и правило можно будет вызвать.
rule-address-help = Другая программа отправляет на адрес JSON запросом POST. Вызов сохраняется записью «Вызовы извне», правило срабатывает сразу после этого. Новый адрес заменяет прежний.
rule-address-make = Создать новый адрес
rule-address-once = Это новый адрес правила. Он показан один раз: передайте его тому, кто будет вызывать.
error-not_called = Адрес есть только у правил, которые вызывают извне.
error-only_calls = Вызывают только «Вызовы извне»: выберите этот модуль.
list-empty-outside_calls = Здесь то, что другие программы прислали на адреса правил.
list-empty-outside_calls-example = Пример: сайт сообщил о заявке, и правило завело лид.
rule-why-step = Действие { $number } («{ $action }»):
rule-why-approve = Спросить второго человека
rule-why-survey = Отправить опрос
rule-why-approved = Согласие: { $name }
rule-why-refused = Отказ: { $name }
rule-why-budget = Запусков за час больше, чем разрешено: { $budget }. Правило ждёт, пока его не пустят дальше.
rule-why-cause_gone = Записи больше нет, срок перенесён или изменение отменено.
rule-why-changed_meanwhile = Пока правило ждало, его действия изменили.
rule-why-condition = Условие не выполняется.
rule-why-interrupted = Программа завершилась посреди правила, и так раз подряд: { $times }.
rule-why-off_meanwhile = Пока правило ждало, его выключили или удалили.
rule-why-too_deep = Правила запускают друг друга по кругу, раз подряд: { $times }. Путь: { $way }
rule-why-webhook = Вебхук на { $url } не приняли: { $answer }
error-nobody_there = Назначить или спросить некого.
error-no_address = У записи нет адреса, на который ушло бы письмо.
error-no_such_team = Такой команды нет.
error-linked = На эту запись ссылаются другие.
