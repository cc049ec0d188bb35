//! The part of a list's address that says which shape it has.

use jiff::civil::Date;

use crate::ui::typed::Typed;

/// How a list is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Table,
    Board,
    Calendar,
    Timeline,
    Chart,
}

impl Kind {
    pub(super) const ALL: [Self; 5] = [Self::Table, Self::Board, Self::Calendar, Self::Timeline, Self::Chart];

    /// Its name in addresses; the table, which needs none, has none.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Table => "",
            Self::Board => "board",
            Self::Calendar => "calendar",
            Self::Timeline => "timeline",
            Self::Chart => "chart",
        }
    }
}

/// Whose records a calendar shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Whose {
    #[default]
    Everybodys,
    Mine,
    Teams,
}

impl Whose {
    pub(super) const ALL: [Self; 3] = [Self::Mine, Self::Teams, Self::Everybodys];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Everybodys => "",
            Self::Mine => "me",
            Self::Teams => "team",
        }
    }
}

/// How much a calendar shows at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Span {
    #[default]
    Month,
    Week,
    Day,
    Agenda,
}

impl Span {
    pub(super) const ALL: [Self; 4] = [Self::Month, Self::Week, Self::Day, Self::Agenda];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Month => "",
            Self::Week => "week",
            Self::Day => "day",
            Self::Agenda => "agenda",
        }
    }
}

/// The shape that an address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::pages::list) struct Shape {
    pub(super) kind: Kind,
    /// The field of the stages or dates, or that bars are as long as, where it is not the module's first.
    pub(super) by: String,
    /// The day about which a calendar or timeline stands; today where nothing is said.
    pub(super) on: Option<Date>,
    pub(super) span: Span,
    pub(super) whose: Whose,
    /// Columns of a board that alone are asked for: a part of the page.
    pub(super) stages: Vec<String>,
}

impl Shape {
    /// The shape that an address asks for. `said` is what it says, else what its view does.
    pub(in crate::pages::list) fn read(pairs: &Typed, said: impl Fn(&str) -> String) -> Self {
        let stages = pairs.all("stage").map(str::to_owned).filter(|value| value.len() <= 200);
        Self {
            on: pairs.text("on").parse().ok().filter(|day: &Date| (1_000..9_000).contains(&day.year())),
            stages: stages.take(100).collect(),
            ..Self::laid_out(said)
        }
    }

    /// The shape as a view keeps it: about today.
    pub(in crate::pages::list) fn laid_out(said: impl Fn(&str) -> String) -> Self {
        let (name, span, whose) = (said("as"), said("span"), said("who"));
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name).unwrap_or_default();
        if kind == Kind::Table {
            return Self::default();
        }
        Self {
            kind,
            by: said("by"),
            span: Span::ALL.into_iter().find(|known| known.name() == span).unwrap_or_default(),
            whose: Whose::ALL.into_iter().find(|known| known.name() == whose).unwrap_or_default(),
            ..Self::default()
        }
    }

    /// The same by a field of another name.
    pub(in crate::pages::list) fn called(&mut self, by: String) {
        self.by = by;
    }

    /// Its name in addresses; empty for a table.
    pub(in crate::pages::list) fn name(&self) -> &'static str {
        self.kind.name()
    }

    /// What a view can keep of it besides its name, by the names in addresses.
    pub(in crate::pages::list) fn kept(&self) -> [(&'static str, &str); 3] {
        [("span", self.span.name()), ("who", self.whose.name()), ("by", self.by.as_str())]
    }

    /// Whether columns are chosen for it.
    pub(in crate::pages::list) fn has_columns(&self) -> bool {
        self.kind != Kind::Chart
    }

    /// The day about which it stands, which no view keeps.
    pub(in crate::pages::list) fn day(&self) -> Option<String> {
        self.on.filter(|_| self.kind != Kind::Table).map(|day| day.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Shape, Span, Whose};
    use crate::ui::typed;

    fn read(query: &str) -> Shape {
        let pairs = typed::read(query.as_bytes()).unwrap();
        Shape::read(&pairs, |name| pairs.text(name).to_owned())
    }

    #[test]
    fn what_an_address_says_is_said_again() {
        let query = "span=week&who=team&by=starts_at";
        let shape = read(&format!("as=calendar&{query}&on=2026-11-26"));
        assert_eq!((shape.kind, shape.span, shape.whose), (Kind::Calendar, Span::Week, Whose::Teams));
        assert_eq!(serde_urlencoded::to_string(shape.kept()).unwrap(), query);
        assert_eq!(shape.day().as_deref(), Some("2026-11-26"));
    }

    #[test]
    fn nonsense_is_a_table() {
        assert_eq!(read("as=spiral&span=age&on=yesterday"), Shape::default());
        assert_eq!(read("by=status"), Shape::default(), "a table has no field of stages");
    }
}
