# Что сделано с записью, её прошлое и её владелец.
done-moved = Готово: «{ $state }»
done-restored = Возвращено из корзины
done-file-gone = Файл убран
story-older = Показать более раннее
story-newest = К последнему
past-ask = Как было на момент
past-show = Показать
past-stood = Так запись выглядела { $moment }.
past-stood-in-bin = { $moment } запись лежала в корзине и выглядела так.
past-not-yet = { $moment } этой записи ещё не было.
past-no-moment = Укажите дату и время.
past-back = Вернуться к сегодняшнему виду
history-of = История поля «{ $field }»
history-none = Это поле ещё не меняли.
owner-none = Без ответственного
