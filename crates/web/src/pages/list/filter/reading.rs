//! Conditions read back. What is written otherwise than the form writes it is nothing that the form could show.

use jiff::civil::Date;
use model::expr::{self, Token, Word};

use super::condition::{Condition, ME, Operator, canonical};
use super::fields::Fields;
use super::sort::{Sort, Values, sort};
use super::stretch::Stretch;

/// What stands beside a field.
enum Literal {
    Me,
    Yes(bool),
    Number(String),
    Text(String),
}

/// The condition that a part of a filter is.
pub(super) fn condition(text: &str, fields: &Fields) -> Option<Condition> {
    let found = read(&with_paths(expr::words(text).ok()?, fields), fields)?;
    // What does not fit the field is refused by the language as well, or means something else.
    found.written(fields).map(|_| found)
}

/// The words, in which a path through a link is one name, so that it is read as a field is.
fn with_paths(words: Vec<Word>, fields: &Fields) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::with_capacity(words.len());
    let mut coming = words.into_iter().map(|word| word.token).peekable();
    while let Some(token) = coming.next() {
        let path = match (tokens.as_slice(), &token) {
            // What stands before a bracket is a function.
            ([.., Token::Name(link), Token::Dot], Token::Name(name)) if coming.peek() != Some(&Token::Open) => {
                fields.path(link, name)
            }
            _ => None,
        };
        match path {
            Some(path) => {
                tokens.truncate(tokens.len().saturating_sub(2));
                tokens.push(Token::Name(path));
            }
            None => tokens.push(token),
        }
    }
    tokens
}

fn made(field: &str, operator: Operator, values: Vec<String>) -> Option<Condition> {
    Some(Condition { field: field.to_owned(), operator, values })
}

fn sort_of(fields: &Fields, path: &str) -> Option<Sort> {
    fields.field(path).map(|field| sort(&field))
}

fn read(tokens: &[Token], fields: &Fields) -> Option<Condition> {
    use Token::{Close, Dot, Name, Not, Open, Text};
    if let Some((field, stretch)) = Stretch::read(tokens, |name| sort_of(fields, name)) {
        return made(&field, Operator::Within, vec![stretch.to_string()]);
    }
    match tokens {
        [Name(has), Open, Name(field), Close] if has == "has" => made(field, Operator::Filled, Vec::new()),
        [Not, Name(has), Open, Name(field), Close] if has == "has" => made(field, Operator::Empty, Vec::new()),
        [Name(field), Dot, Name(test), Open, Text(value), Close] => {
            let operator = match test.as_str() {
                "contains" => Operator::Contains,
                "startsWith" => Operator::Starts,
                "endsWith" => Operator::Ends,
                _ => return None,
            };
            made(field, operator, vec![value.clone()])
        }
        [Not, Name(field), Dot, Name(test), Open, Text(value), Close] if test == "contains" => {
            made(field, Operator::Lacks, vec![value.clone()])
        }
        [Name(field), Token::Operator(_), ..] if sort_of(fields, field)? == Sort::YesNo => yes_or_no(tokens),
        [Name(field), Token::Operator(operator), value @ ..] => compared(fields, field, *operator, value),
        [Name(field), Name(within), value @ ..] if within == "in" => listed(fields, field, value, Operator::Is),
        [Not, Open, Name(field), Name(within), value @ .., Close] if within == "in" => {
            listed(fields, field, value, Operator::IsNot)
        }
        [Text(_), ..] => held(tokens),
        [Open, Name(_), Dot, inside @ .., Close] => about(tokens.get(1)?, inside, Operator::Is),
        [Not, Open, Name(_), Dot, inside @ .., Close] => about(tokens.get(2)?, inside, Operator::IsNot),
        [Open, Name(field), inside @ .., Close] => between(fields, field, inside),
        [Open, inside @ .., Close] => held(inside),
        [Not, Open, inside @ .., Close] => none_held(inside),
        _ => None,
    }
}

/// A box that was never touched is not ticked.
fn yes_or_no(tokens: &[Token]) -> Option<Condition> {
    let [Token::Name(field), Token::Operator(operator), Token::Name(yes)] = tokens else { return None };
    let is_ticked = match operator {
        expr::Operator::Equal => true,
        expr::Operator::NotEqual => false,
        _ => return None,
    };
    if yes == "true" { made(field, Operator::Is, vec![is_ticked.to_string()]) } else { None }
}

fn compared(fields: &Fields, field: &str, operator: expr::Operator, value: &[Token]) -> Option<Condition> {
    let value = literal(value)?.value(sort_of(fields, field)?)?;
    made(field, comparison(operator)?, vec![value])
}

fn comparison(operator: expr::Operator) -> Option<Operator> {
    match operator {
        expr::Operator::Equal => Some(Operator::Is),
        expr::Operator::NotEqual => Some(Operator::IsNot),
        expr::Operator::Less => Some(Operator::Less),
        expr::Operator::LessOrEqual => Some(Operator::AtMost),
        expr::Operator::Greater => Some(Operator::More),
        expr::Operator::GreaterOrEqual => Some(Operator::AtLeast),
        _ => None,
    }
}

