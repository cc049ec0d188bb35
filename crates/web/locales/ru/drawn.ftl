# Рисунки процессов: сколько записей где стоит и как долго, путь одной записи.
drawn-process = Процесс на рисунке
drawn-processes = Процессы
drawn-picture = Процесс «{ $name }»
drawn-description = Стадии по порядку: { $states }. { $count ->
    [one] { $count } переход
    [few] { $count } перехода
   *[many] { $count } переходов
} между ними.
drawn-legend = Точка на рамке — здесь записи начинают путь. Пунктир — переход выполняется сам. Часы — сколько ждёт таймер. Ниже черты — завершения.
drawn-count = Записей: { $count }
drawn-median = Медиана: { $length }
drawn-slow = Узкое место
drawn-bottleneck = Больше всего времени теряется на стадии «{ $state }»: { $count ->
    [one] сейчас там { $count } запись
    [few] сейчас там { $count } записи
   *[many] сейчас там { $count } записей
}, и половина записей стояла на ней дольше, чем { $length }.
drawn-moves = Время посчитано по { $count ->
    [one] последнему { $count } переходу
   *[other] последним { $count } переходам
} за { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
}: медиана — столько или меньше стояла на стадии половина записей, которые с неё ушли. Считаются только записи, которые Вам видны.
drawn-no-moves = За { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
} ни одна из записей, которые Вам видны, не сменила стадии, поэтому время неизвестно.
drawn-elsewhere = { $count ->
    [one] Ещё { $count } запись не стоит
    [few] Ещё { $count } записи не стоят
   *[many] Ещё { $count } записей не стоят
} ни на одной из этих стадий.
drawn-states = Стадии и переходы
drawn-state = Стадия
drawn-now = Записей сейчас
drawn-usual = Медиана времени
drawn-ways = Куда можно перейти
drawn-start = здесь начинают путь
drawn-timer = таймер: { $length }
drawn-rule-waits = { $length }: { $rule }
drawn-asks = спросит: { $fields }
drawn-stamps = запишет момент: { $fields }
drawn-guarded = при условии
drawn-four-eyes = нужен второй человек
drawn-two = 2 человека
drawn-four-eyes-alone = Переход «{ $move }» требует двух человек, а выполнить его может самое большее один.
drawn-stay-in-retired = Правило «{ $rule }» действует на стадии «{ $state }», а она выведена из употребления.
drawn-stay-in-circle = Правило «{ $rule }» переводит каждую запись со стадии «{ $state }», а правила снова приводят её туда, и так без конца. Задайте одному из них условие.
drawn-stay-without-end = Правило «{ $rule }» повторяется на стадии «{ $state }», с которой нет выхода: оно всегда сработает столько раз, сколько может.
drawn-by-process = выполняется сам
drawn-by-operation = кнопкой на странице записи
drawn-by-editor = все, кто может изменять запись
drawn-see = Посмотреть на рисунке
drawn-findings = На что стоит обратить внимание в самом процессе
drawn-unreachable = На стадию «{ $state }» нельзя попасть: к ней не ведёт ни один путь от начала.
drawn-dead-end = Со стадии «{ $state }» нет выхода, хотя работа на ней не завершена.
drawn-endless = Со стадии «{ $state }» нельзя прийти ни к одному завершению.
drawn-unknown-role = Переход «{ $move }» разрешён роли «{ $role }», а такой роли нет.
drawn-nobody = Переход «{ $move }» никто не сможет выполнить: нет сотрудника с нужной ролью и правом менять эти записи.
drawn-never = Условие перехода «{ $move }» не выполняется никогда.
drawn-endless-timer = Таймер «{ $timer }» на стадии «{ $state }» будет срабатывать без конца: с этой стадии нет выхода.
drawn-shadowed = Переход «{ $move }» со стадии «{ $state }» не выполнится никогда: раньше него срабатывает «{ $other }».
drawn-its-way = Путь записи на рисунке
drawn-way-title = Путь: { $name }
drawn-all = Все записи
drawn-way = Путь записи
drawn-way-cut = Показаны последние { $count ->
    [one] { $count } стадия
    [few] { $count } стадии
   *[many] { $count } стадий
}.
drawn-when = С какого времени
drawn-stood = Сколько простояла
drawn-now-here = сейчас здесь
drawn-open = Что можно сделать сейчас
drawn-nothing-open = Сейчас Вам не открыт ни один переход.
drawn-to-record = Открыть запись
drawn-steps = { $count ->
    [1] Шаг { $numbers }
   *[other] Шаги { $numbers }
}
drawn-since = с { $day }
drawn-lasted = всего { $length }
