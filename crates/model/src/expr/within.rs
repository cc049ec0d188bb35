//! Values inside JSON, of which nobody has said beforehand what is in it: what is not of the kind that is asked for is null.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::Inside;
use super::calendar::shift_instant;
use crate::Value;

/// Decimals of a number that is read out of JSON.
pub(super) const WITHIN_SCALE: u8 = 4;
/// Characters of a text that are read.
const LONGEST: usize = 4_000;

/// The value at the end of the way.
pub(super) fn within(wanted: Inside, json: &Json, way: &[String]) -> Option<Value> {
    let mut at = json;
    for part in way {
        at = match at {
            Json::Object(object) => object.get(part)?,
            Json::Array(items) => items.get(part.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    let said = match at {
        Json::String(text) => Some(text.trim().to_owned()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    };
    match wanted {
        Inside::Text => {
            let text: String = said?.chars().filter(|sign| *sign != '\0').take(LONGEST).collect();
            (!text.is_empty()).then_some(Value::Text(text))
        }
        Inside::Number => Some(Value::Decimal { unscaled: decimal(&said?)?, scale: WITHIN_SCALE }),
        Inside::Whole => said?.parse().ok().map(Value::Int),
        Inside::Flag => at.as_bool().map(Value::Bool),
        Inside::Moment => {
            let moment: Timestamp = said?.parse().ok()?;
            // Kept to the microsecond, like every instant of a record.
            shift_instant(moment, 0).map(Value::Instant)
        }
    }
}

/// A number in units of its last decimal; nothing where it has more of them, or is written in another way.
fn decimal(text: &str) -> Option<i64> {
    let (digits, is_negative) = match text.strip_prefix('-') {
        Some(digits) => (digits, true),
        None => (text, false),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let part = part.trim_end_matches('0');
    let scale = usize::from(WITHIN_SCALE);
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !are_digits(whole) || !are_digits(part) || part.len() > scale {
        return None;
    }
    let unscaled: i64 = format!("{whole}{part:0<scale$}").parse().ok()?;
    Some(if is_negative { -unscaled } else { unscaled })
}