/// `field in […]`, or in one's team.
fn listed(fields: &Fields, field: &str, value: &[Token], operator: Operator) -> Option<Condition> {
    match value {
        [Token::Name(team), Token::Open, Token::Close] if team == "my_team" && operator == Operator::Is => {
            made(field, Operator::MyTeam, Vec::new())
        }
        [Token::OpenList, items @ .., Token::CloseList] => {
            let sort = sort_of(fields, field)?;
            let items = items.split(|token| *token == Token::Comma);
            let values: Option<Vec<String>> = items.map(|item| literal(item)?.value(sort)).collect();
            made(field, operator, values?)
        }
        _ => None,
    }
}

/// `"a" in field`, or several of them joined in one way.
fn held(tokens: &[Token]) -> Option<Condition> {
    let is_any = tokens.contains(&Token::Or);
    let joint = if is_any { Token::Or } else { Token::And };
    let mut of: Option<&str> = None;
    let mut values = Vec::new();
    for part in tokens.split(|token| *token == joint) {
        let [Token::Text(value), Token::Name(within), Token::Name(field)] = part else { return None };
        if within != "in" || of.is_some_and(|of| of != field) {
            return None;
        }
        of = Some(field);
        values.push(value.clone());
    }
    let operator = if is_any || values.len() == 1 { Operator::Is } else { Operator::AllOf };
    made(of?, operator, values)
}

fn none_held(tokens: &[Token]) -> Option<Condition> {
    let held = held(tokens)?;
    (held.operator == Operator::Is).then_some(Condition { operator: Operator::IsNot, ..held })
}

/// `about.module == "leads" && about == "…"`, from behind the first point.
fn about(first: &Token, inside: &[Token], operator: Operator) -> Option<Condition> {
    use Token::{And, Name, Text};
    const EQUAL: Token = Token::Operator(expr::Operator::Equal);
    let [Name(part), is, Text(module), And, Name(field), same, Text(id)] = inside else { return None };
    let is_so = part == "module" && *first == Name(field.clone()) && *is == EQUAL && *same == EQUAL;
    if is_so { made(field, operator, vec![format!("{module}/{id}")]) } else { None }
}

/// `>= a && field <= b`; of instants, from the beginning of a day to that of another.
fn between(fields: &Fields, field: &str, inside: &[Token]) -> Option<Condition> {
    let sort = sort_of(fields, field)?;
    let cut = inside.iter().position(|token| *token == Token::And)?;
    let (
        [Token::Operator(expr::Operator::GreaterOrEqual), from @ ..],
        [_, Token::Name(again), Token::Operator(below), to @ ..],
    ) = inside.split_at_checked(cut)?
    else {
        return None;
    };
    let (from, to) = (literal(from)?.value(sort)?, literal(to)?.value(sort)?);
    if again != field {
        return None;
    }
    match (sort, below) {
        (Sort::Moment, expr::Operator::Less) => {
            let to = to.parse::<Date>().ok()?.yesterday().ok()?.to_string();
            if from == to {
                made(field, Operator::Is, vec![from])
            } else {
                made(field, Operator::Between, vec![from, to])
            }
        }
        (sort, expr::Operator::LessOrEqual) if sort != Sort::Moment => made(field, Operator::Between, vec![from, to]),
        _ => None,
    }
}

fn literal(tokens: &[Token]) -> Option<Literal> {
    use Token::{Close, Decimal, Int, Minus, Name, Open, Text};
    match tokens {
        [Name(me), Open, Close] if me == "me" => Some(Literal::Me),
        [Name(yes)] if yes == "true" || yes == "false" => Some(Literal::Yes(yes == "true")),
        [Text(text)] => Some(Literal::Text(text.clone())),
        [Int(number)] => Some(Literal::Number(number.to_string())),
        [Minus, Int(number)] => Some(Literal::Number(format!("-{number}"))),
        [Decimal { unscaled, scale }] => Some(Literal::Number(decimal(*unscaled, *scale))),
        [Minus, Decimal { unscaled, scale }] => Some(Literal::Number(format!("-{}", decimal(*unscaled, *scale)))),
        _ => None,
    }
}

fn decimal(unscaled: i64, scale: u8) -> String {
    let scale = usize::from(scale);
    let digits = format!("{unscaled:0>width$}", width = scale + 1);
    match digits.split_at_checked(digits.len() - scale) {
        Some((whole, fraction)) if !fraction.is_empty() => format!("{whole}.{fraction}"),
        _ => digits,
    }
}

impl Literal {
    /// What it is beside a field of that sort.
    fn value(self, sort: Sort) -> Option<String> {
        let text = match (sort, self) {
            (Sort::One(Values::People), Self::Me) => return Some(ME.to_owned()),
            (Sort::YesNo, Self::Yes(yes)) => return Some(yes.to_string()),
            (Sort::Number { .. }, Self::Number(text)) | (_, Self::Text(text)) => text,
            _ => return None,
        };
        // In quotes it is no function.
        if text == ME && sort == Sort::One(Values::People) { None } else { canonical(sort, &text) }
    }
}
