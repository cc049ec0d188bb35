//! Reads the words of an expression into a tree, by the grammar of CEL. The depth is bounded, and so is the stack.

use super::lexer::{Token, tokens};
use super::syntax::{Form, Operator, Syntax};
use super::{DEPTH_LIMIT, ErrorCode, ExprError};

/// The tree of `text`.
pub(super) fn parse(text: &str) -> Result<Syntax, ExprError> {
    let mut parser = Parser { tokens: tokens(text)?.into_iter().peekable(), depth: 0 };
    if parser.peek() == &Token::End {
        return Err(parser.expected("an expression"));
    }
    let tree = parser.expression()?;
    match parser.peek() {
        Token::End => Ok(tree),
        _ => Err(parser.expected("an operator or the end")),
    }
}

struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<(usize, Token)>>,
    depth: usize,
}

impl Parser {
    fn peek(&mut self) -> &Token {
        self.tokens.peek().map_or(&Token::End, |(_, token)| token)
    }

    fn at(&mut self) -> usize {
        self.tokens.peek().map_or(0, |(at, _)| *at)
    }

    /// The next word; the end is never taken.
    fn next(&mut self) -> Token {
        self.tokens.next_if(|(_, token)| *token != Token::End).map_or(Token::End, |(_, token)| token)
    }

    fn take(&mut self, token: &Token) -> bool {
        self.tokens.next_if(|(_, next)| next == token).is_some()
    }

    fn demand(&mut self, token: &Token, sign: &str) -> Result<(), ExprError> {
        if self.take(token) { Ok(()) } else { Err(self.expected(sign)) }
    }

    fn expected(&mut self, what: &str) -> ExprError {
        let found = match self.peek() {
            Token::End => "the expression ends here",
            Token::Text(_) => "a text stands here",
            Token::Int(_) | Token::Decimal { .. } => "a number stands here",
            Token::Name(_) => "a name stands here",
            _ => "something else stands here",
        };
        let message = format!("{what} is expected, and {found}");
        ExprError::new(ErrorCode::Syntax, message, self.at())
    }

    fn enter(&mut self) -> Result<(), ExprError> {
        self.depth += 1;
        if self.depth > DEPTH_LIMIT { Err(too_deep(self.at())) } else { Ok(()) }
    }

    /// Every recursion of the parser comes through here or through [`Parser::unary`].
    fn expression(&mut self) -> Result<Syntax, ExprError> {
        self.enter()?;
        let condition = self.any()?;
        let at = self.at();
        let tree = if self.take(&Token::Question) {
            let then = self.any()?;
            self.demand(&Token::Colon, "the : of ?:")?;
            let otherwise = self.expression()?;
            let depth = depth_of([&condition, &then, &otherwise]);
            node(at, depth, Form::If(Box::new([condition, then, otherwise])))?
        } else {
            condition
        };
        self.depth -= 1;
        Ok(tree)
    }

    fn any(&mut self) -> Result<Syntax, ExprError> {
        self.chain(&Token::Or, Self::all, Form::Any)
    }

    fn all(&mut self) -> Result<Syntax, ExprError> {
        self.chain(&Token::And, Self::relation, Form::All)
    }

    fn chain(
        &mut self,
        joint: &Token,
        part: fn(&mut Self) -> Result<Syntax, ExprError>,
        form: fn(Vec<Syntax>) -> Form,
    ) -> Result<Syntax, ExprError> {
        let first = part(self)?;
        let at = self.at();
        let mut parts = vec![first];
        while self.take(joint) {
            parts.push(part(self)?);
        }
        match parts.len() {
            1 => parts.pop().ok_or_else(|| self.expected("an expression")),
            _ => node(at, depth_of(&parts), form(parts)),
        }
    }

    fn relation(&mut self) -> Result<Syntax, ExprError> {
        let mut left = self.sum()?;
        loop {
            let at = self.at();
            let operator = match self.peek() {
                Token::Operator(Operator::Add | Operator::Multiply | Operator::Divide) => return Ok(left),
                Token::Operator(operator) => *operator,
                Token::Name(name) if name == "in" => Operator::In,
                _ => return Ok(left),
            };
            self.next();
            let right = self.sum()?;
            left = binary(at, operator, left, right)?;
        }
    }

    fn sum(&mut self) -> Result<Syntax, ExprError> {
        let mut left = self.product()?;
        loop {
            let at = self.at();
            let operator = match self.peek() {
                Token::Operator(Operator::Add) => Operator::Add,
                Token::Minus => Operator::Subtract,
                _ => return Ok(left),
            };
            self.next();
            let right = self.product()?;
            left = binary(at, operator, left, right)?;
        }
    }

    fn product(&mut self) -> Result<Syntax, ExprError> {
        let mut left = self.unary()?;
        loop {
            let at = self.at();
            let operator = match self.peek() {
                Token::Operator(operator @ (Operator::Multiply | Operator::Divide)) => *operator,
                _ => return Ok(left),
            };
            self.next();
            let right = self.unary()?;
            left = binary(at, operator, left, right)?;
        }
    }

