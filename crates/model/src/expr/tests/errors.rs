//! What is refused, with its code and its place.

use rstest::rstest;

use super::World;
use crate::expr::{ErrorCode, Want};

#[rstest]
#[case("", ErrorCode::Syntax, 0)]
#[case("name == ", ErrorCode::Syntax, 8)]
#[case("name = \"x\"", ErrorCode::Syntax, 5)]
#[case("имя == 1", ErrorCode::Syntax, 0)]
#[case("(seats == 1", ErrorCode::Syntax, 11)]
#[case("seats == 1 seats", ErrorCode::Syntax, 11)]
#[case("\"Казань\" == name and paid", ErrorCode::Syntax, 17)]
#[case("name == \"x", ErrorCode::Syntax, 8)]
#[case("name == \"\\q\"", ErrorCode::Syntax, 9)]
#[case("seats == 12abc", ErrorCode::Syntax, 9)]
#[case("name ~ \"x\"", ErrorCode::Unsupported, 5)]
#[case("seats % 2 == 1", ErrorCode::Unsupported, 6)]
#[case("seats / 0 == 1", ErrorCode::WrongType, 6)]
#[case("seats / amount == 1", ErrorCode::WrongType, 6)]
#[case("amount * amount == 1", ErrorCode::WrongType, 7)]
#[case("labels[0] == \"vip\"", ErrorCode::Unsupported, 6)]
#[case("labels.map(t, t)", ErrorCode::Unsupported, 7)]
#[case("seats == 9223372036854775808", ErrorCode::InvalidLiteral, 9)]
#[case("seats == 1.1234567890123456789", ErrorCode::InvalidLiteral, 9)]
#[case("nmae == 1", ErrorCode::UnknownField, 0)]
#[case("account.ctiy == \"x\"", ErrorCode::UnknownField, 8)]
#[case("account.owner == me()", ErrorCode::UnknownField, 8)]
#[case("name.length == 1", ErrorCode::UnknownField, 5)]
#[case("owner.name == \"x\"", ErrorCode::UnknownField, 6)]
#[case("account.parent.parent.parent.parent.city == \"x\"", ErrorCode::TooDeep, 36)]
#[case("paid && containz(name, \"x\")", ErrorCode::UnknownFunction, 8)]
#[case("seats == \"много\"", ErrorCode::InvalidLiteral, 9)]
#[case("seats == name", ErrorCode::WrongType, 6)]
#[case("paid == 1", ErrorCode::WrongType, 5)]
#[case("account > \"00000000-0000-0000-0000-000000000001\"", ErrorCode::WrongType, 8)]
#[case("account == \"x\"", ErrorCode::InvalidLiteral, 11)]
#[case("close_date > \"05.11.2026\"", ErrorCode::InvalidLiteral, 13)]
#[case("called_at > \"2026-11-05 10:00\"", ErrorCode::InvalidLiteral, 12)]
#[case("called_at > close_date", ErrorCode::WrongType, 12)]
#[case("duration(\"P1M\") == duration(\"P1D\")", ErrorCode::InvalidLiteral, 9)]
#[case("wait < \"P2D\"", ErrorCode::WrongType, 5)]
#[case("labels == marks", ErrorCode::WrongType, 7)]
#[case("labels.contains(\"vip\")", ErrorCode::WrongType, 0)]
#[case("seats.contains(\"1\")", ErrorCode::WrongType, 0)]
#[case("notes.contains(\"x\")", ErrorCode::NotSearchable, 0)]
#[case("raw == \"x\"", ErrorCode::NotSearchable, 4)]
#[case("amount + 1 > 2", ErrorCode::WrongType, 7)]
#[case("rate * rate * rate * rate * rate > 1", ErrorCode::WrongType, 26)]
#[case("owner == my_team()", ErrorCode::WrongArguments, 9)]
#[case("has(1)", ErrorCode::WrongArguments, 0)]
#[case("now(1) == null", ErrorCode::WrongArguments, 0)]
#[case("date(name) == null", ErrorCode::WrongArguments, 5)]
#[case("shows(seats, \"full\")", ErrorCode::WrongArguments, 0)]
#[case("shows(name, \"half\")", ErrorCode::WrongArguments, 0)]
#[case("shows(\"x\", \"full\")", ErrorCode::WrongArguments, 0)]
#[case("labels.exists(1, true)", ErrorCode::WrongArguments, 14)]
#[case("seats", ErrorCode::NotACondition, 0)]
#[case("paid && name", ErrorCode::NotACondition, 8)]
#[case("!seats", ErrorCode::NotACondition, 1)]
#[case("labels.exists(t, t)", ErrorCode::NotACondition, 17)]
#[case("guests == \"x\"", ErrorCode::WrongType, 7)]
#[case("guests < null", ErrorCode::WrongType, 7)]
#[case("guests == nobody", ErrorCode::WrongType, 7)]
#[case("guests.city == \"x\"", ErrorCode::UnknownField, 7)]
#[case("guests.exists(g, g.ctiy == \"x\")", ErrorCode::UnknownField, 19)]
#[case("(paid ? guests : nobody).exists(g, g.city == \"x\")", ErrorCode::UnknownField, 37)]
#[case("guests.exists(g, g.parent.parent.parent.parent.city == \"x\")", ErrorCode::TooDeep, 47)]
#[case("guests.exists(g, g)", ErrorCode::NotACondition, 17)]
#[case("guests.contains(\"x\")", ErrorCode::WrongType, 0)]
#[case("\"x\" in guests", ErrorCode::InvalidLiteral, 0)]
#[case("seats in guests", ErrorCode::WrongType, 6)]
#[case("guests", ErrorCode::NotACondition, 0)]
#[case("seats in 1", ErrorCode::WrongType, 6)]
#[case("(paid ? 1 : \"x\") == 1", ErrorCode::InvalidLiteral, 12)]
#[case("name == \"\\000\"", ErrorCode::InvalidLiteral, 8)]
fn refused(#[case] expression: &str, #[case] code: ErrorCode, #[case] position: usize) {
    let error = World::new().compile(expression, Want::Bool).unwrap_err();
    assert_eq!((error.code, error.position), (code, Some(position)), "{expression}: {error}");
}

#[rstest]
#[case("nmae == \"x\"", "is \"name\" meant?")]
#[case("closedate == null", "is \"close_date\" meant?")]
#[case("name.startswith(\"x\")", "is \"startsWith\" meant?")]
#[case("notes.contains(\"x\")", "found by q")]
#[case("name & paid", "written &&")]
fn says_what_would_be_right(#[case] expression: &str, #[case] part: &str) {
    let error = World::new().compile(expression, Want::Bool).unwrap_err();
    assert!(error.message.contains(part), "{error}");
}

#[test]
fn a_value_may_be_wanted() {
    assert!(World::new().compile("seats", Want::Any).is_ok());
}
