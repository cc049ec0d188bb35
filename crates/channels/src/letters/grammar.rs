//! What templates may say. Fuel counts steps, and one step can double what a name holds: a few dozen of them fill any
//! memory. So nothing may grow from turn to turn of a loop, nothing holds other things by construction, and texts are
//! joined a few times. What is left makes of a record not much more than it is.

use minijinja::machinery::{Token, tokenize};
use minijinja::syntax::SyntaxConfig;

/// How often one template joins texts (`~`, `+`): each time may double what a name holds.
const JOINS: usize = 8;
/// Names that one template gives to values (`set`).
const NAMES: usize = 64;
/// Words and signs between the braces: the engine goes as deep as an expression is long.
const SIGNS: usize = 200;

/// The first line of a template that says what none may, and why. What cannot be read at all the engine tells.
pub(super) fn refused(source: &str) -> Option<(usize, String)> {
    let mut reading = Reading::default();
    for token in tokenize(source, false, SyntaxConfig::default()) {
        let (token, span) = token.ok()?;
        if let Err(why) = reading.take(&token) {
            return Some((span.start_line as usize, why));
        }
    }
    None
}

/// What a bracket that is open stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bracket {
    Call,
    Group,
    Index,
    List,
}

/// How far a template is read.
#[derive(Default)]
struct Reading<'a> {
    /// What the tag at hand does; none in an expression and before its first word.
    statement: Option<&'a str>,
    is_begun: bool,
    signs: usize,
    assigns: bool,
    brackets: Vec<Bracket>,
    /// Whether the token before is a value, so that a bracket calls it or looks into it.
    after_value: bool,
    loops: usize,
    joins: usize,
    names: usize,
}

impl<'a> Reading<'a> {
    fn take(&mut self, token: &Token<'a>) -> Result<(), String> {
        match token {
            Token::TemplateData(_) => return Ok(()),
            Token::VariableStart | Token::BlockStart => {
                (self.statement, self.is_begun, self.signs) = (None, matches!(token, Token::VariableStart), 0);
                (self.assigns, self.after_value) = (false, false);
                self.brackets.clear();
                return Ok(());
            }
            Token::BlockEnd if self.statement == Some("set") && !self.assigns => {
                return Err("a block cannot be kept under a name: write `{% set name = … %}`".to_owned());
            }
            Token::VariableEnd | Token::BlockEnd => return Ok(()),
            _ => {}
        }
        self.signs += 1;
        if self.signs > SIGNS {
            return Err(format!("more than {SIGNS} words and signs between two braces"));
        }
        if let (false, Token::Ident(name)) = (self.is_begun, token) {
            self.is_begun = true;
            return self.begin(name);
        }
        let after_value = std::mem::replace(&mut self.after_value, is_value(token));
        self.sign(token, after_value)
    }

    /// The word that says what a tag does.
    fn begin(&mut self, name: &'a str) -> Result<(), String> {
        self.statement = Some(name);
        match name {
            "if" | "elif" | "else" | "endif" => {}
            "for" => self.loops += 1,
            "endfor" => self.loops = self.loops.saturating_sub(1),
            "set" if self.loops > 0 => return Err("`set` stands outside of loops".to_owned()),
            "set" => {
                self.names += 1;
                if self.names > NAMES {
                    return Err(format!("more than {NAMES} times `set`"));
                }
            }
            _ => return Err(format!("`{name}` cannot stand here: templates know `if`, `for` and `set`")),
        }
        Ok(())
    }

    fn sign(&mut self, token: &Token<'a>, after_value: bool) -> Result<(), String> {
        let inside = self.brackets.last().copied();
        if inside == Some(Bracket::List) && !stands_in_list(token) {
            return Err("a list is of words and numbers".to_owned());
        }
        match token {
            Token::Tilde | Token::Plus => {
                self.joins += 1;
                if self.joins > JOINS {
                    return Err(format!(
                        "more than {JOINS} times `~` or `+`: put texts beside each other, {{{{ a }}}}{{{{ b }}}}"
                    ));
                }
            }
            Token::Mul | Token::Pow => return Err("`*` multiplies texts as well and cannot stand here".to_owned()),
            Token::BraceOpen => return Err("templates make no maps".to_owned()),
            Token::BracketOpen => self.brackets.push(if after_value { Bracket::Index } else { Bracket::List }),
            Token::ParenOpen => self.brackets.push(if after_value { Bracket::Call } else { Bracket::Group }),
            Token::BracketClose | Token::ParenClose => drop(self.brackets.pop()),
            Token::Assign if inside.is_none() => self.assigns = true,
            Token::Ident("in") if inside.is_none() && self.statement == Some("for") => self.assigns = true,
            Token::Ident("recursive") if self.statement == Some("for") => {
                return Err("loops do not call themselves".to_owned());
            }
            // Between the targets of a loop, arguments, and words of a list; else it makes a tuple.
            Token::Comma => {
                let names_targets = inside.is_none() && self.statement == Some("for") && !self.assigns;
                if !names_targets && !matches!(inside, Some(Bracket::Call | Bracket::List)) {
                    return Err("`,` cannot stand here".to_owned());
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn is_value(token: &Token<'_>) -> bool {
    match token {
        Token::Ident(name) => !matches!(*name, "in" | "not" | "and" | "or" | "if" | "else" | "is"),
        Token::Str(_) | Token::String(_) | Token::BracketClose | Token::ParenClose => true,
        _ => false,
    }
}

fn stands_in_list(token: &Token<'_>) -> bool {
    match token {
        Token::Ident(name) => matches!(*name, "true" | "false" | "none"),
        Token::Str(_) | Token::String(_) | Token::Int(_) | Token::Float(_) => true,
        Token::Comma | Token::Minus | Token::BracketClose => true,
        _ => false,
    }
}
