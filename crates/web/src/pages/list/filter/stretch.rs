//! Stretches of time as seen from today. A stretch of days is the same condition of a day and of an instant: from the
//! beginning of one day to the beginning of another.

use std::fmt;
use std::str::FromStr;

use model::Period;
use model::expr::{Operator, Token};

use super::sort::Sort;

/// The longest stretch, in days.
const LONGEST: i32 = 3_660;

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pages::list) enum Stretch {
    Today,
    Yesterday,
    Tomorrow,
    /// The week, month, quarter or year that is, the one before or the one behind it.
    Whole(Period, Turn),
    /// So many days, today the last of them.
    Last(i32),
    /// So many days, today the first of them.
    Next(i32),
    Past,
    Future,
}

/// Which of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pages::list) enum Turn {
    Last,
    This,
    Next,
}

impl Turn {
    const ALL: [Self; 3] = [Self::Last, Self::This, Self::Next];

    /// How many behind the present one.
    fn by(self) -> i64 {
        match self {
            Self::Last => -1,
            Self::This => 0,
            Self::Next => 1,
        }
    }

    /// What stands before the name of its kind.
    fn prefix(self) -> &'static str {
        match self {
            Self::Last => "last_",
            Self::This => "",
            Self::Next => "next_",
        }
    }
}

impl Stretch {
    /// Those that are offered.
    pub(in crate::pages::list) const OFFERED: [Self; 23] = [
        Self::Today,
        Self::Yesterday,
        Self::Tomorrow,
        Self::Whole(Period::Week, Turn::This),
        Self::Whole(Period::Week, Turn::Last),
        Self::Whole(Period::Week, Turn::Next),
        Self::Whole(Period::Month, Turn::This),
        Self::Whole(Period::Month, Turn::Last),
        Self::Whole(Period::Month, Turn::Next),
        Self::Whole(Period::Quarter, Turn::This),
        Self::Whole(Period::Quarter, Turn::Last),
        Self::Whole(Period::Quarter, Turn::Next),
        Self::Whole(Period::Year, Turn::This),
        Self::Whole(Period::Year, Turn::Last),
        Self::Whole(Period::Year, Turn::Next),
        Self::Last(7),
        Self::Last(30),
        Self::Last(90),
        Self::Next(7),
        Self::Next(30),
        Self::Next(90),
        Self::Past,
        Self::Future,
    ];

    /// Its first day and the day behind its last, counted from today.
    fn days(self) -> Option<(i32, i32)> {
        match self {
            Self::Today => Some((0, 1)),
            Self::Yesterday => Some((-1, 0)),
            Self::Tomorrow => Some((1, 2)),
            Self::Last(days) => Some((1 - days, 1)),
            Self::Next(days) => Some((0, days)),
            Self::Whole(..) | Self::Past | Self::Future => None,
        }
    }

    fn spanning(from: i32, to: i32) -> Option<Self> {
        match (from, to) {
            (0, 1) => Some(Self::Today),
            (-1, 0) => Some(Self::Yesterday),
            (1, 2) => Some(Self::Tomorrow),
            (from, 1) if from < 0 && from > -LONGEST => Some(Self::Last(1 - from)),
            (0, to) if to > 1 && to <= LONGEST => Some(Self::Next(to)),
            _ => None,
        }
    }

    /// The condition that a field lies in it.
    pub(super) fn written(self, field: &str, sort: Sort) -> Option<String> {
        let now = if sort == Sort::Moment { "now()" } else { "today()" };
        let within = |from: String, to: String| format!("({field} >= {from} && {field} < {to})");
        match (self, self.days()) {
            (_, Some((from, to))) => Some(within(shifted(from), shifted(to))),
            (Self::Whole(period, turn), _) => Some(within(start(period, turn.by()), start(period, turn.by() + 1))),
            (Self::Past, _) => Some(format!("{field} < {now}")),
            (Self::Future, _) => Some(format!("{field} > {now}")),
            _ => None,
        }
    }

