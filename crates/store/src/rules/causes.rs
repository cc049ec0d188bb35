//! What a rule ran for, as its runs are known by: no rule runs twice for one cause.

use model::Id;

/// A cause, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCause {
    /// The record.
    pub record: String,
    /// The version that a change made, or with which it came into its state.
    pub version: Option<i64>,
    /// The moment that had come.
    pub moment: Option<String>,
    /// The how-manieth time, after a while in a state.
    pub stay: Option<i64>,
    /// The how-manieth time that somebody wanted it once more.
    pub once_more: Option<i64>,
    /// The action from which it goes on, after one that waits.
    pub step: Option<usize>,
}

impl RuleCause {
    /// A change of a record.
    #[must_use]
    pub fn change(record: Id, version: i64) -> Self {
        Self {
            record: record.to_string(),
            version: Some(version),
            moment: None,
            stay: None,
            once_more: None,
            step: None,
        }
    }

    /// A moment that has come for a record.
    #[must_use]
    pub fn date(record: Id, moment: &str) -> Self {
        Self { version: None, moment: Some(moment.to_owned()), ..Self::change(record, 0) }
    }

    /// A while in a state.
    #[must_use]
    pub fn stay(record: Id, version: i64, number: i64) -> Self {
        Self { stay: Some(number), ..Self::change(record, version) }
    }

    /// As runs are known by it.
    #[must_use]
    pub fn name(&self) -> String {
        let (record, version) = (&self.record, self.version.unwrap_or_default());
        let mut name = match (&self.moment, self.stay) {
            (Some(moment), _) => format!("date:{record}:{moment}"),
            (None, Some(number)) => format!("stay:{record}:{version}:{number}"),
            (None, None) => format!("change:{record}:{version}"),
        };
        if let Some(number) = self.once_more {
            name = format!("{name}#{number}");
        }
        if let Some(step) = self.step {
            name = format!("{name}>{step}");
        }
        name
    }

    /// Reads it.
    #[must_use]
    pub fn read(name: &str) -> Self {
        let (name, step) = numbered(name, '>');
        let (name, once_more) = numbered(name, '#');
        let (kind, rest) = name.split_once(':').unwrap_or((name, ""));
        let (record, rest) = rest.split_once(':').unwrap_or((rest, ""));
        let mut cause = Self {
            record: record.to_owned(),
            version: None,
            moment: None,
            stay: None,
            once_more,
            step: step.and_then(|step| usize::try_from(step).ok()),
        };
        match kind {
            "date" => cause.moment = Some(rest.to_owned()),
            "stay" => {
                let (version, number) = rest.split_once(':').unwrap_or((rest, ""));
                (cause.version, cause.stay) = (version.parse().ok(), number.parse().ok());
            }
            _ => cause.version = rest.parse().ok(),
        }
        cause
    }
}

/// A name without the number behind a mark.
fn numbered(name: &str, mark: char) -> (&str, Option<i64>) {
    match name.rsplit_once(mark) {
        Some((name, number)) => (name, number.parse().ok()),
        None => (name, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_read_as_it_is_written() {
        let record: Id = "01981c2b-0000-7000-8000-000000000001".parse().unwrap();
        let date = RuleCause::date(record, "2027-03-01T10:00:00Z");
        let all = [
            RuleCause::change(record, 3),
            date.clone(),
            RuleCause::stay(record, 3, 2),
            RuleCause { once_more: Some(2), ..RuleCause::change(record, 3) },
            RuleCause { step: Some(1), ..date },
            RuleCause { once_more: Some(1), step: Some(4), ..RuleCause::stay(record, 1, 0) },
        ];
        for cause in all {
            assert_eq!(RuleCause::read(&cause.name()), cause, "{}", cause.name());
        }
    }
}
