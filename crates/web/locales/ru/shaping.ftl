# Форма поля, раскладка модуля, логотип и цвет, установка на устройство, встраивание формы заказа.
settings-scale = Знаков после запятой
settings-scale-help = От 0 до 6; потом не меняется. Пусто — 2.
settings-min = Не меньше
settings-max = Не больше
settings-open = принимать любые слова, как метки
settings-open-help = Варианты тогда лишь дают словам название и цвет. Обратно уже не закрыть.
settings-choices-help = Значение — для программ, название — для людей. Пустые строки не считаются.
settings-option-value = Вариант { $number }: значение
settings-option-ru = Вариант { $number }: название по-русски
settings-option-en = Вариант { $number }: название по-английски
settings-option-colour = Вариант { $number }: цвет
settings-more-rows = Ещё строки
settings-many-options = Вставить сразу много
settings-expression-help = На языке выражений: amount - paid, name + " " + city.
settings-via = По какой ссылке собирать
settings-measure = Что считать
settings-measure-help = count(), sum(total), min(…), max(…) или avg(…)
settings-roll-up-filter = Какие записи брать
settings-roll-up-filter-help = Условие, например status == "paid"; пусто — все.
settings-help-ru = Подсказка по-русски
settings-help-en = Подсказка по-английски
settings-index = быстрый отбор и сортировка
settings-index-help = Держит индекс: списки по этому полю быстры при любом размере.
settings-required-at = Обязательно на стадиях
settings-required-at-help = Без этого поля нельзя ни создать запись на отмеченной стадии, ни перевести её туда: программа его спросит.
settings-asked-by-pack = уже спрашивает процесс
settings-default = Значение новой записи
settings-default-help = Как в самой форме записи; несколько вариантов — через запятую. Имеющихся записей не касается.
settings-series = Нумерация
settings-series-help = Например, C-{"{"}n:06{"}"} даст C-000001, C-000002… Поле должно быть без повторов.
settings-validation = Проверка
settings-validation-help = Условие, которое должно выполняться, когда поле заполняют: price >= cost.
settings-refusal-ru = Что прочтёт человек, если проверка не пройдена, по-русски
settings-refusal-en = То же по-английски
settings-refusal-help = Без этих слов показывается пояснение к полю.
settings-outlook-expressions = Выражения, которые изменятся вместе с именем:
settings-wrong-at = Ошибка в выражении, знак { $place }: { $message }
settings-dry-run = Что изменится
settings-outlook = Пока ничего не изменено.
settings-outlook-records =
    { $count ->
        [0] Записей это не коснётся.
        [one] Это коснётся { $count } записи.
       *[other] Это коснётся { $count } записей.
    }
settings-outlook-empty =
    { $count ->
        [one] У { $count } записи обязательное поле пусто; она останется как есть, пока её не изменят.
       *[other] У { $count } записей обязательное поле пусто; они останутся как есть, пока их не изменят.
    }
settings-outlook-no-steps = Таблицы базы не меняются.
settings-outlook-steps =
    { $count ->
        [one] { $count } шаг в базе
        [few] { $count } шага в базе
       *[other] { $count } шагов в базе
    }
tone-none = без цвета
tone-acc = акцент
tone-good = зелёный
tone-warn = жёлтый
tone-bad = красный
tone-cold = голубой
error-stays_open = В записях могут быть слова, которых нет среди вариантов: поле остаётся открытым.
settings-moves = Переходы
settings-moves-help = Что спрашивает каждый переход. Добавить поле к стадии можно на странице поля: «Обязательно на стадиях».
settings-move = Переход
settings-move-from = Откуда
settings-move-to = Куда
settings-move-asks = Спрашивает
settings-layout = Раскладка
settings-layout-help = Как выглядят карточка и список для всех. Стрелки переставляют сразу на экране, сохраняет кнопка внизу; к прежней раскладке ведёт страница «Пакеты», пакет «Свои изменения».
settings-groups = Группы карточки
settings-group = Группа «{ $name }»
settings-group-ru = Группа «{ $name }»: название по-русски
settings-group-en = Группа «{ $name }»: название по-английски
settings-group-remove = Убрать группу «{ $name }»
settings-group-add = Добавить группу
settings-group-empty = Здесь пока нет полей.
settings-group-of = Группа поля «{ $name }»
settings-columns = Столбцы списка
settings-search = Где ищет поиск
settings-title = Поле, которое называет запись
settings-subtitle = Поле рядом с названием
settings-save-layout = Сохранить раскладку
settings-layout-reset = Вернуть как в пакете
settings-preview = Как будет выглядеть карточка

