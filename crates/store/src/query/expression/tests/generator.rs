//! Generated expressions: texts of the language that mostly have a type.

use super::world::id;

/// A small generator of repeatable chance (SplitMix64).
pub(super) struct Dice(pub(super) u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.roll() % end
    }

    pub(super) fn one_in(&mut self, chances: u64) -> bool {
        self.below(chances) == 0
    }

    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }
}

pub(super) const TEXTS: &[&str] = &[
    "Ёлка",
    "елка",
    "ЕЛКА",
    "Казань",
    "казань город",
    "Joker",
    "joker 2026",
    "Янв",
    "a",
    "Б",
    "100%",
    "x_y",
    "O'Neil \"q\"",
    "ﬁn",
];
pub(super) const PLAIN: &[&str] = &["x", "X", "won", "Won", "ivan@jug.ru", "https://jug.ru/О-Нас", "ё", "Ё", "2026-11"];
pub(super) const DATES: &[&str] =
    &["2026-11-05", "2026-11-01", "2026-10-31", "2024-02-29", "1969-12-31", "0001-01-02", "9999-12-30"];

/// How deep an expression may still grow.
type Depth = u32;

impl Dice {
    pub(super) fn condition(&mut self, depth: Depth) -> String {
        let less = depth.saturating_sub(1);
        match self.below(if depth == 0 { 13 } else { 19 }) {
            0 => format!("{} {} {}", self.number(less), self.relation(), self.number(less)),
            1 => format!("{} {} {}", self.money(less), self.relation(), self.money(less)),
            2 => format!("{} {} {}", self.money(less), self.relation(), self.number(less)),
            3 => format!("{} {} {}", self.text(less), self.relation(), self.text(less)),
            4 => format!("{} {} {}", self.plain(less), self.relation(), self.plain(less)),
            5 => format!("{} {} {}", self.date(less), self.relation(), self.date(less)),
            6 => format!("{} {} {}", self.instant(less), self.relation(), self.instant(less)),
            7 => {
                let test = self.pick(&["contains", "startsWith", "endsWith"]);
                let (text, part) =
                    if self.one_in(2) { (self.text(0), self.text(0)) } else { (self.plain(0), self.plain(0)) };
                format!("{text}.{test}({part})")
            }
            8 => {
                let sign = self.pick(&["==", "!="]);
                format!("{} {sign} {}", self.id(), self.id())
            }
            9 => self.list_condition(less),
            10 => self.membership(less),
            11 => self.plain_condition(),
            12 => self.links_condition(less),
            13 => format!("!({})", self.condition(less)),
            14 => format!("({} && {})", self.condition(less), self.condition(less)),
            15 => format!("({} || {})", self.condition(less), self.condition(less)),
            16 => format!("!({} && {})", self.condition(less), self.condition(less)),
            17 => format!("({} ? {} : {})", self.condition(less), self.condition(less), self.condition(less)),
            _ => format!("({}) == ({})", self.condition(less), self.condition(less)),
        }
    }

