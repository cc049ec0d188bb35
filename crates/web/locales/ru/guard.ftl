# What is wrong with what was typed for programs.
field-no-json = Это не JSON: посмотрите на строку { $line }.

# Отказы, которые встречаются редко.
error-already_set_up = Всё уже настроено: войдите.
error-set_up_under_way = Настройка уже идёт. Подождите немного.
error-broken_template = Шаблон письма составлен с ошибкой, письмо по нему не написать.
error-no_template = Для такого письма нет шаблона.
error-fixed_name = На это имя опирается программа, поэтому его не изменить.
error-internal = Произошла ошибка. Попробуйте ещё раз.
error-invalid_decimal = Введите число, например 12,5. Знаков после запятой не больше, чем предусмотрено у поля.
error-invalid_form = Форма заполнена так, что её не прочитать.
error-invalid_parameter = В адресе страницы ошибка.
error-invalid_query = В адресе страницы ошибка.
error-unknown_parameter = В адресе страницы ошибка.
error-deleted = Запись в корзине. Сначала восстановите её.
error-kept_by_process = Эта запись — часть процесса: её отменяют, а не удаляют.
error-made_by_process = Такие записи создаёт программа.
error-method_not_allowed = Так к этой странице обратиться нельзя.
error-read_forbidden = У Вас нет права это видеть.
error-too_large = Это слишком много для одного раза.
error-unreadable_body = Присланное не прочитать.
error-unsupported_media_type = В таком виде это не принять.
