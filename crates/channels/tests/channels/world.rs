//! Workspaces with the packs that ship.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use channels::Address;
use channels::outbox::NewLetter;
use jiff::SignedDuration;
use model::pack::Pack;
use model::{Actor, Locale, Record};
use store::testing::databases;
use store::{Origin, Result, Work, Workspace};

pub(crate) fn pack(name: &str) -> Pack {
    let root = Path::new("../../packs").join(name);
    let mut files = BTreeMap::new();
    collect(&root, &root, &mut files);
    Pack::read(files).unwrap_or_else(|errors| panic!("{name}: {errors:#?}"))
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            files.insert(
                path.strip_prefix(root).unwrap().to_str().unwrap().to_owned(),
                fs::read_to_string(&path).unwrap(),
            );
        }
    }
}

/// Runs a test in a fresh workspace on each database.
pub(crate) fn on_both(test: impl Fn(&Workspace)) {
    for database in databases() {
        eprintln!("on {}", database.name);
        let workspace = Workspace::open(database.options.clone()).unwrap();
        workspace.apply_pack(&pack("crm")).unwrap();
        test(&workspace);
    }
}

pub(crate) fn write<T: Send + 'static>(
    workspace: &Workspace,
    work: impl FnMut(&mut Work<'_>) -> Result<T> + Send + 'static,
) -> Result<T> {
    workspace.write_blocking(Actor::System("test"), Origin::from("job"), work)
}

pub(crate) fn read<T: Send + 'static>(
    workspace: &Workspace,
    work: impl FnMut(&mut Work<'_>) -> Result<T> + Send + 'static,
) -> T {
    workspace.read_blocking(Actor::System("test"), work).unwrap()
}

pub(crate) fn later(workspace: &Workspace, by: SignedDuration) {
    workspace.move_clock(workspace.clock().now() + by).unwrap();
}

pub(crate) fn message(workspace: &Workspace, record: &Record) -> Record {
    let id = record.id;
    read(workspace, move |work| work.get("messages", id))
}

pub(crate) fn letter(to: &str) -> NewLetter {
    NewLetter {
        template: Some("order_paid".to_owned()),
        from: Address::new("Ява-клуб", "tickets@java-club.example"),
        to: Address::new("Иван Петров", to),
        subject: "Ваши билеты: JavaВесна 2027".to_owned(),
        text: "Здравствуйте!\n".to_owned(),
        html: "<p>Здравствуйте!</p>".to_owned(),
        locale: Locale::Ru,
        about: None,
        cause: None,
        attachments: Vec::new(),
        is_strangers: false,
    }
}
