//! From names to fields, through links.

use std::sync::Arc;

use super::derived::{Known, Way, referred};
use super::named::Named;
use super::plan::Part;
use super::plan::Start;
use super::suggest::hint;
use super::text::KeyKind;
use super::{ErrorCode, ExprError, HOP_LIMIT, Hop, Leaf, Node, Path, Plan, SCALE_LIMIT, Type};
use crate::Module;
use crate::extension::no_field;
use crate::field::FieldType;

/// The fields that every record has; `owner` where the module has owners.
const EVERY_RECORD: [(&str, FieldType); 7] = [
    ("id", FieldType::Link),
    ("version", FieldType::Number),
    ("created_at", FieldType::Datetime),
    ("updated_at", FieldType::Datetime),
    ("deleted_at", FieldType::Datetime),
    ("created_by", FieldType::Person),
    ("owner", FieldType::Person),
];

/// The fields that every record of the module has beside its own, with what they hold.
pub fn of_every_record(module: &Module) -> impl Iterator<Item = (&'static str, FieldType)> {
    let has_owners = module.owners;
    EVERY_RECORD.into_iter().filter(move |(name, _)| has_owners || *name != "owner")
}

/// The field called `name`.
pub(super) fn field(module: &Module, name: &str, at: Option<usize>, known: &Known<'_>) -> Result<Plan, ExprError> {
    end(module, name, (Start::Record, Vec::new()), at, known)
}

/// The field called `name` of `module`, to which `way` leads.
fn end(module: &Module, name: &str, way: Way, at: Option<usize>, known: &Known<'_>) -> Result<Plan, ExprError> {
    if let (Some(noted), Some(at)) = (known.noted, at) {
        noted.borrow_mut().push(Named { at, module: module.name.clone(), field: name.to_owned() });
    }
    // Whoever looks for names finds earlier ones as well.
    let name = if known.noted.is_some() { module.present_name(name) } else { name };
    if let Some(field) = module.field(name).filter(|field| field.kind.is_derived()) {
        return referred(module, field, way, at, known);
    }
    let (leaf, kind) = leaf(module, name, at)?;
    let (start, hops) = way;
    Ok(Plan::new(Node::Field(Path { start, hops, leaf }), kind, at))
}

/// Where the link or the list of links that `plan` is leads; nothing where that is not known.
pub(super) fn target(plan: &Plan, module: &Module, known: &Known<'_>) -> Option<Arc<Module>> {
    match &plan.node {
        Node::Element(level) => known.elements.get(*level)?.target.clone(),
        Node::Field(path) if matches!(path.leaf.kind, FieldType::Link | FieldType::File | FieldType::Links) => {
            let field = path.holder(module).field(&path.leaf.name)?;
            known.definitions?.module(field.module.as_deref()?).cloned()
        }
        _ => None,
    }
}

