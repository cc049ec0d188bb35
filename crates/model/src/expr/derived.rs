//! Formulas and roll-ups: fields whose values are worked out. A formula stands in an expression as its own plan; a
//! roll-up as a field whose value the store counts out of the records that link to it.

use std::sync::Arc;

use super::check::{Checker, Element};
use super::named::Noted;
use super::plan::{Part, Start};
use super::{ErrorCode, ExprError, HOP_LIMIT, Hop, Leaf, Node, Path, Plan, SCALE_LIMIT, Type, parser};
use crate::field::{Field, FieldType};
use crate::{Definitions, Module};

/// The most parts of a plan with the formulas in it.
pub(super) const PARTS_LIMIT: usize = 2_000;

/// What a roll-up works out of the linked records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gathering {
    /// How many there are.
    Count,
    /// The values added up; of amounts in several currencies null.
    Sum,
    /// The least value.
    Min,
    /// The greatest value.
    Max,
    /// The mean, rounded half away from zero; of amounts in several currencies null.
    Avg,
}

/// A value gathered from the records that link to the one at hand.
#[derive(Clone, Debug, PartialEq)]
pub struct RollUp {
    /// The module of the linked records.
    pub target: Arc<Module>,
    /// Their link that leads here.
    pub link: String,
    /// What is worked out.
    pub gathering: Gathering,
    /// Of which value of theirs; nothing for a count.
    pub of: Option<Plan>,
    /// Of which of them; all where nothing is said.
    pub filter: Option<Plan>,
    /// The type of the result.
    pub kind: Type,
}

/// A field of a module.
type Place = (String, String);

/// What a reference to a field can draw on.
pub(super) struct Known<'a> {
    /// The modules; nothing where a plan is built for one module alone.
    pub(super) definitions: Option<&'a Definitions>,
    /// The formulas and roll-ups that are being worked out, outermost first.
    pub(super) under_way: &'a [Place],
    /// What the quantifiers around look at, outermost first.
    pub(super) elements: &'a [Element],
    /// Notes which fields are named, and where.
    pub(super) noted: Option<&'a Noted>,
}

/// Where a path begins, and the links that it goes through from there.
pub(super) type Way = (Start, Vec<Hop>);

/// The plan of a formula or roll-up; else the property that is wrong and why.
///
/// # Errors
/// What the expression lacks, or that the field uses itself.
pub fn derive(module: &Module, field: &Field, definitions: &Definitions) -> Result<Plan, (&'static str, ExprError)> {
    worked_out(module, field, definitions, &[])
}

/// The type of field that keeps values of an expression's type, and its scale; nothing where there is none.
#[must_use]
pub fn field_type(kind: Type) -> Option<(FieldType, u8)> {
    use super::KeyKind;
    Some(match kind {
        Type::Bool => (FieldType::Checkbox, 0),
        Type::Int => (FieldType::Number, 0),
        Type::Decimal { scale } => (FieldType::Decimal, scale),
        Type::Money => (FieldType::Money, 0),
        Type::Text(KeyKind::Exact) | Type::Duration => (FieldType::Duration, 0),
        Type::Text(_) => (FieldType::Text, 0),
        Type::Date => (FieldType::Date, 0),
        Type::Time => (FieldType::Time, 0),
        Type::Instant => (FieldType::Datetime, 0),
        Type::Null | Type::Id | Type::List | Type::Links | Type::Opaque => return None,
    })
}

