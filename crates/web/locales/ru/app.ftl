# Рамка, вход, первые шаги и слова, которые встречаются везде.
skip-to-content = К содержимому
menu = Меню
sections = Разделы
crumbs = Путь
search = Поиск
search-placeholder = Найти…
search-nothing-asked = Что найти?
search-help = Имя, компания, номер заказа, почта или телефон: достаточно начала слова, одна ошибка не помешает.
search-record = Запись
search-kind = Раздел
search-more = Подробнее
search-matched = Где нашлось
on-sale = В продаже
sandbox = Песочница
keys = Клавиши
key-search = Найти
key-new = Новая запись
key-step = Следующая и предыдущая
key-open = Открыть
key-close = Закрыть верхнее
key-take = Взять сообщение из входящих
key-answer = Ответить на сообщение из входящих
key-send = Отправить комментарий
key-names = Подсказать имена в выражении
key-help = Справка об этой странице
key-keys = Этот список клавиш
theme = Тема
theme-auto = Авто
theme-light = Светлая
theme-dark = Тёмная
language = Язык
language-ru = Русский
language-en = English
sign-out = Выйти
close = Закрыть
say-failed = Не получилось: на сервере ошибка. Введённое осталось на месте.
say-offline = Нет связи. Введённое осталось на месте.
yes = Да
no = Нет
me = Я
all = все
more = Ещё
save = Сохранить
saved = Сохранено
cancel = Отмена
back = Назад
edit = Изменить
optional = необязательно
form-faults = Не всё заполнено верно. Ничего не сохранено, введённое осталось на месте.
email = Почта
phone = Телефон
password = Пароль
password-help = Не короче 10 символов. Несколько слов запомнить легче, чем знаки вперемешку.
your-name = Ваше имя
to-first-page = На первую страницу
link-hidden = нет доступа
hidden-here = Скрыто от Вас
hidden-by-mailbox = Скрыто: ящик «{ $mailbox }»
hidden-help = Письма этого ящика целиком видят его владелец, читатели и администраторы.
error-partly_hidden = Вам видна только часть записи: попросите того, кто видит её целиком.
links-more = и ещё { $count }
count-tickets = { $count ->
    [one] { $count } билет
    [few] { $count } билета
   *[many] { $count } билетов
}
count-orders = { $count ->
    [one] { $count } заказ
    [few] { $count } заказа
   *[many] { $count } заказов
}

sign-in = Войти
sign-in-title = Вход
sign-in-wrong = Почта или пароль не подошли.
sign-in-wait = Слишком много неудачных попыток. Попробуйте снова через { $seconds ->
    [one] { $seconds } секунду
    [few] { $seconds } секунды
   *[many] { $seconds } секунд
}.

set-up-title = Добро пожаловать в Plenary
set-up-text = Несколько вопросов, и можно начинать. Валюту и часовой пояс возьмём по языку. Название, язык, валюту и пояс потом можно изменить в настройках; из песочницы настоящее рабочее пространство не сделать.
set-up-organisation = Организация
set-up-pack = Что Вы организуете?
set-up-language = Язык писем и документов
set-up-sandbox = Это песочница, чтобы попробовать
set-up-sandbox-help = Письма никуда не уходят, часы можно переводить вперёд.
set-up-begin = Начать работу

field-owner = Ответственный
field-created_at = Создано
field-updated_at = Изменено
field-created_by = Кто создал
field-id = Идентификатор
density = Строки списков
density-roomy = Просторно
density-compact = Плотно
