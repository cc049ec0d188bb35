# Файлы записей.
files = Файлы
files-attach = Приложить файлы
files-choose = Файл
files-send = Приложить
files-sending = Файлы отправляются
files-drop = или перетащите их на страницу
files-or = или один из приложенных
files-none = Без файла
files-attached = { $count ->
    [0] Сохранено
    [one] Приложен { $count } файл
    [few] Приложено { $count } файла
   *[other] Приложено { $count } файлов
}
files-too-many = { $count ->
    [one] За один раз можно приложить только { $count } файл
    [few] За один раз можно приложить не больше { $count } файлов
   *[other] За один раз можно приложить не больше { $count } файлов
}
file-attached = Приложен файл
file-too-large = Файл больше { $size } МБ
file-bytes = { $count ->
    [one] { $count } байт
    [few] { $count } байта
   *[other] { $count } байт
}
file-kb = { $size } КБ
file-mb = { $size } МБ
file-unseen = Такой файл нельзя показать здесь. Сохраните его, чтобы открыть.
file-save = Сохранить на диск
file-rename = Переименовать
file-take-away = Убрать
error-not_attached = Сначала приложите этот файл к записи.
error-takes_no_files = К файлам и к записям в корзине ничего не прикладывают.
error-use_upload = Файл прикладывают на странице записи, к которой он относится.
error-file_empty = Файл пуст: выберите другой.
error-file_too_large = Файл слишком большой: не больше 25 МБ.
error-too_many_files = За один раз можно приложить не больше 20 файлов.
error-not_kept = Файл не сохранён: диск недоступен. Попробуйте чуть позже.
type-file = Файл
