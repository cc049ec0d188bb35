# Ходы записи из списка, действия над многими, слова кнопок.
ways-not-open = Эту запись Вам изменить нельзя.
ways-end = Отсюда переходов нет.
bulk-binned = { $count ->
    [one] В корзине { $count } запись
    [few] В корзине { $count } записи
   *[many] В корзине { $count } записей
  }
bulk-restored = { $count ->
    [one] Из корзины возвращена { $count } запись
    [few] Из корзины возвращены { $count } записи
   *[many] Из корзины возвращено { $count } записей
  }
undo-told = Отменено
move-heading = { $name }: «{ $title }»
move-heading-to = { $name }: «{ $title }» → { $stage }
move-back = { $name }: { $stage }
search-everywhere = Искать везде
to-story = К истории и комментариям
seats-at-once = Не больше { $count } в одном заказе
