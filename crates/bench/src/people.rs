//! Invented leads, the same for the same number: what a list of a million of them looks like.

use jiff::Timestamp;
use model::Value;
use store::Draft;

const FIRST: [&str; 24] = [
    "Анна",
    "Борис",
    "Вера",
    "Глеб",
    "Дарья",
    "Егор",
    "Жанна",
    "Захар",
    "Инна",
    "Кирилл",
    "Лидия",
    "Максим",
    "Нина",
    "Олег",
    "Полина",
    "Роман",
    "Софья",
    "Тимур",
    "Ульяна",
    "Фёдор",
    "Элла",
    "Юрий",
    "Яна",
    "Артём",
];
const LAST: [&str; 32] = [
    "Абрамченко",
    "Берёзкин",
    "Верещагина",
    "Горшенин",
    "Дубовик",
    "Ефимцева",
    "Жаворонков",
    "Зимина",
    "Ильинский",
    "Корнеева",
    "Лукошкин",
    "Медведко",
    "Никольская",
    "Огарёв",
    "Пичугин",
    "Рябинина",
    "Соловейчик",
    "Терехова",
    "Ушинский",
    "Филатова",
    "Харламов",
    "Цветкова",
    "Чижиков",
    "Шапошников",
    "Щеглова",
    "Эйсмонт",
    "Юдашкина",
    "Якушев",
    "Воробейчик",
    "Громова",
    "Крылатов",
    "Синицына",
];
const COMPANY: [&str; 16] = [
    "Северный берег",
    "Точка сборки",
    "Полярная сова",
    "Компилятор",
    "Медный всадник",
    "Цифровая верфь",
    "Лесная почта",
    "Быстрый старт",
    "Новые дороги",
    "Тихая гавань",
    "Красный кирпич",
    "Ясный код",
    "Звёздный мост",
    "Белая ночь",
    "Первый поток",
    "Открытый стол",
];
const NEED: [&str; 8] = [
    "Нужны билеты на конференцию для команды разработки",
    "Хотим участвовать в выставке, интересует стенд у входа",
    "Просят программу докладов и скидку для студентов",
    "Спрашивали о спонсорском пакете и партнёрской рекламе",
    "Курс по тестированию для двенадцати сотрудников",
    "Conference tickets for speakers and their guests",
    "Workshop about reliable databases, eight seats",
    "Интересует запись докладов прошлого года",
];
const SOURCE: [&str; 6] = ["сайт", "рекомендация", "прошлое мероприятие", "реклама", "партнёр", "телефон"];
const STATUS: [&str; 6] = ["new", "contacted", "qualified", "converted", "lost", "disqualified"];
const READINESS: [&str; 3] = ["cold", "warm", "hot"];

/// One lead of the endless row, before it has an id.
pub(crate) struct Lead {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) phone: String,
    pub(crate) company: String,
    pub(crate) source: &'static str,
    pub(crate) need: &'static str,
    pub(crate) status: &'static str,
    pub(crate) readiness: &'static str,
}

/// Spreads numbers so that neighbours do not look alike (the finaliser of SplitMix64).
fn spread(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn of<'a>(all: &[&'a str], number: u64) -> &'a str {
    let at = usize::try_from(number % all.len() as u64).unwrap_or(0);
    all.get(at).copied().unwrap_or_default()
}

impl Lead {
    /// The lead with this number.
    pub(crate) fn number(number: u64) -> Self {
        let mixed = spread(number);
        Self {
            name: format!("{} {}", of(&FIRST, mixed), of(&LAST, mixed >> 8)),
            email: format!("lead{number}@example{}.org", mixed % 97),
            phone: format!("+79{:09}", mixed % 1_000_000_000),
            company: format!("{} {}", of(&COMPANY, mixed >> 16), mixed % 5_000),
            source: of(&SOURCE, mixed >> 24),
            need: of(&NEED, mixed >> 32),
            status: of(&STATUS, mixed >> 40),
            readiness: of(&READINESS, mixed >> 48),
        }
    }

    /// What the API is sent for it.
    pub(crate) fn body(&self) -> String {
        serde_json::json!({
            "name": self.name, "email": self.email, "phone": self.phone, "company": self.company,
            "source": self.source, "need": self.need, "readiness": self.readiness,
        })
        .to_string()
    }

    /// What the write path is given for it.
    pub(crate) fn draft(&self) -> Draft {
        let text = |text: &str| Value::Text(text.to_owned());
        Draft::new()
            .set("name", text(&self.name))
            .set("email", text(&self.email))
            .set("phone", text(&self.phone))
            .set("company", text(&self.company))
            .set("source", text(self.source))
            .set("need", text(self.need))
            .set("status", text(self.status))
            .set("readiness", text(self.readiness))
    }
}

/// Words that a salesperson types: names, companies, forms of words, beginnings, both languages.
pub(crate) fn searches() -> Vec<String> {
    let mut all = Vec::new();
    for number in 0..50 {
        let lead = Lead::number(number * 7919);
        let (first, last) = lead.name.split_once(' ').unwrap_or_default();
        all.push(lead.name.clone());
        all.push(last.to_owned());
        all.push(format!("{} {first}", last.chars().take(4).collect::<String>()));
        all.push(match number % 5 {
            0 => lead.company.clone(),
            1 => lead.email.clone(),
            2 => "билетов конференции".to_owned(),
            3 => format!("workshop database {first}"),
            _ => format!("{} {}", lead.source, last),
        });
    }
    all
}

/// The same searches, each with one letter wrong.
pub(crate) fn misspelt() -> Vec<String> {
    let mut all = Vec::new();
    for number in 0..200_u64 {
        let lead = Lead::number(number * 104_729);
        let last = lead.name.rsplit(' ').next().unwrap_or_default();
        let letters: Vec<char> = last.chars().collect();
        let at = usize::try_from(2 + number % 3).unwrap_or(2);
        all.push(match number % 3 {
            0 => letters.iter().enumerate().filter(|(place, _)| *place != at).map(|(_, letter)| letter).collect(),
            1 => letters.iter().enumerate().map(|(place, letter)| if place == at { 'ю' } else { *letter }).collect(),
            _ => letters.iter().take(at).chain(&['к']).chain(letters.iter().skip(at)).collect(),
        });
    }
    all
}

/// Now, in whole microseconds, as databases keep it.
pub(crate) fn now() -> Timestamp {
    let now = store::Clock::ahead(0).now();
    Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}
