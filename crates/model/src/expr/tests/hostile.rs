//! No text makes the parser panic, overflow the stack or take long.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use rstest::rstest;

use super::World;
use crate::expr::{DEPTH_LIMIT, ErrorCode, TEXT_LIMIT, Want};

#[rstest]
#[case("(")]
#[case("!")]
#[case("[")]
#[case("-")]
#[case("a.")]
#[case("a?")]
#[case("has(")]
#[case("1+")]
#[case("true&&")]
#[case("\"")]
#[case("\\")]
fn long_nests(#[case] part: &str) {
    let world = World::new();
    let long = part.repeat(100_000);
    assert_eq!(world.compile(&long, Want::Bool).unwrap_err().code, ErrorCode::TooLong);
    let started = Instant::now();
    let short = part.repeat(TEXT_LIMIT / part.len());
    assert!(world.compile(&short, Want::Bool).is_err());
    assert!(started.elapsed() < Duration::from_millis(100));
}

#[test]
fn deep_is_refused_and_long_is_not() {
    let world = World::new();
    for (deep, code) in [
        (format!("{}paid{}", "(".repeat(DEPTH_LIMIT), ")".repeat(DEPTH_LIMIT)), ErrorCode::TooDeep),
        (format!("{}paid", "!".repeat(DEPTH_LIMIT)), ErrorCode::TooDeep),
        (format!("seats == {}1", "1 + ".repeat(DEPTH_LIMIT)), ErrorCode::TooDeep),
    ] {
        assert_eq!(world.compile(&deep, Want::Bool).unwrap_err().code, code);
    }
    let chain = vec!["paid"; 500].join(" && ");
    assert!(world.test(&chain));
    let nest = format!("{}paid{}", "(".repeat(DEPTH_LIMIT - 2), ")".repeat(DEPTH_LIMIT - 2));
    assert!(world.test(&nest));
}

/// Words that make something of the grammar more often than letters do.
fn words() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "name",
        "seats",
        "amount",
        "labels",
        "account",
        ".city",
        ".",
        "(",
        ")",
        "[",
        "]",
        ",",
        "&&",
        "||",
        "!",
        "-",
        "==",
        "!=",
        "<",
        ">=",
        "in",
        "+",
        "*",
        "?",
        ":",
        "1",
        "1.5",
        "\"2026-11-01\"",
        "\"Ёлка\"",
        "null",
        "true",
        "has(",
        "size(",
        ".contains(",
        ".exists(t,",
        "t",
        "month(",
        "created_at",
        "now()",
        "me()",
        "my_team()",
        "duration(\"P1D\")",
        " ",
        "//",
        "'",
    ]);
    prop::collection::vec(word, 0..40).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_panics(text in prop_oneof![any::<String>(), "\\PC{0,80}", words()]) {
        let world = World::new();
        match world.compile(&text, Want::Any) {
            Ok(plan) => { world.with(|scope| plan.eval(scope, &world.env)); }
            Err(error) => {
                prop_assert!(error.position.is_none_or(|at| at <= text.chars().count()));
                prop_assert!(!error.message.is_empty());
            }
        }
    }
}

/// Run with `cargo test -p model parse_cost -- --nocapture` to see the figure.
#[test]
fn parse_cost() {
    let world = World::new();
    let text = "amount >= 100000 && stage in [\"negotiation\",\"documents\"] && owner == me()";
    let started = Instant::now();
    for _ in 0..1_000 {
        world.compile(text, Want::Bool).unwrap();
    }
    let each = started.elapsed() / 1_000;
    println!("compiled in {each:?}");
    assert!(each < Duration::from_millis(1), "{each:?}");
}