    fn unary(&mut self) -> Result<Syntax, ExprError> {
        let at = self.at();
        let form: fn(Box<Syntax>) -> Form = match self.peek() {
            Token::Not => Form::Not,
            Token::Minus => Form::Negate,
            _ => return self.member(),
        };
        let minus = self.next() == Token::Minus;
        if minus && let Token::Int(number) = *self.peek() {
            let value = 0_i64.checked_sub_unsigned(number).ok_or_else(|| too_large(at))?;
            self.next();
            return self.members(node(at, 1, Form::Int(value))?);
        }
        self.enter()?;
        let operand = self.unary()?;
        self.depth -= 1;
        node(at, operand.depth + 1, form(Box::new(operand)))
    }

    fn member(&mut self) -> Result<Syntax, ExprError> {
        let first = self.primary()?;
        self.members(first)
    }

    fn members(&mut self, mut of: Syntax) -> Result<Syntax, ExprError> {
        loop {
            let at = self.at();
            if self.peek() == &Token::OpenList {
                let message = "x[…] is not part of the language: lists are asked with in, exists and all";
                return Err(ExprError::new(ErrorCode::Unsupported, message, at));
            }
            if !self.take(&Token::Dot) {
                return Ok(of);
            }
            let at = self.at();
            let Token::Name(name) = self.next() else {
                return Err(ExprError::new(ErrorCode::Syntax, "a name is expected after the point", at));
            };
            of = if self.take(&Token::Open) {
                let arguments = self.list(&Token::Close, ")")?;
                let depth = depth_of(arguments.iter().chain([&of]));
                node(at, depth, Form::Method(Box::new(of), name, arguments))?
            } else {
                node(at, of.depth + 1, Form::Select(Box::new(of), name))?
            };
        }
    }

    fn primary(&mut self) -> Result<Syntax, ExprError> {
        let at = self.at();
        let form = match self.peek() {
            Token::Open => {
                self.next();
                let inner = self.expression()?;
                self.demand(&Token::Close, "a closing bracket")?;
                return Ok(inner);
            }
            Token::OpenList => {
                self.next();
                let items = self.list(&Token::CloseList, "]")?;
                return node(at, depth_of(&items), Form::List(items));
            }
            Token::Name(name) if name == "in" => return Err(self.expected("a value")),
            Token::Name(_) | Token::Text(_) | Token::Int(_) | Token::Decimal { .. } => match self.next() {
                Token::Name(name) if self.take(&Token::Open) => {
                    let arguments = self.list(&Token::Close, ")")?;
                    return node(at, depth_of(&arguments), Form::Call(name, arguments));
                }
                Token::Name(name) => match name.as_str() {
                    "null" => Form::Null,
                    "true" => Form::Bool(true),
                    "false" => Form::Bool(false),
                    _ => Form::Name(name),
                },
                Token::Text(text) => Form::Text(text),
                Token::Decimal { unscaled, scale } => Form::Decimal { unscaled, scale },
                Token::Int(number) => Form::Int(i64::try_from(number).map_err(|_| too_large(at))?),
                _ => return Err(self.expected("a value")),
            },
            _ => return Err(self.expected("a value")),
        };
        node(at, 1, form)
    }

    /// What stands between brackets, parted by commas; a comma may end it.
    fn list(&mut self, close: &Token, sign: &str) -> Result<Vec<Syntax>, ExprError> {
        let mut items = Vec::new();
        while !self.take(close) {
            items.push(self.expression()?);
            if !self.take(&Token::Comma) {
                self.demand(close, &format!("a comma or {sign}"))?;
                break;
            }
        }
        Ok(items)
    }
}

fn depth_of<'a>(parts: impl IntoIterator<Item = &'a Syntax>) -> usize {
    1 + parts.into_iter().map(|part| part.depth).max().unwrap_or(0)
}

/// The tree may not be deeper than the parser may recurse: whoever walks it recurses as well.
fn node(at: usize, depth: usize, form: Form) -> Result<Syntax, ExprError> {
    if depth > DEPTH_LIMIT { Err(too_deep(at)) } else { Ok(Syntax { at, depth, form }) }
}

fn binary(at: usize, operator: Operator, left: Syntax, right: Syntax) -> Result<Syntax, ExprError> {
    let depth = depth_of([&left, &right]);
    node(at, depth, Form::Binary(operator, Box::new(left), Box::new(right)))
}

fn too_deep(at: usize) -> ExprError {
    let message = format!("an expression nests at most {DEPTH_LIMIT} deep: split it, or use && and || chains");
    ExprError::new(ErrorCode::TooDeep, message, at)
}

fn too_large(at: usize) -> ExprError {
    ExprError::new(ErrorCode::InvalidLiteral, "the number does not fit into 64 bits", at)
}
