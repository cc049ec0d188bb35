//! Cuts the text of an expression into words, each with its position in characters.

use super::syntax::Operator;
use super::{ErrorCode, ExprError, SCALE_LIMIT, TEXT_LIMIT};

/// One word of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// A whole number.
    Int(u64),
    /// An exact decimal.
    Decimal {
        /// Its digits, the point left out.
        unscaled: i64,
        /// Digits after the point.
        scale: u8,
    },
    /// A text, without its quotes and escapes.
    Text(String),
    /// A field, a function, `in`, `true`, `false` or `null`.
    Name(String),
    /// An operator between two values.
    Operator(Operator),
    /// `&&`
    And,
    /// `||`
    Or,
    /// `!`
    Not,
    /// `-`
    Minus,
    /// `?`
    Question,
    /// `:`
    Colon,
    /// `,`
    Comma,
    /// `.`
    Dot,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `[`
    OpenList,
    /// `]`
    CloseList,
    /// Where the text ends.
    End,
}

/// A word and where it stands, in characters from 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Its first character.
    pub from: usize,
    /// The character behind it.
    pub to: usize,
    /// The word.
    pub token: Token,
}

/// The words of an expression as it is written, whether it means something or not: for those who show its parts.
///
/// # Errors
/// What is no word of the language, and where.
pub fn words(text: &str) -> Result<Vec<Word>, ExprError> {
    let mut lexer = Lexer::of(text)?;
    let mut words = Vec::new();
    loop {
        lexer.skip_blank();
        let from = lexer.at;
        match lexer.token()? {
            Token::End => return Ok(words),
            token => words.push(Word { from, to: lexer.at, token }),
        }
    }
}

/// All words of `text`, the last one [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, ExprError> {
    let mut lexer = Lexer::of(text)?;
    let mut tokens = Vec::new();
    loop {
        lexer.skip_blank();
        let at = lexer.at;
        let token = lexer.token()?;
        let end = token == Token::End;
        tokens.push((at, token));
        if end {
            return Ok(tokens);
        }
    }
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
}

impl Lexer {
    fn of(text: &str) -> Result<Self, ExprError> {
        // Counted only as far as the limit, so that a huge text costs nothing.
        if text.chars().nth(TEXT_LIMIT).is_some() {
            let message = format!("an expression has at most {TEXT_LIMIT} characters");
            return Err(ExprError::new(ErrorCode::TooLong, message, TEXT_LIMIT));
        }
        Ok(Self { chars: text.chars().collect(), at: 0 })
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek(0)?;
        self.at += 1;
        Some(next)
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let mut taken = String::new();
        while let Some(c) = self.peek(0).filter(|&c| wanted(c)) {
            taken.push(c);
            self.at += 1;
        }
        taken
    }

    fn skip_blank(&mut self) {
        loop {
            self.take_while(char::is_whitespace);
            if self.peek(0) != Some('/') || self.peek(1) != Some('/') {
                return;
            }
            self.take_while(|c| c != '\n');
        }
    }

    fn token(&mut self) -> Result<Token, ExprError> {
        let Some(first) = self.peek(0) else { return Ok(Token::End) };
        match first {
            '0'..='9' => return self.number(),
            '.' if self.peek(1).is_some_and(|c| c.is_ascii_digit()) => return self.number(),
            '"' | '\'' => return self.quoted(false),
            'r' | 'R' if matches!(self.peek(1), Some('"' | '\'')) => {
                self.at += 1;
                return self.quoted(true);
            }
            'b' | 'B' if matches!(self.peek(1), Some('"' | '\'')) => {
                return Err(self.unsupported("bytes are not used here; leave the b before the quote out"));
            }
            c if c.is_ascii_alphabetic() || c == '_' => {
                return Ok(Token::Name(self.take_while(|c| c.is_ascii_alphanumeric() || c == '_')));
            }
            _ => {}
        }
        self.sign(first)
    }

