//! What forbids a pack to come in beside those that are there, though it is one: it would go back unasked, or say something
//! that nobody would ever see.

use model::Field;
use model::pack::{Pack, PackError, Place};
use store::shape::OWN;

use super::{Older, shipped, shipped_pack};

pub(super) fn faults(pack: &Pack, there: &[Pack], older: Older) -> Vec<PackError> {
    let before = there.iter().find(|there| there.manifest.name == pack.manifest.name);
    let mut errors = astray(pack, before, there);
    let (name, version) = (&pack.manifest.name, pack.manifest.version);
    // The version of the own pack counts the edits of one workspace and says nothing beside that of another.
    let newer =
        before.filter(|_| name != OWN).map(|before| before.manifest.version).filter(|present| *present > version);
    if let Some(present) = newer.filter(|_| older == Older::Refused) {
        let message = format!(
            "{name} is applied in version {present}, and this is version {version}: give it a higher version, go back by \
             `plenary pack revert {name}`, or apply it all the same by `plenary pack apply --force`"
        );
        errors.push(PackError::new("pack.toml", &message).coded("older_pack"));
    }
    errors
}

/// Links to modules that no pack brings, neither one that is there nor one that ships. Where its module is only not applied
/// yet a link waits for it.
fn astray(pack: &Pack, before: Option<&Pack>, there: &[Pack]) -> Vec<PackError> {
    let said = fields(pack);
    let has = |pack: &Pack, target: &str| pack.modules.iter().any(|module| module.name == target);
    let ships =
        |target: &str| shipped().iter().filter_map(|name| shipped_pack(name)?.ok()).any(|pack| has(&pack, target));
    let mut errors = Vec::new();
    for (file, module, field) in &said {
        let Some(target) = field.module.as_deref().filter(|_| field.kind.takes("module")) else { continue };
        let stood = before.is_some_and(|before| {
            let mut before = fields(before).into_iter();
            before.any(|(_, of, was)| of == *module && was.name == field.name && was.module == field.module)
        });
        if !stood && !has(pack, target) && !there.iter().any(|pack| has(pack, target)) && !ships(target) {
            let message = format!(
                "{} links to {target:?}, which is no module of any pack: nobody would see the field. Bring the module along, or \
                 apply its pack first",
                field.name
            );
            let place = Place::field(module, &field.name, "module");
            errors.push(PackError::new(file, &message).coded("no_such_module").at(place));
        }
    }
    errors
}

/// Fields that a pack says, with their file and module.
fn fields(pack: &Pack) -> Vec<(String, &str, &Field)> {
    let own = pack.modules.iter().flat_map(|module| {
        module.fields.iter().map(|field| (format!("modules/{}.toml", module.name), module.name.as_str(), field))
    });
    let added = pack
        .extensions
        .iter()
        .flat_map(|said| said.fields.iter().map(|field| (said.file.clone(), said.extends.as_str(), field)));
    own.chain(added).collect()
}
