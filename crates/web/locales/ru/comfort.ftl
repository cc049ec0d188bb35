# Запланированное, вложения писем, место ошибки в фильтре, пройденные первые шаги.
plan-late = срок прошёл
plan-no-time = без срока
soon-hour = Через час
soon-tomorrow = Завтра
soon-monday = В понедельник
soon-week = Через неделю
soon-other = Другое время
letter-enclosed = Вложения
