//! How the numbers of a series are written: `C-{n:06}` gives `C-000001`, `C-000002` …

use crate::field::Field;

/// Digits at most: as many as the greatest number has.
const WIDEST: usize = 19;
/// Characters around the number at most.
const AROUND: usize = 60;

/// A pattern, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    before: String,
    width: usize,
    after: String,
}

/// Why a text is no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a series is written with one number in it, such as C-{{n:06}} or {{n}}")]
pub struct NotASeries;

impl Series {
    /// Reads a pattern: `{n}` is the number, `{n:06}` the number with zeros before it up to six digits.
    ///
    /// # Errors
    /// [`NotASeries`].
    pub fn parse(text: &str) -> Result<Self, NotASeries> {
        let (before, rest) = text.split_once("{n").ok_or(NotASeries)?;
        let (format, after) = rest.split_once('}').ok_or(NotASeries)?;
        let width = match format.strip_prefix(":0") {
            Some(width) => width.parse().map_err(|_| NotASeries)?,
            None if format.is_empty() => 0,
            None => return Err(NotASeries),
        };
        let around = before.chars().chain(after.chars());
        let is_plain = around.clone().all(|letter| !letter.is_control() && letter != '{' && letter != '}');
        if !is_plain || around.count() > AROUND || width > WIDEST {
            return Err(NotASeries);
        }
        Ok(Self { before: before.to_owned(), width, after: after.to_owned() })
    }

    /// The series of a field, where it has one.
    #[must_use]
    pub fn of(field: &Field) -> Option<Self> {
        field.series.as_deref().and_then(|text| Self::parse(text).ok())
    }

    /// Number `n` as it is written.
    #[must_use]
    pub fn number(&self, n: i64) -> String {
        format!("{}{n:0width$}{}", self.before, self.after, width = self.width)
    }
}

#[cfg(test)]
mod tests {
    use super::{NotASeries, Series};

    #[test]
    fn numbers_are_written_by_the_pattern() {
        let of = |text: &str, n: i64| Series::parse(text).map(|series| series.number(n));
        assert_eq!(of("C-{n:06}", 123), Ok("C-000123".to_owned()));
        assert_eq!(of("C-{n:06}", 12_345_678), Ok("C-12345678".to_owned()));
        assert_eq!(of("{n}/27", 4), Ok("4/27".to_owned()));
        assert_eq!(of("Обр. {n:02}", 4), Ok("Обр. 04".to_owned()));
        for wrong in ["", "C-", "C-{n", "{m}", "{n:6}", "{n:0}x{n}", "{n:0-1}", "{n:099}", "a\n{n}", &"x".repeat(70)] {
            assert_eq!(Series::parse(wrong), Err(NotASeries), "{wrong}");
        }
    }
}
