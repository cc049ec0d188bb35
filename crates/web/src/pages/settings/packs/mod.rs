//! Packs: what is applied, what ships, what would change, and the way back. The same services as the API's.

mod list;
mod one;
mod plan;
mod upload;

use app::packs::{FileChange, PackFileError, diff};
use axum::Router;
use axum::routing::get;
use maud::{Markup, html};
use model::Locale;
use model::pack::{Pack, PackError};
use store::shape::{Applying, Reshaped};
use store::{Error, FieldError};

use crate::problem::Problem;
use crate::state::Web;
use crate::ui::{Words, note, told};

/// Where the pages of packs stand.
pub(super) const PACKS: &str = "/settings/packs";

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route(PACKS, get(list::page).post(upload::take))
        .route("/settings/packs/{pack}", get(one::page))
        .route("/settings/packs/{pack}/file", get(one::file))
        .route("/settings/packs/{pack}/apply", get(plan::of_shipped).post(plan::apply_shipped))
        .route("/settings/packs/{pack}/past/{number}", get(plan::of_past).post(plan::go_back))
}

/// What applying a pack, or taking one back, would do.
struct Proposal {
    /// Its name.
    name: String,
    /// The pack as it would be; nothing where it would not be there.
    pack: Option<Pack>,
    files: Vec<FileChange>,
    /// Those that go along with it: each as it is and as it would be.
    along: Vec<[Option<Pack>; 2]>,
    reshaped: Reshaped,
}

impl Proposal {
    fn new(name: &str, applied: &[Applying], reshaped: Reshaped) -> Self {
        let before = named(applied, name).map(|applying| &applying.pack);
        let pack = reshaped.packs.iter().find(|pack| pack.manifest.name == name).cloned();
        let gone = || before.into_iter().flat_map(|pack| pack.files.keys().cloned().map(FileChange::Removed));
        let files = pack.as_ref().map_or_else(|| gone().collect(), |pack| diff(before, pack));
        let along = along(name, applied, &reshaped.packs);
        Self { name: name.to_owned(), pack, files, along, reshaped }
    }
}

/// The packs besides `name` that would be otherwise.
fn along(name: &str, applied: &[Applying], after: &[Pack]) -> Vec<[Option<Pack>; 2]> {
    let of = |pack: &Pack, name: &str| pack.manifest.name == name;
    let gone = applied
        .iter()
        .map(|applying| &applying.pack)
        .filter(|pack| !after.iter().any(|it| of(it, &pack.manifest.name)));
    let gone = gone.map(|pack| [Some(pack.clone()), None]);
    let put = after.iter().filter_map(|pack| {
        let before = named(applied, &pack.manifest.name).map(|applying| applying.pack.clone());
        let is_same = before.as_ref().is_some_and(|before| before.files == pack.files);
        (!is_same).then(|| [before, Some(pack.clone())])
    });
    put.chain(gone).filter(|packs| !packs.iter().flatten().any(|pack| of(pack, name))).collect()
}

/// A pack by its name.
fn named<'a>(applied: &'a [Applying], name: &str) -> Option<&'a Applying> {
    applied.iter().find(|applying| applying.pack.manifest.name == name)
}

/// The pack of that name that ships.
fn shipped(name: &str) -> Result<Pack, Problem> {
    let nothing = || Problem::not_found(format!("no pack {name:?} ships with this program"));
    app::packs::shipped_pack(name).ok_or_else(nothing)?.map_err(|error| faults(error).into())
}

/// What is wrong with files that were to be a pack, by file.
fn faults(error: PackFileError) -> Error {
    match error {
        PackFileError::Pack(errors) => {
            let fault = |error: &PackError| FieldError::new(error.file.clone(), error.code, error.message.clone());
            Error::Invalid(errors.iter().map(fault).collect())
        }
        other => Error::field("", "unreadable_file", other.to_string()),
    }
}

/// Whether an error says what does not fit, so that it belongs on the page.
fn is_refusal(error: &Error) -> bool {
    matches!(error, Error::Invalid(_) | Error::Conflict { .. })
}

/// Why a pack was not taken: each file with its fault, as the reader of the file says it.
fn refusal(error: &Error, l: Locale) -> Markup {
    let (Error::Invalid(found) | Error::Conflict { errors: found, .. }) = error else {
        return note::bad(&told::whole(error, l));
    };
    html! {
        (note::bad(&l.say("packs-refused")))
        @if let Some(words) = told::conflict(error, l) { (note::bad(&words)) }
        @else if found.is_empty() { (note::bad(&told::whole(error, l))) }
        @for fault in found.iter().take(store::FAULTS_TOLD) {
            div.pack-fault {
                @if !fault.field.is_empty() { b { code { (fault.field) } } }
                @if let Some(words) = l.say_if(&format!("error-{}", fault.code)).filter(|_| l != Locale::En) { p { (words) } }
                pre tabindex="0" role="region" aria-label=(l.say("packs-fault")) lang="en" { (fault.message.trim_end()) }
            }
        }
    }
}