    fn relation(&mut self) -> &'static str {
        self.pick(&["==", "!=", "<", "<=", ">", ">="])
    }

    fn plain_condition(&mut self) -> String {
        match self.below(8) {
            0 => self
                .pick(&[
                    "paid",
                    "shut",
                    "!paid",
                    "place.paid",
                    "!place.paid",
                    "f_list",
                    "f_guests",
                    "!place.f_guests",
                    "!place.f_list",
                    "true",
                    "false",
                ])
                .to_owned(),
            1 => format!(
                "has({})",
                self.pick(&["name", "covert", "labels", "amount", "about", "notes", "place.name", "place.covert"])
            ),
            2 => format!(
                "{} == null",
                self.pick(&["city", "notes", "paid", "fee", "place", "place.place.city", "opens"])
            ),
            3 => format!("opens {} \"09:30\"", self.relation()),
            4 => format!("wait {} \"P1D\"", self.pick(&["==", "!="])),
            5 => format!("{} {} {}", self.duration(1), self.relation(), self.duration(1)),
            6 => format!("paid {} {}", self.pick(&["==", "!="]), self.pick(&["shut", "true", "false", "null"])),
            _ => self
                .pick(&["owner in my_team()", "!(helper in my_team())", "place.owner in my_team()", "owner == me()"])
                .to_owned(),
        }
    }

    fn links_condition(&mut self, depth: Depth) -> String {
        let links = self.pick(&["guests", "guests", "place.guests", "veiled", "place.place.veiled"]);
        let links = match self.below(5) {
            0 => format!("({} ? {links} : place.guests)", self.condition(0)),
            1 => format!("({} ? {links} : null)", self.condition(0)),
            _ => links.to_owned(),
        };
        let not = self.pick(&["", "!"]);
        match self.below(9) {
            0 | 1 => format!("{not}({} in {links})", self.id()),
            2 => format!("{not}(null in {links})"),
            3 => format!("size({links}) {} {}", self.relation(), self.pick(&["0", "2", "stars", "size(labels)"])),
            4 => self
                .pick(&["has(guests)", "!has(guests)", "place.guests == null", "guests != null", "has(veiled)"])
                .to_owned(),
            5 => format!("{links} {} null", self.pick(&["==", "!="])),
            6 => format!(
                "{links}.exists(g, g {} {} || {})",
                self.pick(&["==", "!="]),
                self.id(),
                self.condition(depth.min(1))
            ),
            7 => format!("{not}({links}.all(g, g in place.guests || {}))", self.condition(depth.min(1))),
            _ => {
                let (list, quantifier) =
                    (self.pick(&["guests", "place.guests", "veiled"]), self.pick(&["exists", "all"]));
                format!("{not}({list}.{quantifier}(g, {}))", self.of_guest())
            }
        }
    }

    /// A condition over the record that an element leads to.
    fn of_guest(&mut self) -> String {
        self.pick(&[
            "g.name.contains(\"ка\")",
            "g.city == place.city",
            "g.seats > seats",
            "g.amount == amount || g.fee.currency == \"RUB\"",
            "!g.paid",
            "has(g.covert) || g.name == null",
            "g.place == place || g.place.paid",
            "g.place.place.name < name",
            "g.f_rate >= 0 || g.f_guests",
            "g.labels.exists(t, t in labels)",
            "\"vip\" in g.labels || size(g.guests) > 1",
            "g.guests.exists(h, h == g.place || h.city == g.city)",
            "g.guests.all(h, h in guests && h.paid)",
            "day(g.created_at) == g.starts_on || g.owner in my_team()",
            "g.version > size(g.name) || g.about.module == \"places\"",
        ])
        .to_owned()
    }

    fn list_condition(&mut self, depth: Depth) -> String {
        let list = self.pick(&["labels", "place.labels"]);
        let item = self.pick(&["\"vip\"", "\"Спам\"", "stage", "null", "name"]);
        match self.below(6) {
            0 => format!("{item} in {list}"),
            1 => format!("!({item} in {list})"),
            2 => format!("{list}.exists(t, t == {item})"),
            3 => format!("{list}.all(t, t != {item} && {})", self.condition(depth.min(1))),
            4 => "labels.exists(t, place.labels.exists(u, u == t))".to_owned(),
            _ => format!("{list}.exists(t, t.startsWith(\"vI\") || {})", self.condition(depth.min(1))),
        }
    }

    fn membership(&mut self, depth: Depth) -> String {
        let not = self.pick(&["", "!"]);
        let (item, items) = match self.below(6) {
            0 => (self.number(depth), vec![self.number(0), self.number(0), self.number(0)]),
            1 => (self.money(0), vec![self.number(0), self.number(0)]),
            2 => (self.text(0), vec![self.text(0), "null".to_owned(), "\"\"".to_owned()]),
            3 => (self.id(), vec![self.id(), self.id()]),
            4 => (self.instant(0), vec![self.instant(0), "\"2026-11-01\"".to_owned()]),
            _ => (self.plain(0), vec![self.plain(0), self.plain(0), self.plain(0)]),
        };
        format!("{not}({item} in [{}])", items.join(", "))
    }

    pub(super) fn number(&mut self, depth: Depth) -> String {
        if depth > 0 && self.one_in(2) {
            let less = depth - 1;
            return match self.below(8) {
                0 => format!("({} + {})", self.number(less), self.number(less)),
                1 => format!("({} - {})", self.number(less), self.number(less)),
                2 => format!("({} * {})", self.number(less), self.number(less)),
                3 => format!(
                    "({} ? {} : {})",
                    self.condition(less),
                    self.number(less),
                    self.pick(&["null", "1", "0.001"])
                ),
                4 => format!("-{}", self.number(less)),
                5 => format!("({} / {})", self.number(less), self.number(less)),
                6 => format!("({} / {})", self.money(less), self.money(less)),
                _ => format!("year({})", self.date(less)),
            };
        }
        self.pick(&[
            "seats",
            "seats",
            "discount",
            "discount",
            "rate",
            "stars",
            "version",
            "f_seats",
            "place.f_rate",
            "place.seats",
            "place.discount",
            "size(name)",
            "size(labels)",
            "1",
            "-3",
            "10.5",
            "10.50",
            "0.001",
            "1000",
            "9223372036854775807",
            "-9223372036854775807",
            "922337203685477580.7",
            "null",
            "size(place.city)",
            "100000",
        ])
        .to_owned()
    }

    pub(super) fn money(&mut self, depth: Depth) -> String {
        if depth > 0 && self.one_in(2) {
            let less = depth - 1;
            return match self.below(6) {
                0 => format!("({} + {})", self.money(less), self.money(less)),
                1 => format!("({} - {})", self.money(less), self.money(less)),
                2 => format!("({} * {})", self.money(less), self.pick(&["2", "seats", "-1", "1000000"])),
                3 => format!("({} * {})", self.money(less), self.number(less)),
                4 => format!("({} / {})", self.money(less), self.number(less)),
                _ => format!("({} ? {} : {})", self.condition(less), self.money(less), self.pick(&["null", "fee"])),
            };
        }
        self.pick(&["amount", "fee", "place.amount", "place.place.fee", "f_money", "place.f_near"]).to_owned()
    }

    pub(super) fn text(&mut self, depth: Depth) -> String {
        if depth > 0 && self.one_in(4) {
            return match self.below(2) {
                0 => format!("({} + {})", self.text(depth - 1), self.text(depth - 1)),
                _ => format!("({} ? {} : {})", self.condition(depth - 1), self.text(0), self.text(0)),
            };
        }
        match self.below(8) {
            0 | 1 => "name".to_owned(),
            2 => "city".to_owned(),
            3 => self
                .pick(&["place.name", "place.place.city", "covert", "place.covert", "f_covert", "place.f_covert"])
                .to_owned(),
            4 => self
                .pick(&["\"\"", "null", "\"е\"", "\"Ёл\"", "\"КАЗ\"", "\"100%\"", "\"_\"", "\"'\"", "\"ка\""])
                .to_owned(),
            _ => format!("{:?}", self.pick(TEXTS)),
        }
    }

    pub(super) fn plain(&mut self, depth: Depth) -> String {
        match self.below(7) {
            0 => format!("month({})", if depth > 0 { self.instant(depth - 1) } else { "called_at".to_owned() }),
            1 => self.pick(&["amount.currency", "place.fee.currency", "about.module"]).to_owned(),
            2 => self.pick(&["\"RUB\"", "\"places\"", "\"jug\"", "\"О\"", "\"\""]).to_owned(),
            3 => format!("{:?}", self.pick(PLAIN)),
            4 => "place.email".to_owned(),
            _ => self.pick(&["stage", "email", "url"]).to_owned(),
        }
    }

    pub(super) fn date(&mut self, depth: Depth) -> String {
        if depth > 0 && self.one_in(2) {
            return match self.below(3) {
                0 => format!("day({})", self.instant(depth - 1)),
                1 => format!("({} {} {})", self.date(depth - 1), self.pick(&["+", "-"]), self.duration(depth - 1)),
                _ => format!("({} ? {} : null)", self.condition(depth - 1), self.date(depth - 1)),
            };
        }
        match self.below(6) {
            0 => format!("date(\"{}\")", self.pick(DATES)),
            1 => "today()".to_owned(),
            _ => self.pick(&["starts_on", "ends_on", "place.starts_on"]).to_owned(),
        }
    }

    pub(super) fn instant(&mut self, depth: Depth) -> String {
        if depth > 0 && self.one_in(2) {
            return format!("({} {} {})", self.instant(depth - 1), self.pick(&["+", "-"]), self.duration(depth - 1));
        }
        match self.below(7) {
            0 => "now()".to_owned(),
            1 => format!(
                "timestamp(\"{}\")",
                self.pick(&["2026-11-05T21:30:00Z", "2026-10-31T21:00:00Z", "2026-11-01T00:00:00+03:00"])
            ),
            2 => "created_at".to_owned(),
            3 => "place.due_at".to_owned(),
            _ => self.pick(&["called_at", "due_at"]).to_owned(),
        }
    }

    pub(super) fn duration(&mut self, depth: Depth) -> String {
        match self.below(if depth > 0 { 6 } else { 2 }) {
            0 => self.pick(&["duration(\"P1D\")", "duration(\"PT4H\")", "duration(\"P30D\")"]).to_owned(),
            1 => self.pick(&["duration(\"PT0.000001S\")", "duration(\"P36600D\")", "duration(\"P1DT1S\")"]).to_owned(),
            2 => format!("({} - {})", self.instant(0), self.instant(0)),
            3 => format!("({} * seats)", self.duration(0)),
            4 => format!("({} / seats)", self.duration(0)),
            _ => format!("({} + {})", self.duration(0), self.duration(depth - 1)),
        }
    }

    fn id(&mut self) -> String {
        match self.below(8) {
            0 => format!("\"{}\"", id(self.below(14))),
            1 => "me()".to_owned(),
            _ => self
                .pick(&["place", "place.place", "owner", "helper", "created_by", "about", "place.id", "id"])
                .to_owned(),
        }
    }
}
