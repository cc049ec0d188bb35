# Страница записи, мероприятия, заказа.
fields = Поля
other-fields = Остальное
story = История
linked = Связанное
stages = Стадии
edit-all = Изменить всё сразу
edit-title = Изменение
edit-stale = Пока Вы правили, запись изменилась. Сохраните ещё раз.
edit-overtaken = { $field }: пока Вы правили, значение изменили на «{ $value }». Сохраните ещё раз, чтобы осталось Ваше.
to-bin = В корзину
restore = Вернуть из корзины
record-in-bin = Запись в корзине: её можно вернуть.
transition-sure = { $title }: подтвердите действие.
keep-price = По старой цене
keep-price-help = Иначе места возьмутся по цене, которая действует сейчас.
refund-amount = Сумма возврата
refund-amount-help = Пусто — вернуть всё; тогда билеты перестанут действовать.
story-empty = Здесь появятся изменения, письма и платежи.
story-changed = Изменение
story-more = { $count ->
    [one] и ещё { $count } поле
    [few] и ещё { $count } поля
   *[many] и ещё { $count } полей
}
operation-create = Создано
operation-delete = Удалено в корзину
operation-restore = Возвращено из корзины
operation-purge = Удалено навсегда
source-api = Программа (API)
source-interface = Сотрудник
source-public = Покупатель, страница на сайте
source-job = Plenary, по расписанию
source-command = Plenary, командная строка
source-import = Загрузка из файла
letter-in = Письмо от
letter-out = Письмо для
letter-text = Показать текст
next-steps = Дальше
next-check = Проверка оплаты
next-check-text = Если цена прежняя — напомним, если изменилась — снимем бронь.
possible-duplicates = Похоже на дубль
same-email = совпала почта
same-phone = совпал телефон
same-name = совпало имя
tier-price = Цена
tier-starts = С какого момента
tier-ends = До какого момента
tier-from = с { $moment }
tier-until = до { $moment }
tier-next = затем { $price }
no-price-now = сейчас без цены

event-overview = Обзор
event-orders = Заказы
event-tickets = Билеты
event-types = Тарифы
event-participants = Участники
event-card = Карточка
new-ticket-type = Новый тариф
order-form = Страница заказа
sold = Продано
reserved = В брони
free = Свободно
no-limit = без ограничения
of-total = из { $total }
revenue = Оплачено
waiting-for-money = Ждём оплаты
sales-by-type = По тарифам
sales-by-day = По дням, билетов
no-ticket-types = Тарифов пока нет: без них нечего продавать.
count-reserved = { $count } в брони
latest-orders = Последние заказы

book-payment = Внести платёж
payment-due = Заказ { $number }, к оплате { $due }.
ticket-pdf = Билет в PDF