/// What `.name` means after `of`.
pub(super) fn select(
    of: Plan,
    name: &str,
    module: &Module,
    known: &Known<'_>,
    at: Option<usize>,
) -> Result<Plan, ExprError> {
    let no_fields =
        |what: &str| Err(ExprError::new(ErrorCode::UnknownField, format!("{what} has no field {:?}", shown(name)), at));
    let kind = of.kind;
    if let Node::Element(level) = of.node
        && kind == Type::Id
    {
        let Some(target) = target(&of, module, known) else { return no_fields("an id") };
        return end(&target, name, (Start::Element { level, target: target.clone() }, Vec::new()), at, known);
    }
    let leads = target(&of, module, known);
    let Node::Field(mut path) = of.node else { return no_fields(kind.name()) };
    let whole = path.leaf.part == Part::Whole;
    match (path.leaf.kind, name) {
        (FieldType::Money, "currency") if whole => {
            path.leaf.part = Part::Currency;
            Ok(Plan::new(Node::Field(path), Type::Text(KeyKind::Plain), at))
        }
        (FieldType::Money, _) => no_fields("money (except currency)"),
        (FieldType::Record, "module") if whole => {
            path.leaf.part = Part::Module;
            Ok(Plan::new(Node::Field(path), Type::Text(KeyKind::Plain), at))
        }
        (FieldType::Record, "id") if whole => Ok(Plan::new(Node::Field(path), kind, at)),
        (FieldType::Record, _) => no_fields("a link to any module (except module and id)"),
        (FieldType::Link | FieldType::File, _) => {
            let Some(target) = leads else { return no_fields("an id") };
            if path.length() >= HOP_LIMIT {
                let message = format!("a path goes through at most {HOP_LIMIT} links");
                return Err(ExprError::new(ErrorCode::TooDeep, message, at));
            }
            path.hops.push(Hop { field: path.leaf.name, target: target.clone() });
            end(&target, name, (path.start, path.hops), at, known)
        }
        (FieldType::Links, _) => {
            let message = format!(
                "a list of links has no fields: {}.exists(x, x.{} …) asks its records",
                path.leaf.name,
                shown(name)
            );
            Err(ExprError::new(ErrorCode::UnknownField, message, at))
        }
        (FieldType::Person, _) => no_fields("a user (only the id is known here)"),
        _ => no_fields(kind.name()),
    }
}

fn leaf(module: &Module, name: &str, at: Option<usize>) -> Result<(Leaf, Type), ExprError> {
    if let Some(field) = module.field(name) {
        let leaf = plain(name, field.kind, field.computed);
        return Ok((leaf, type_of(field.kind, field.scale, at)?));
    }
    match of_every_record(module).find(|(known, _)| *known == name) {
        Some((name, kind)) => {
            let leaf = plain(name, kind, false);
            Ok((leaf, type_of(kind, 0, at)?))
        }
        None => {
            if module.field_or_former(name).is_some() {
                return Err(ExprError::new(ErrorCode::UnknownField, no_field(module, name), at));
            }
            let known = module.fields.iter().map(|field| field.name.as_str());
            let every = of_every_record(module).map(|(name, _)| name);
            let message = format!("{} have no field {:?}{}", module.name, shown(name), hint(name, known.chain(every)));
            Err(ExprError::new(ErrorCode::UnknownField, message, at))
        }
    }
}

fn plain(name: &str, kind: FieldType, computed: bool) -> Leaf {
    Leaf { name: name.to_owned(), kind, computed, part: Part::Whole, roll_up: None }
}

/// A name as messages repeat it: not longer than a name can be.
pub(super) fn shown(name: &str) -> &str {
    name.get(..48).unwrap_or(name)
}

fn type_of(kind: FieldType, scale: u8, at: Option<usize>) -> Result<Type, ExprError> {
    Ok(match kind {
        FieldType::Text | FieldType::Address => Type::Text(KeyKind::Folded),
        FieldType::Choice | FieldType::Email | FieldType::Phone | FieldType::Url | FieldType::Colour => {
            Type::Text(KeyKind::Plain)
        }
        FieldType::Duration => Type::Text(KeyKind::Exact),
        FieldType::LongText | FieldType::Json | FieldType::Formula | FieldType::RollUp => Type::Opaque,
        FieldType::Number | FieldType::Rating => Type::Int,
        FieldType::Decimal if scale > SCALE_LIMIT => {
            let message = "a decimal with more than 18 digits after the point cannot be used in expressions";
            return Err(ExprError::new(ErrorCode::WrongType, message, at));
        }
        FieldType::Decimal => Type::number(scale),
        FieldType::Money => Type::Money,
        FieldType::Date => Type::Date,
        FieldType::Time => Type::Time,
        FieldType::Datetime => Type::Instant,
        FieldType::MultiChoice => Type::List,
        FieldType::Links => Type::Links,
        FieldType::Link | FieldType::File | FieldType::Record | FieldType::Person => Type::Id,
        FieldType::Checkbox => Type::Bool,
    })
}
