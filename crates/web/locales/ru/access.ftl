# Права: роли, взгляд глазами другого, кто видит запись.
settings-roles = Роли
roles-role = Роль
roles-capabilities = Особые права
roles-users = Пользователей
roles-overview = Что видит и меняет каждая роль
roles-marks = Первый знак — что видит, второй — что меняет.
roles-new = Новая роль
roles-make = Создать роль
roles-copy = Взять права роли
roles-copy-nothing = Начать без прав
roles-own = своя
roles-help = Права нескольких ролей складываются. Чего роль не видит, того она не меняет и не удаляет.
roles-matrix = Права по модулям
roles-every = Все остальные модули
roles-inherited = как все остальные
roles-reset = вернуть как было
roles-always = нельзя отнять
roles-limits = скрыто: { $hidden }, без правки: { $locked }
roles-no-limits = все поля
roles-hidden = скрыто
roles-locked = без правки
right-read = Видит
right-create = Создаёт
right-update = Меняет
right-delete = Удаляет
right-purge = Навсегда
right-export = Выгружает
scope-none = ничего
scope-own = свои и ничьи
scope-team = команды
scope-all = все
capability-administer = Администрирование
capability-rehearse = Репетиция: часы и письма
capability-manage-orders = Управление заказами
capability-book-payments = Учёт оплат
capability-check-in = Контроль на входе
error-always_administers = Роль администратора всегда администрирует.
error-last_administrator = Никого не останется, кто администрирует: сначала дайте это право кому-то ещё.
error-no_such_module = Такого модуля нет.

sees-as = Чужими глазами
sees-as-who = Вы видите программу глазами пользователя { $name }.
sees-as-read-only = Изменить ничего нельзя.
sees-as-end = Вернуться к себе
sees-as-begin = Смотреть как этот пользователь
sees-as-help = Вы увидите программу его глазами: те же записи, поля и меню. Изменить ничего нельзя, его уведомления останутся непрочитанными.
error-only_looking = Вы смотрите глазами другого пользователя: изменить ничего нельзя. Сначала вернитесь к себе.
error-nobody_to_see_as = Смотреть можно глазами другого пользователя, который может войти.

access = Кто это видит
access-help = Ответ дают те же правила, по которым программа показывает записи.
access-seen = { $count ->
    [one] Видит { $count } пользователь
    [few] Видят { $count } пользователя
   *[many] Видят { $count } пользователей
}
access-unseen = { $count ->
    [one] Не видит { $count } пользователь
    [few] Не видят { $count } пользователя
   *[many] Не видят { $count } пользователей
}
access-reads = видит
access-updates = меняет
access-deletes = удаляет
access-hidden = Не видит полей: { $fields }
access-all = Роль «{ $role }»: все записи
access-own = Роль «{ $role }»: свои записи, а за эту отвечает сам пользователь
access-nobodys = Роль «{ $role }»: свои записи и те, за которые никто не отвечает; у этой нет ответственного
access-team = Роль «{ $role }»: записи своих команд; ответственный — { $owner }, общая команда — «{ $team }»
access-parent = Роль «{ $role }»: видит запись, к которой относится эта ({ $module })
access-about = Роль «{ $role }»: видит то, о чём эта запись ({ $module })
access-by-rights = Роль «{ $role }»: по её правам
access-not-none = Роль «{ $role }»: таких записей не видит
access-not-own = Роль «{ $role }»: только свои записи, а ответственный — { $owner }
access-not-team = Роль «{ $role }»: только записи своих команд; ответственный — { $owner }, общей команды нет
access-not-parent = Роль «{ $role }»: не видит записи, к которой относится эта ({ $module })
access-not-about = Роль «{ $role }»: не видит того, о чём эта запись ({ $module })
access-not-by-rights = Роль «{ $role }»: её прав для этого мало
access-withheld = Роль «{ $role }»: письмо с уведомлением видит только его адресат