    fn sign(&mut self, first: char) -> Result<Token, ExprError> {
        let (token, length) = match (first, self.peek(1)) {
            ('&', Some('&')) => (Token::And, 2),
            ('|', Some('|')) => (Token::Or, 2),
            ('=', Some('=')) => (Token::Operator(Operator::Equal), 2),
            ('!', Some('=')) => (Token::Operator(Operator::NotEqual), 2),
            ('<', Some('=')) => (Token::Operator(Operator::LessOrEqual), 2),
            ('>', Some('=')) => (Token::Operator(Operator::GreaterOrEqual), 2),
            ('<', _) => (Token::Operator(Operator::Less), 1),
            ('>', _) => (Token::Operator(Operator::Greater), 1),
            ('+', _) => (Token::Operator(Operator::Add), 1),
            ('*', _) => (Token::Operator(Operator::Multiply), 1),
            ('/', _) => (Token::Operator(Operator::Divide), 1),
            ('-', _) => (Token::Minus, 1),
            ('!', _) => (Token::Not, 1),
            ('?', _) => (Token::Question, 1),
            (':', _) => (Token::Colon, 1),
            (',', _) => (Token::Comma, 1),
            ('.', _) => (Token::Dot, 1),
            ('(', _) => (Token::Open, 1),
            (')', _) => (Token::Close, 1),
            ('[', _) => (Token::OpenList, 1),
            (']', _) => (Token::CloseList, 1),
            ('=', _) => return Err(self.wrong("a comparison is written ==")),
            ('&', _) => return Err(self.wrong("\"and\" is written &&")),
            ('|', _) => return Err(self.wrong("\"or\" is written ||")),
            ('~', _) => return Err(self.unsupported("~ is not part of the language: full text is searched by q")),
            ('%', _) => return Err(self.unsupported("% is not part of the language: a tenth is * 0.1")),
            ('{' | '}', _) => return Err(self.unsupported("maps are not part of the language")),
            _ => return Err(self.wrong(format!("{first:?} cannot stand here; texts are written in quotes"))),
        };
        self.at += length;
        Ok(token)
    }

