# Комментарии, метки, подписка, уведомления.
talk-placeholder = Написать коллегам…
talk-mention = Упомянуть коллегу
talk-send = Отправить
talk-sent = Комментарий отправлен
talk-edited = изменён
talk-edit = Изменить
talk-edit-label = Текст комментария
talk-delete = Удалить
talk-deleted = Комментарий удалён
talk-nobody = Plenary
talk-unseen = Этой записи не видят: { $names }. Упомяните тех, кому она открыта, или сначала откройте её им.
talk-follow = Следить
talk-follows = Слежу
talk-follow-help = Вы будете получать уведомления о новых комментариях и смене стадии.
error-mention_unseen = Упомянуть можно только того, кому открыта эта запись.
error-ambiguous_mention = Так зовут нескольких коллег: после @ напишите адрес почты.
error-too_many_mentions = В одном комментарии — не больше 30 упоминаний: уберите лишние.
error-invalid_target = Сюда нельзя оставить комментарий.
tags-add = Добавить
tags-remove = Убрать метку «{ $tag }»
tags-typed = Через запятую
notices = Уведомления
notices-count = { $count ->
    [one] Уведомления: { $count } новое
    [few] Уведомления: { $count } новых
   *[many] Уведомления: { $count } новых
}
notices-which = Какие уведомления показать
notices-every = Все
notices-unread = Непрочитанные
notices-new = (новое)
notices-all-read = Прочитать все
notices-read = Прочитано
notices-mark-read = Отметить прочитанным: { $title }
notices-older = Более ранние
notices-empty = Уведомлений нет
notices-empty-help = Здесь появятся уведомления: когда Вас упомянут, передадут Вам запись или что-то изменится в записях, за которыми Вы следите.
notice-mention = Вас упомянули
notice-comment = новый комментарий
notice-assigned = Вы теперь ответственный
notice-stage = новая стадия
notice-others = { $count ->
    [one] и ещё { $count } запись
    [few] и ещё { $count } записи
   *[many] и ещё { $count } записей
}
letters-title = Письма об уведомлениях
letters-menu = Уведомления и письма
letters-none = Не присылать
letters-personal = Когда меня упомянули или мне передали запись
letters-all = Обо всех уведомлениях
plan = Запланировать
plan-call = Звонок
plan-meeting = Встреча
plan-task = Задача
