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
error-no_process = У этих записей нет процесса, а значит, нет и стадий.
error-no_such_survey = Такого опроса нет.
error-no_link = Это не ссылка на записи одного модуля.
error-changed_by_operation = Такие записи меняются своими действиями, правилом их не изменить.
error-sorted_without_fields = Поля есть только у обращения и лида.
error-passed_to_nobody = Передают только то, что достаётся человеку.
error-survey_anonymous = Кто отвечает, неизвестно, поэтому записать ответы в его запись нельзя.
error-survey_no_options = Выбирать не из чего: добавьте варианты.
error-survey_column = У столбца — своё имя и вид: текст, число или выбор.
error-survey_file_of_anybody = Файлы принимаются только по личным ссылкам: иначе диск заполнит кто угодно.
error-survey_file_untaken = Служба, которая принимает эти ответы, файлов не берёт.
error-survey_file_alone = Файл присылает тот, кто отвечает, и остаётся он среди ответов: ни заполнить заранее, ни записать в поле его нельзя.
error-survey_about_nothing = Опрос ни о чём: укажите, о записях какого модуля он.
error-survey_unwritable = Это поле вручную не заполняют, поэтому и ответ в него не записать.
