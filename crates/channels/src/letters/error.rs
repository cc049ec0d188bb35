//! What is wrong with a template, said so that an administrator finds the place.

use std::fmt;

use minijinja::ErrorKind;

/// Which template of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The subject.
    Subject,
    /// The text.
    Text,
}

impl Part {
    /// Its name in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Text => "text",
        }
    }
}

/// A letter that cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterError {
    /// Name of the letter.
    pub letter: String,
    /// Which of its templates.
    pub part: Part,
    /// The line of the template, from 1, where one is to blame.
    pub line: Option<usize>,
    /// Stable code: `syntax`, `undefined`, `endless`, `too_long`, `failed`.
    pub code: &'static str,
    /// What is wrong, in English.
    pub message: String,
}

impl fmt::Display for LetterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the letter {:?}, {}", self.letter, self.part.name())?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for LetterError {}

impl LetterError {
    pub(super) fn too_long(letter: &str, part: Part, limit: usize) -> Self {
        let message = format!("longer than {limit} bytes");
        Self { letter: letter.to_owned(), part, line: None, code: "too_long", message }
    }

    /// The template says what none may.
    pub(super) fn refused(letter: &str, part: Part, line: usize, message: String) -> Self {
        Self { letter: letter.to_owned(), part, line: Some(line), code: "syntax", message }
    }

    /// Keeps what an administrator needs. The engine's own report shows the values at hand, which are personal data.
    pub(super) fn read(letter: &str, part: Part, error: &minijinja::Error) -> Self {
        let code = match error.kind() {
            ErrorKind::SyntaxError
            | ErrorKind::BadEscape
            | ErrorKind::UnknownFilter
            | ErrorKind::UnknownTest
            | ErrorKind::UnknownFunction => "syntax",
            ErrorKind::UndefinedError => "undefined",
            ErrorKind::OutOfFuel => "endless",
            ErrorKind::WriteFailure => "too_long",
            _ => "failed",
        };
        let mut message = error.kind().to_string();
        if let Some(detail) = error.detail() {
            message = format!("{message}: {detail}");
        }
        let source = error.template_source().zip(error.range()).and_then(|(source, range)| source.get(range));
        let place =
            source.map(str::trim).filter(|place| !place.is_empty() && place.len() <= 200 && !message.contains(*place));
        if let Some(place) = place {
            message = format!("{message} (in `{place}`)");
        }
        Self { letter: letter.to_owned(), part, line: error.line(), code, message }
    }
}
