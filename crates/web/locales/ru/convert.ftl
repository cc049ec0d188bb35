# Лид становится клиентом; очередь секретаря; отклонённые обращения.
convert-title = Сделать клиентом
convert-text = Переписка, дела, файлы и обращения лида перейдут к тому, что получится. Всё вместе можно отменить.
convert-account = Клиент
convert-contact = Контакт
convert-deal = Сделка
convert-with-deal = Открыть сделку
convert-known = { $name } — уже есть
convert-new = Новая запись: { $name }
convert-only-name = Совпадает только название или имя. Выберите сами: это тот же или другой?
convert-do = Сделать клиентом
convert-done = Лид стал клиентом
error-convert_choose = Выберите, кто это
same-linked = указан в лиде
same-of_contact = организация контакта