/// A derived field at the end of `way`, as it stands in an expression.
pub(super) fn referred(
    module: &Module,
    field: &Field,
    way: Way,
    at: Option<usize>,
    known: &Known<'_>,
) -> Result<Plan, ExprError> {
    let mut plan = match (module.derived(&field.name), known.definitions) {
        (Some(plan), _) => plan.as_ref().clone(),
        (None, Some(definitions)) => {
            worked_out(module, field, definitions, known.under_way).map_err(|(_, error)| ExprError {
                message: format!("{}: {}", field.name, error.message),
                position: at,
                ..error
            })?
        }
        (None, None) => {
            let message = format!("{} is not known yet", field.name);
            return Err(ExprError::new(ErrorCode::UnknownField, message, at));
        }
    };
    moved(&mut plan, &way, at, known.elements.len())?;
    if field.kind == FieldType::RollUp {
        return Ok(plan);
    }
    let kind = plan.kind;
    let leaf = Leaf { name: field.name.clone(), kind: field.kind, computed: false, part: Part::Whole, roll_up: None };
    let (start, hops) = way;
    Ok(Plan::new(Node::Derived(Path { start, hops, leaf }, Box::new(plan)), kind, at))
}

fn worked_out(
    module: &Module,
    field: &Field,
    definitions: &Definitions,
    under_way: &[Place],
) -> Result<Plan, (&'static str, ExprError)> {
    let key = if field.kind == FieldType::Formula { "expression" } else { "measure" };
    let place = (module.name.clone(), field.name.clone());
    if under_way.contains(&place) {
        let way: Vec<_> = under_way.iter().chain([&place]).map(|(module, field)| format!("{module}.{field}")).collect();
        let message = format!("a value cannot be worked out of itself: {}", way.join(" → "));
        return Err((key, ExprError::new(ErrorCode::Circular, message, None)));
    }
    let under_way = [under_way, &[place]].concat();
    let plan = match field.kind {
        FieldType::Formula => formula(module, field, definitions, &under_way).map_err(|error| (key, error))?,
        _ => roll_up(module, field, definitions, &under_way)?,
    };
    if size(&plan) > PARTS_LIMIT {
        let message = format!("with the formulas in it, it has more than {PARTS_LIMIT} parts");
        return Err((key, ExprError::new(ErrorCode::TooComplex, message, None)));
    }
    Ok(plan)
}

fn formula(module: &Module, field: &Field, definitions: &Definitions, under_way: &[Place]) -> Result<Plan, ExprError> {
    let Some(text) = field.expression.as_deref() else {
        return Err(ExprError::new(ErrorCode::Syntax, "a formula needs an expression", None));
    };
    let plan = read(text, module, definitions, under_way)?;
    if field_type(plan.kind).is_none() {
        let message =
            format!("a formula gives a number, money, a text, a date or yes and no, not {}", plan.kind.name());
        return Err(ExprError::new(ErrorCode::WrongType, message, None));
    }
    Ok(plan)
}

fn roll_up(
    module: &Module,
    field: &Field,
    definitions: &Definitions,
    under_way: &[Place],
) -> Result<Plan, (&'static str, ExprError)> {
    let wrong = |message: String| ExprError::new(ErrorCode::WrongType, message, None);
    let (target, link) = via(module, field, definitions).map_err(|message| ("via", wrong(message)))?;
    let measure = field.measure.as_deref().unwrap_or_default();
    let (gathering, inner) = measured(measure).ok_or_else(|| {
        let how = "a measure is count(), or sum, min, max, avg of something: sum(total)";
        ("measure", wrong(format!("{how}, not {measure:?}")))
    })?;
    let of = match (gathering, inner) {
        (Gathering::Count, _) => None,
        (_, inner) => Some(read(inner, &target, definitions, under_way).map_err(|error| ("measure", error))?),
    };
    let kind = match &of {
        None => Type::Int,
        Some(plan) => result(gathering, plan.kind).ok_or_else(|| {
            ("measure", wrong(format!("{inner} is {}, of which there is no such measure", plan.kind.name())))
        })?,
    };
    let filter = match field.filter.as_deref() {
        None => None,
        Some(text) => {
            let plan = read(text, &target, definitions, under_way).and_then(Plan::condition);
            Some(plan.map_err(|error| ("filter", error))?)
        }
    };
    let roll_up = RollUp { target, link, gathering, of, filter, kind };
    let leaf = Leaf {
        name: field.name.clone(),
        kind: FieldType::RollUp,
        computed: false,
        part: Part::Whole,
        roll_up: Some(Arc::new(roll_up)),
    };
    Ok(Plan::new(Node::Field(Path { start: Start::Record, hops: Vec::new(), leaf }), kind, None))
}

