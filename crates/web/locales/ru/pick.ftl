# Выбор связанных записей и людей.
pick-placeholder = Начните вводить
pick-drop = Убрать: {"{"}name{"}"}
pick-none = Ничего не нашлось
pick-found = Найдено: {"{"}count{"}"}
pick-new = Новая запись: { $name }
pick-new-named = Новая запись: { $name } «{ $words }»
