//! A statement with its parameters, written in one piece or put together at run time.

use std::borrow::Cow;

use super::{DbError, Param, placeholders};

/// SQL text with `$1`, `$2` … and the values for them. Values never become part of the text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sql {
    text: Cow<'static, str>,
    params: Vec<Param>,
}

impl Sql {
    /// Starts a statement with text that has no placeholders of its own yet.
    pub fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self { text: text.into(), params: Vec::new() }
    }

    /// A whole statement: text with `$1`, `$2` … and its parameters.
    pub fn with(text: impl Into<Cow<'static, str>>, params: Vec<Param>) -> Self {
        Self { text: text.into(), params }
    }

    /// Adds a parameter and its placeholder.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Param>) -> Self {
        self.push_bind(value);
        self
    }

    /// Adds text as it stands; for text with placeholders use [`Sql::append`].
    #[must_use]
    pub fn push(mut self, text: &str) -> Self {
        self.push_str(text);
        self
    }

    /// Adds another piece with its parameters; its placeholders are renumbered.
    #[must_use]
    pub fn append(mut self, piece: Self) -> Self {
        self.push_sql(piece);
        self
    }

    /// Adds the quoted name of a table or column.
    ///
    /// # Errors
    /// [`DbError::Identifier`] unless the name reads `[a-z_][a-z0-9_.]*` and has at most 63 characters.
    pub fn push_ident(mut self, name: &str) -> Result<Self, DbError> {
        check_identifier(name)?;
        let text = self.text.to_mut();
        text.push('"');
        text.push_str(name);
        text.push('"');
        Ok(self)
    }

    /// Adds ` limit N`, as text: a planner that does not know how few rows are wanted plans such a statement anew each
    /// time, which costs PostgreSQL more than the rows.
    #[must_use]
    pub fn limit(mut self, most: impl TryInto<i64>) -> Self {
        let most = most.try_into().unwrap_or(i64::MAX);
        self.push_str(&format!(" limit {most}"));
        self
    }

    /// Adds `($1, $2, …)` for an `in`; an empty list becomes `(null)`, which nothing is in.
    #[must_use]
    pub fn bind_list<P: Into<Param>>(mut self, values: impl IntoIterator<Item = P>) -> Self {
        let first = self.params.len();
        self.push_str("(");
        for value in values {
            if self.params.len() > first {
                self.push_str(", ");
            }
            self.push_bind(value);
        }
        self.push_str(if self.params.len() > first { ")" } else { "null)" });
        self
    }

    /// [`Sql::bind`] in place.
    pub fn push_bind(&mut self, value: impl Into<Param>) {
        self.params.push(value.into());
        let number = self.params.len().to_string();
        let text = self.text.to_mut();
        text.push('$');
        text.push_str(&number);
    }

    /// [`Sql::push`] in place.
    pub fn push_str(&mut self, text: &str) {
        self.text.to_mut().push_str(text);
    }

    /// [`Sql::append`] in place.
    pub fn push_sql(&mut self, piece: Self) {
        match self.params.len() {
            0 => self.push_str(&piece.text),
            offset => self.push_str(&placeholders::shift(&piece.text, offset)),
        }
        self.params.extend(piece.params);
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The parameters, `$1` first.
    #[must_use]
    pub fn params(&self) -> &[Param] {
        &self.params
    }
}

impl From<&'static str> for Sql {
    fn from(text: &'static str) -> Self {
        Self::new(text)
    }
}

/// Lets through `[a-z_][a-z0-9_.]*` of at most 63 characters, PostgreSQL's limit. The point is part of the name.
pub(super) fn check_identifier(name: &str) -> Result<(), DbError> {
    let starts = name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_');
    let goes_on =
        name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'.'));
    if starts && goes_on && name.len() <= 63 { Ok(()) } else { Err(DbError::Identifier(name.to_owned())) }
}
