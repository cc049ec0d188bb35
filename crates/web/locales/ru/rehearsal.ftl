# Репетиция: изменение на копии рабочего пространства, часы которой идут вперёд.
rehearsal = Репетиция
rehearsal-rehearse = Отрепетировать на копии
rehearsal-ahead = На сколько вперёд
rehearsal-day = на день вперёд
rehearsal-week = на неделю вперёд
rehearsal-month = на 30 дней вперёд
rehearsal-help = Вот что произошло бы до { $until }, если никто ничего не сделает. Всё это было на копии: ничего не отправлено и ничего не сохранено.
rehearsal-as-it-is = Как сейчас
rehearsal-changed = С изменением
rehearsal-off = Правило выключено
rehearsal-on = Правило включено
rehearsal-what = Что происходит
rehearsal-nothing = За это время само не произошло бы ничего, ни так, ни так.
rehearsal-same = Разницы нет: с изменением произошло бы то же самое.
rehearsal-not-whole = Событий оказалось слишком много: показаны первые примерно 20 000.
rehearsal-moved = { $module }: { $from } → { $to }
rehearsal-letter = { $letter ->
    [""] Письма без шаблона
   *[other] Письмо «{ $letter }»
}
rehearsal-rule-done = Правило «{ $rule }»: сработало
rehearsal-rule-failed = Правило «{ $rule }»: с ошибкой
rehearsal-rule-cut = Правило «{ $rule }»: прервано из-за круга
rehearsal-rule-held = Правило «{ $rule }»: остановлено по пределу
rehearsal-letters = Письма, которые ушли бы
rehearsal-to = Кому
rehearsal-subject = Тема
rehearsal-failures = Что не удалось бы
error-too_large_to_rehearse = Рабочее пространство слишком велико, чтобы репетировать, пока страница ждёт. На сервере это делает команда plenary rehearse.
error-rehearsal_under_way = Сейчас уже идёт одна репетиция. Попробуйте через минуту.
error-rehearsal_failed = Репетиция не удалась: копию сделать не получилось.