    /// The field and the stretch of a condition.
    pub(super) fn read(tokens: &[Token], sort_of: impl Fn(&str) -> Option<Sort>) -> Option<(String, Self)> {
        use Token::{And, Close, Name, Open};
        match tokens {
            // As this month and this year were written before.
            [
                Name(unit),
                Open,
                Name(field),
                Close,
                Token::Operator(Operator::Equal),
                Name(other),
                Open,
                Name(today),
                Open,
                Close,
                Close,
            ] if unit == other && today == "today" && matches!(unit.as_str(), "month" | "year") => {
                Some((field.clone(), Self::Whole(Period::read(unit)?, Turn::This)))
            }
            [Name(field), Token::Operator(operator), Name(now), Open, Close] => {
                let stretch = match operator {
                    Operator::Less => Self::Past,
                    Operator::Greater => Self::Future,
                    _ => return None,
                };
                let wanted = if sort_of(field)? == Sort::Moment { "now" } else { "today" };
                (now == wanted).then(|| (field.clone(), stretch))
            }
            [Open, Name(field), Token::Operator(Operator::GreaterOrEqual), inside @ .., Close] => {
                let cut = inside.iter().position(|token| *token == And)?;
                let (from, to) = inside.split_at_checked(cut)?;
                let [And, Name(again), Token::Operator(Operator::Less), to @ ..] = to else { return None };
                let stretch = whole(from, to).or_else(|| Self::spanning(days(from)?, days(to)?))?;
                (field == again).then(|| (field.clone(), stretch))
            }
            _ => None,
        }
    }
}

/// The first day of a period, counted from the present one.
fn start(period: Period, by: i64) -> String {
    format!("{}_start({by})", period.name())
}

/// The same read back.
fn started(tokens: &[Token]) -> Option<(Period, i64)> {
    use Token::{Close, Int, Minus, Name, Open};
    let (name, sign, by) = match tokens {
        [Name(name), Open, Int(by), Close] => (name, 1, by),
        [Name(name), Open, Minus, Int(by), Close] => (name, -1, by),
        _ => return None,
    };
    let by = sign * i64::try_from(*by).ok()?;
    Some((Period::read(name.strip_suffix("_start")?)?, by))
}

/// The period that goes from one such day to the next.
fn whole(from: &[Token], to: &[Token]) -> Option<Stretch> {
    let (period, by) = started(from)?;
    let turn = Turn::ALL.into_iter().find(|turn| turn.by() == by)?;
    (started(to)? == (period, by + 1)).then_some(Stretch::Whole(period, turn))
}

/// A day, counted from today.
fn shifted(days: i32) -> String {
    match days {
        0 => "today()".to_owned(),
        days => format!("today() {} duration(\"P{}D\")", if days < 0 { '-' } else { '+' }, days.abs()),
    }
}

/// The same read back.
fn days(tokens: &[Token]) -> Option<i32> {
    use Token::{Close, Name, Open, Text};
    let (today, rest) = tokens.split_at_checked(3)?;
    if !matches!(today, [Name(today), Open, Close] if today == "today") {
        return None;
    }
    let (sign, length) = match rest {
        [] => return Some(0),
        [Token::Minus, Name(length), Open, Text(days), Close] if length == "duration" => (-1, days),
        [Token::Operator(Operator::Add), Name(length), Open, Text(days), Close] if length == "duration" => (1, days),
        _ => return None,
    };
    let days: i32 = length.strip_prefix('P')?.strip_suffix('D')?.parse().ok()?;
    (1..=LONGEST).contains(&days).then_some(sign * days)
}

impl fmt::Display for Stretch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Today => f.write_str("today"),
            Self::Yesterday => f.write_str("yesterday"),
            Self::Tomorrow => f.write_str("tomorrow"),
            Self::Last(days) => write!(f, "last_{days}"),
            Self::Next(days) => write!(f, "next_{days}"),
            Self::Whole(period, turn) => write!(f, "{}{}", turn.prefix(), period.name()),
            Self::Past => f.write_str("past"),
            Self::Future => f.write_str("future"),
        }
    }
}

impl FromStr for Stretch {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        let of = |turn: Turn| {
            let period =
                name.strip_prefix(turn.prefix()).and_then(Period::read).filter(|period| *period != Period::Day)?;
            Some(Self::Whole(period, turn))
        };
        if let Some(whole) = Turn::ALL.into_iter().find_map(of) {
            return Ok(whole);
        }
        let many = |days: &str| days.parse().ok().filter(|days| (2..=LONGEST).contains(days)).ok_or(());
        match (name.strip_prefix("last_"), name.strip_prefix("next_"), name) {
            (Some(days), _, _) => many(days).map(Self::Last),
            (_, Some(days), _) => many(days).map(Self::Next),
            (_, _, "today") => Ok(Self::Today),
            (_, _, "yesterday") => Ok(Self::Yesterday),
            (_, _, "tomorrow") => Ok(Self::Tomorrow),
            (_, _, "past") => Ok(Self::Past),
            (_, _, "future") => Ok(Self::Future),
            _ => Err(()),
        }
    }
}