    fn number(&mut self) -> Result<Token, ExprError> {
        let start = self.at;
        if self.peek(0) == Some('0') && matches!(self.peek(1), Some('x' | 'X')) {
            self.at += 2;
            let digits = self.take_while(|c| c.is_ascii_hexdigit());
            return match u64::from_str_radix(&digits, 16) {
                Ok(number) => self.end_of_number(Token::Int(number), start),
                Err(_) => Err(too_large(start)),
            };
        }
        let whole = self.take_while(|c| c.is_ascii_digit());
        let mut fraction = String::new();
        let mut exact = true;
        if self.peek(0) == Some('.') && self.peek(1).is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
            fraction = self.take_while(|c| c.is_ascii_digit());
            exact = false;
        }
        let exponent = self.exponent()?;
        let token = if exact && exponent.is_none() {
            Token::Int(whole.parse().map_err(|_| too_large(start))?)
        } else {
            decimal(&whole, &fraction, exponent.unwrap_or(0)).ok_or_else(|| too_large(start))?
        };
        self.end_of_number(token, start)
    }

    fn exponent(&mut self) -> Result<Option<i32>, ExprError> {
        if !matches!(self.peek(0), Some('e' | 'E')) {
            return Ok(None);
        }
        let start = self.at;
        self.at += 1;
        let negative = self.peek(0) == Some('-');
        if matches!(self.peek(0), Some('+' | '-')) {
            self.at += 1;
        }
        let digits = self.take_while(|c| c.is_ascii_digit());
        match digits.parse::<i32>() {
            Ok(exponent) if exponent <= 100 => Ok(Some(if negative { -exponent } else { exponent })),
            _ => Err(ExprError::new(ErrorCode::Syntax, "the exponent of a number is wrong", start)),
        }
    }

    /// A number is not followed by letters: `12abc` and CEL's unsigned `12u` are refused.
    fn end_of_number(&self, token: Token, start: usize) -> Result<Token, ExprError> {
        match self.peek(0) {
            Some('u' | 'U') => Err(self.unsupported("numbers have no u here")),
            Some(c) if c.is_alphanumeric() || c == '_' => Err(ExprError::new(
                ErrorCode::Syntax,
                "letters follow the number; texts and ids are written in quotes",
                start,
            )),
            _ => Ok(token),
        }
    }

    fn quoted(&mut self, raw: bool) -> Result<Token, ExprError> {
        let start = self.at;
        let quote = self.next().unwrap_or('"');
        let triple = self.peek(0) == Some(quote) && self.peek(1) == Some(quote);
        if triple {
            self.at += 2;
        }
        let mut text = String::new();
        loop {
            let at = self.at;
            let Some(c) = self.next() else {
                return Err(ExprError::new(ErrorCode::Syntax, "the text that begins here has no closing quote", start));
            };
            match c {
                _ if c == quote && !triple => break,
                _ if c == quote && self.peek(0) == Some(quote) && self.peek(1) == Some(quote) => {
                    self.at += 2;
                    break;
                }
                '\n' if !triple => {
                    return Err(ExprError::new(
                        ErrorCode::Syntax,
                        "the text that begins here has no closing quote",
                        start,
                    ));
                }
                '\\' if !raw => text.push(self.escape(at)?),
                _ => text.push(c),
            }
        }
        // Neither database keeps this character.
        if text.contains('\0') {
            return Err(ExprError::new(ErrorCode::InvalidLiteral, "the character U+0000 cannot be in a text", start));
        }
        Ok(Token::Text(text))
    }

    fn escape(&mut self, at: usize) -> Result<char, ExprError> {
        let unknown = || ExprError::new(ErrorCode::Syntax, "unknown escape; a backslash itself is written \\\\", at);
        let letter = self.next().ok_or_else(unknown)?;
        let (digits, radix) = match letter {
            'n' => return Ok('\n'),
            'r' => return Ok('\r'),
            't' => return Ok('\t'),
            'a' => return Ok('\u{7}'),
            'b' => return Ok('\u{8}'),
            'f' => return Ok('\u{c}'),
            'v' => return Ok('\u{b}'),
            '\\' | '"' | '\'' | '`' | '?' => return Ok(letter),
            'x' | 'X' => (2, 16),
            'u' => (4, 16),
            'U' => (8, 16),
            '0'..='3' => {
                self.at -= 1;
                (3, 8)
            }
            _ => return Err(unknown()),
        };
        let mut code = 0_u32;
        for _ in 0..digits {
            let digit = self.next().and_then(|c| c.to_digit(radix)).ok_or_else(unknown)?;
            code = code.checked_mul(radix).and_then(|code| code.checked_add(digit)).ok_or_else(unknown)?;
        }
        char::from_u32(code).ok_or_else(unknown)
    }

    fn wrong(&self, message: impl Into<String>) -> ExprError {
        ExprError::new(ErrorCode::Syntax, message, self.at)
    }

    fn unsupported(&self, message: &str) -> ExprError {
        ExprError::new(ErrorCode::Unsupported, message, self.at)
    }
}

fn too_large(at: usize) -> ExprError {
    ExprError::new(ErrorCode::InvalidLiteral, "the number has too many digits: 18 fit", at)
}

/// `whole.fraction × 10^exponent`, exactly.
fn decimal(whole: &str, fraction: &str, exponent: i32) -> Option<Token> {
    let mut digits = format!("{whole}{fraction}");
    let mut scale = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
    while scale < 0 {
        digits.push('0');
        scale += 1;
    }
    // Zeros at the end of the fraction do not cost a digit.
    while scale > i32::from(SCALE_LIMIT) && digits.ends_with('0') {
        digits.pop();
        scale -= 1;
    }
    let scale = u8::try_from(scale).ok().filter(|&scale| scale <= SCALE_LIMIT)?;
    let digits = if digits.is_empty() { "0" } else { &digits };
    Some(Token::Decimal { unscaled: digits.parse().ok()?, scale })
}