/// The module and link of `via`.
fn via(module: &Module, field: &Field, definitions: &Definitions) -> Result<(Arc<Module>, String), String> {
    let via = field.via.as_deref().unwrap_or_default();
    let Some((name, link)) = via.split_once('.') else {
        return Err(format!("via is written module.link, for instance \"orders.account\", not {via:?}"));
    };
    let target = definitions.module(name).ok_or_else(|| format!("there is no module {name:?}"))?;
    let leads_here =
        target.links().chain(target.many_links()).any(|(field, to)| field.name == link && to == module.name);
    // A link to a record of any module leads here as well.
    if leads_here || target.field(link).is_some_and(|field| field.kind == FieldType::Record) {
        return Ok((target.clone(), link.to_owned()));
    }
    Err(format!("{name} have no link {link:?} that leads to {}", module.name))
}

/// `sum(total)` as what is gathered and of what.
fn measured(text: &str) -> Option<(Gathering, &str)> {
    let (name, rest) = text.trim().split_once('(')?;
    let inner = rest.strip_suffix(')')?.trim();
    let gathering = match name.trim() {
        "count" if inner.is_empty() => return Some((Gathering::Count, inner)),
        "sum" => Gathering::Sum,
        "min" => Gathering::Min,
        "max" => Gathering::Max,
        "avg" => Gathering::Avg,
        _ => return None,
    };
    (!inner.is_empty()).then_some((gathering, inner))
}

fn result(gathering: Gathering, of: Type) -> Option<Type> {
    match (gathering, of) {
        (Gathering::Count, _) => Some(Type::Int),
        (_, Type::Money) => Some(Type::Money),
        (Gathering::Min | Gathering::Max, Type::Date | Type::Instant) => Some(of),
        (Gathering::Avg, number) => number.scale().map(|scale| Type::number((scale + 2).min(SCALE_LIMIT))),
        (_, number) => number.scale().map(Type::number),
    }
}

/// An expression of a derived field over the records of `module`.
fn read(text: &str, module: &Module, definitions: &Definitions, under_way: &[Place]) -> Result<Plan, ExprError> {
    let plan = Checker::within(module, definitions, under_way.to_vec()).plan(&parser::parse(text)?)?;
    if let Some(name) = computed(&plan) {
        let message = format!("{name} is worked out by the program itself and cannot be part of a formula");
        return Err(ExprError::new(ErrorCode::NotInSql, message, None));
    }
    Ok(plan)
}

fn computed(plan: &Plan) -> Option<&str> {
    match &plan.node {
        Node::Field(path) if path.leaf.computed => Some(&path.leaf.name),
        _ => plan.parts().into_iter().find_map(computed),
    }
}

fn size(plan: &Plan) -> usize {
    1 + plan.parts().into_iter().map(size).sum::<usize>()
}

/// Makes a plan of a linked record's field one of this record's: every path of that record's own begins with `way`.
fn moved(plan: &mut Plan, way: &Way, at: Option<usize>, elements: usize) -> Result<(), ExprError> {
    plan.at = at;
    match &mut plan.node {
        Node::Field(path) | Node::Derived(path, _) => {
            if let Start::Element { level, .. } = &mut path.start {
                *level += elements;
            } else {
                path.start = way.0.clone();
                path.hops.splice(0..0, way.1.iter().cloned());
            }
            if path.length() > HOP_LIMIT {
                let message = format!("with the formula in it, a path goes through more than {HOP_LIMIT} links");
                return Err(ExprError::new(ErrorCode::TooDeep, message, at));
            }
        }
        Node::Element(level) => *level += elements,
        _ => {}
    }
    plan.parts_mut().into_iter().try_for_each(|part| moved(part, way, at, elements))
}
