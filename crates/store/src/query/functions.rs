//! Functions that SQLite lacks, registered on every connection: exact decimals, moved instants and dates, days in a zone,
//! beginnings of months and the like.
//! PostgreSQL says the same with its own (see `expression`). Null in, null out, except for `decimal_equal`.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::expr::{Arithmetic, MONEY_SCALE, arithmetic, compare, share, shift_date, shift_instant};
use model::{Currency, Period};
use rusqlite::functions::{Aggregate, Context, FunctionFlags};
use rusqlite::{Connection, Result};

/// Adds the functions to a connection.
///
/// # Errors
/// What SQLite says.
pub(crate) fn register(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    for (name, operation) in [
        ("decimal_add", Arithmetic::Add),
        ("decimal_subtract", Arithmetic::Subtract),
        ("decimal_multiply", Arithmetic::Multiply),
        ("decimal_divide", Arithmetic::Divide),
    ] {
        connection.create_scalar_function(name, 5, flags, move |cx| {
            let (left, right, to) = (number(cx, 0)?, number(cx, 2)?, cx.get(4)?);
            Ok(left.zip(right).and_then(|(left, right)| arithmetic(operation, left, right, to)))
        })?;
    }
    for (name, operation) in [("money_times", Arithmetic::Multiply), ("money_part", Arithmetic::Divide)] {
        connection.create_scalar_function(name, 4, flags, move |cx| {
            let (amount, by): (Option<i64>, _) = (cx.get(0)?, number(cx, 2)?);
            let currency = cx.get::<Option<String>>(1)?.and_then(|code| Currency::parse(&code).ok());
            let Some(((amount, by), currency)) = amount.zip(by).zip(currency) else { return Ok(None) };
            Ok(share(operation, amount, by, least_part(currency)))
        })?;
    }
    connection.create_scalar_function("decimal_compare", 4, flags, |cx| {
        let (left, right) = (number(cx, 0)?, number(cx, 2)?);
        Ok(left.zip(right).map(|(left, right)| compare(left, right) as i64))
    })?;
    connection.create_scalar_function("decimal_equal", 4, flags, |cx| {
        Ok(match (number(cx, 0)?, number(cx, 2)?) {
            (Some(left), Some(right)) => compare(left, right).is_eq(),
            (left, right) => left.is_none() && right.is_none(),
        })
    })?;
    connection.create_aggregate_function("exact_sum", 1, flags, Gathered::Sum)?;
    connection.create_aggregate_function("exact_mean", 3, flags, Gathered::Mean)?;
    connection.create_scalar_function("instant_shift", 2, flags, |cx| {
        let (Some(instant), Some(by)) = (cx.get::<Option<i64>>(0)?, cx.get::<Option<i64>>(1)?) else { return Ok(None) };
        let moved = Timestamp::from_microsecond(instant).ok().and_then(|instant| shift_instant(instant, by));
        Ok(moved.map(Timestamp::as_microsecond))
    })?;
    connection.create_scalar_function("date_shift", 2, flags, |cx| {
        let (Some(date), Some(by)) = (cx.get::<Option<String>>(0)?, cx.get::<Option<i64>>(1)?) else { return Ok(None) };
        Ok(date.parse().ok().and_then(|date| shift_date(date, by)).map(|date| date.to_string()))
    })?;
    connection.create_scalar_function("calendar_day", 2, flags, |cx| {
        let Some(micros) = cx.get::<Option<i64>>(0)? else { return Ok(None) };
        let zone = cx.get_or_create_aux(1, |zone| {
            TimeZone::get(zone.as_str()?).map_err(Box::<dyn std::error::Error + Send + Sync>::from)
        })?;
        let instant = Timestamp::from_microsecond(micros).ok();
        Ok(instant.map(|instant| zone.to_datetime(instant).date().to_string()))
    })?;
    connection.create_scalar_function("period_start", 2, flags, |cx| {
        let (Some(day), Some(period)) = (cx.get::<Option<String>>(0)?, Period::read(&cx.get::<String>(1)?)) else {
            return Ok(None);
        };
        Ok(day.parse().ok().map(|day| period.first(day).to_string()))
    })
}

/// The least part of a currency, × 10⁴: what amounts are rounded to.
pub(super) fn least_part(currency: Currency) -> i64 {
    10_i64.pow(u32::from(MONEY_SCALE.saturating_sub(currency.digits())))
}

/// Whole numbers gathered without overflow; what does not fit in the end is null.
#[derive(Clone, Copy)]
enum Gathered {
    /// The sum of the values.
    Sum,
    /// The mean of the values times a factor, rounded half away from zero to a multiple of a unit.
    Mean,
}

/// What has been gathered so far.
#[derive(Clone, Copy, Default)]
struct Gathering {
    sum: i128,
    count: i128,
    factor: i128,
    unit: i128,
}

impl Aggregate<Gathering, Option<i64>> for Gathered {
    fn init(&self, _: &mut Context<'_>) -> Result<Gathering> {
        Ok(Gathering::default())
    }

    fn step(&self, cx: &mut Context<'_>, all: &mut Gathering) -> Result<()> {
        let Some(value) = cx.get::<Option<i64>>(0)? else { return Ok(()) };
        all.sum += i128::from(value);
        all.count += 1;
        if matches!(self, Self::Mean) {
            all.factor = cx.get::<i64>(1)?.into();
            all.unit = cx.get::<i64>(2)?.into();
        }
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, all: Option<Gathering>) -> Result<Option<i64>> {
        let Some(all) = all.filter(|all| all.count > 0) else { return Ok(None) };
        let result = match self {
            Self::Sum => Some(all.sum),
            Self::Mean => mean(all),
        };
        Ok(result.and_then(|value| i64::try_from(value).ok()))
    }
}

fn mean(all: Gathering) -> Option<i128> {
    let count = all.count.checked_mul(all.unit)?;
    let twice = all.sum.abs().checked_mul(all.factor)?.checked_mul(2)?.checked_add(count)?;
    all.sum.signum().checked_mul(twice.checked_div(count.checked_mul(2)?)?)?.checked_mul(all.unit)
}

/// Digits and scale at two neighbouring arguments.
fn number(cx: &Context<'_>, at: usize) -> Result<Option<(i64, u8)>> {
    let unscaled: Option<i64> = cx.get(at)?;
    let scale: u8 = cx.get(at + 1)?;
    Ok(unscaled.map(|unscaled| (unscaled, scale)))
}