# Форма заказа на чужом сайте.
placed-text = Заказ принят, письмо о нём уже в пути. На странице заказа — как оплатить, имена участников и билеты.
placed-open = Открыть страницу заказа
embed-title = Форма заказа на Вашем сайте
embed-help = Вставьте эти строки в страницу сайта там, где нужна форма. Вторая строка подгоняет высоту; без неё форма тоже работает. «&lang=en» в адресе выбирает язык.
embed-code = Код для вставки
embed-look = Посмотреть форму
copy = Скопировать
copied = Скопировано

# Логотип и цвет.
organisation-accent = Цвет организации
organisation-has-accent = Свой цвет вместо обычного
organisation-help-accent = На страницах для покупателей, на странице входа и в самой программе. Где его плохо видно на фоне, он станет темнее или светлее; надписи на нём — белые или чёрные, что читается лучше.
logo = Логотип
logo-file = Файл
logo-help = PNG, JPEG, WebP или SVG, до 512 КБ. Виден покупателям, на странице входа и в меню.
logo-send = Поставить логотип
logo-remove = Убрать логотип
error-logo_too_large = Файл больше 512 КБ: уменьшите картинку.
error-not_a_picture = Это не картинка PNG, JPEG, WebP или SVG.
error-fixed_name = На это имя опирается программа, поэтому его не изменить.
error-scale_out_of_range = Знаков после запятой — от 0 до 9.
error-named_for_several = Поле названо и там, где речь идёт также о записях других модулей (общее письмо или опрос): сначала поменяйте его там.
error-not_of_this_type = У поля этого типа такого свойства нет: уберите его.
error-wrong_use = Для этого такое поле не годится.
error-no_second_person = Этот переход делает сама программа: второму человеку подтверждать нечего.
error-no_pack_file = Пакет начинается с файла pack.toml, а его нет.
error-invalid_option = У каждого варианта — своё значение без пробелов по краям и название, а цвет — из списка.
error-repeated_option = Одно значение стоит у двух вариантов: у каждого должно быть своё.
error-repeated_label = Два варианта называются одинаково: их не различить.
error-repeated_field_label = Так же называется другое поле этого модуля: людям их не различить. Назовите поле иначе.
error-refusal_of_nothing = Проверки нет, и этих слов никто не прочтёт: задайте её или уберите слова.
error-default_of_unique = Значения не повторяются, поэтому второй записи с таким начальным значением не создать: уберите его.
error-nobody_sets_it = Это поле никто не заполняет вручную, поэтому обязательным ему не быть.
error-said_by_process = Это определяет процесс: меняйте его стадии.
error-invalid_bounds = Границы бывают у числа, и наименьшее не больше наибольшего.
error-invalid_stages = Такой стадии нет, или это поле никто не заполняет вручную.
error-invalid_series = Номера — у текста без повторов, в виде C-{"{"}n:06{"}"}.
error-invalid_label = Название — текст: один на оба языка или по-русски и по-английски.
error-lasting_property = Так хранятся значения: изменить это нельзя. Добавьте поле с другим именем.
error-unknown_state = Такой стадии нет.
error-unknown_role = Такой роли нет.
error-ends_well = К успешному завершению записи приходят только по его условию: выберите другую стадию или оставьте записи на месте.
error-moves_in_use = Записи переходят дальше только со стадии, выведенной из использования.
error-state_begins = На этой стадии начинаются новые записи: сначала выберите другую.
error-field_named_twice = Поле названо дважды.
uses-title = Где используется
uses-nobody = Поле нигде не упоминается: ни в формулах, ни в правилах, ни в письмах, ни в видах списков, ни в ролях.
uses-help = Прежде чем убрать поле в запас, посмотрите, что на него опирается. Формулы, условия, правила и опросы не отпустят поле, пока упоминают его.
uses-field = Поле
uses-layout = Раскладка
uses-process = Процесс
uses-move = Переход
uses-rule = Правило
uses-letter = Письмо
uses-form = Форма на сайте
uses-survey = Опрос
uses-view = Вид списка
uses-role = Роль
parts = Части страницы
parts-rights = Права
parts-right = Видит и меняет
parts-no-rules = О записях этого модуля правил ещё нет.
