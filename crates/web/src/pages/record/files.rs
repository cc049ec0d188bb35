//! The files of a record: what is attached, a form to attach more, what one of them looks like.

mod acts;
mod preview;

use app::attachments::{AT_ONCE, Kind, LARGEST, TOGETHER};
use maud::{Markup, html};
use model::expr::Plan;
use model::module::FILES;
use model::rights::Scope;
use model::{Id, Locale, Record, Value, l10n};
use store::{List, Sort, Work};

use super::View;
use crate::ui::{Words, icon};

pub(super) use acts::PRESS;
pub(crate) use acts::{attach, content, form, take_away};
pub(crate) use preview::preview;

/// Files that a record's page shows; the list shows the others.
const SHOWN: usize = 30;
/// Pictures up to this size are shown small beside their name, in bytes: a page does not load a film …
const THUMBNAIL: i64 = 1024 * 1024;
/// … nor an album: so much altogether, the newest first.
const THUMBNAILS: i64 = 6 * 1024 * 1024;

const KILOBYTE: i64 = 1_024;

/// What is attached to a record, as its reader sees it.
#[derive(Default)]
pub(super) struct Files {
    files: Vec<Record>,
    has_more: bool,
    /// Whether the reader may attach more.
    is_open: bool,
}

/// Read with the record's page.
pub(super) fn read(work: &mut Work<'_>, record: &Record) -> store::Result<Files> {
    let Ok(module) = work.module(FILES) else { return Ok(Files::default()) };
    if work.grant(&module).read == Scope::None || record.module.name == FILES {
        return Ok(Files::default());
    }
    let filter = Plan::field(&module, "about").and_then(|about| about.eq(Value::Id(record.id)));
    let newest = vec![Sort { field: "id".to_owned(), descending: true }];
    let list = List { filter: filter.ok(), sort: newest, limit: SHOWN, ..List::default() };
    let page = work.list(FILES, &list)?;
    let is_open = app::attachments::may_attach(work, record).is_ok();
    Ok(Files { has_more: page.next.is_some(), files: page.records, is_open })
}

/// The group of a record's files.
pub(super) fn section(view: &View) -> Markup {
    let (l, files) = (view.frame.locale, &view.files);
    let (module, record) = (&view.record.module.name, view.record.id);
    let mut left = THUMBNAILS;
    html! {
        @if files.is_open || !files.files.is_empty() {
            section.group.files id="files" {
                h2 {
                    (l.say("files"))
                    @if files.has_more { a href=(super::super::event::filtered(FILES, "about", record)) { (l.say("all")) } }
                }
                @for file in &files.files { (item(l, file, is_shown_small(file, &mut left))) }
                @if files.is_open { (drop_zone(l, module, record)) }
            }
        }
    }
}

fn item(l: Locale, file: &Record, is_small: bool) -> Markup {
    let at = format!("/files/{}", file.id);
    html! {
        div.item.file id=(format!("file-{}", file.id)) {
            a.thumb href=(at) hx-get=(at) hx-target="body" hx-swap="beforeend" tabindex="-1" aria-hidden="true" { (thumbnail(file, is_small)) }
            b { a href=(at) hx-get=(at) hx-target="body" hx-swap="beforeend" { (file.title()) } }
            small { @if let Some(sort) = sort(file) { (sort) " · " } (size(l, file)) }
        }
    }
}

/// Whether a file is a picture that may be loaded beside others: what it takes is taken off what is left.
fn is_shown_small(file: &Record, left: &mut i64) -> bool {
    let size = file.get("size").as_int().unwrap_or(i64::MAX);
    let fits = matches!(kind(file), Kind::Picture(_)) && size <= THUMBNAIL.min(*left);
    *left -= if fits { size } else { 0 };
    fits
}

/// A small picture of it, or the sign of its kind.
fn thumbnail(file: &Record, is_small: bool) -> Markup {
    html! {
        @if is_small {
            img src=(format!("/files/{}/content", file.id)) alt="" loading="lazy" width="40" height="40";
        } @else { (icon(sign(kind(file)))) }
    }
}

/// What it is, as its name or its media type says for short: `PNG`, `DOCX`.
fn sort(file: &Record) -> Option<String> {
    let (kind, title) = (kind(file), file.title());
    let word = match kind {
        Kind::Picture(_) | Kind::Pdf => kind.media_type().rsplit_once('/'),
        Kind::Text | Kind::Other => title.rsplit_once('.'),
    };
    let (_, word) = word?;
    let is_short = (1..=5).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_short.then(|| word.to_ascii_uppercase())
}

fn sign(kind: Kind) -> &'static str {
    match kind {
        Kind::Picture(_) => assets::icon::IMAGE,
        Kind::Pdf | Kind::Text => assets::icon::FILE_TEXT,
        Kind::Other => assets::icon::FILE,
    }
}

fn kind(file: &Record) -> Kind {
    Kind::read(file.text("content_type").unwrap_or_default())
}

/// The size as people say it.
fn size(l: Locale, file: &Record) -> String {
    sized(l, file.get("size").as_int().unwrap_or(0))
}

/// So many bytes as people say it.
pub(super) fn sized(l: Locale, bytes: i64) -> String {
    let tenths = |unit: i64| l10n::decimal(l, bytes * 10 / unit, 1);
    if bytes < KILOBYTE {
        l.say_with("file-bytes", &[("count", bytes.into())])
    } else if bytes < KILOBYTE * KILOBYTE {
        l.say_with("file-kb", &[("size", tenths(KILOBYTE).into())])
    } else {
        l.say_with("file-mb", &[("size", tenths(KILOBYTE * KILOBYTE).into())])
    }
}

/// The form that takes files, dropped or chosen.
fn drop_zone(l: Locale, module: &str, record: Id) -> Markup {
    let at = format!("/{module}/{record}/files");
    html! {
        form.drop method="post" action=(at) enctype="multipart/form-data" data-drop {
            label.btn.quiet for="attach" { (icon(assets::icon::PAPERCLIP)) (l.say("files-attach")) }
            (chooser(l, true))
            button.btn { (l.say("files-send")) }
            progress max="100" value="0" hidden aria-label=(l.say("files-sending")) {}
            small.dim { (l.say("files-drop")) }
        }
    }
}

/// The control in which files are chosen; the script refuses by its limits what the server would.
fn chooser(l: Locale, several: bool) -> Markup {
    html! {
        input id="attach" type="file" name="file" required multiple[several] data-largest=(LARGEST) data-at-once=(AT_ONCE)
            data-too-large=(l.say_with("file-too-large", &[("size", (LARGEST / 1024 / 1024).into())]))
            data-too-many=(l.say_with("files-too-many", &[("count", AT_ONCE.into())])) data-together=(TOGETHER)
            data-too-heavy=(l.say_with("files-too-heavy", &[("size", (TOGETHER / 1024 / 1024).into())]));
    }
}

/// In the story of its record.
pub(super) fn told(view: &View, file: &Record) -> Markup {
    let at = format!("/files/{}", file.id);
    let by = file.created_by.and_then(|author| view.lens.user(author));
    html! {
        b { (view.frame.locale.say("file-attached")) } " "
        a.link href=(at) hx-get=(at) hx-target="body" hx-swap="beforeend" { (file.title()) }
        @if let Some(by) = by { " " span.dim { "· " (by) } }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn file(name: &str, content_type: &str, size: i64) -> Record {
        let pack = app::packs::find("crm").unwrap();
        let mut module = pack.modules.iter().find(|module| module.name == FILES).unwrap().clone();
        module.index();
        let module = Arc::new(module);
        let now = jiff::Timestamp::UNIX_EPOCH;
        let mut record = Record {
            id: Id::new(),
            version: 1,
            created_at: now,
            updated_at: now,
            created_by: None,
            owner: None,
            deleted_at: None,
            values: vec![Value::Null; module.fields.len()],
            veiled: Vec::new(),
            module,
        };
        record.set("name", Value::Text(name.to_owned()));
        record.set("content_type", Value::Text(content_type.to_owned()));
        record.set("size", Value::Int(size));
        record
    }

    #[test]
    fn pictures_are_shown_small_as_long_as_all_of_them_stay_small() {
        let mut left = THUMBNAILS;
        let picture = |size: i64| file("x.png", "image/png", size);
        assert!(!is_shown_small(&picture(THUMBNAIL + 1), &mut left));
        assert!(!is_shown_small(&file("x.pdf", "application/pdf", 1), &mut left));
        let shown = (0..SHOWN).filter(|_| is_shown_small(&picture(THUMBNAIL), &mut left)).count();
        assert_eq!((i64::try_from(shown).unwrap(), left), (THUMBNAILS / THUMBNAIL, 0));
        assert!(!is_shown_small(&picture(1), &mut left));
    }

    #[test]
    fn what_a_file_is_is_said_for_short() {
        let said = |name: &str, kind: &str| sort(&file(name, kind, 1));
        assert_eq!(said("x.gif", "image/jpeg").as_deref(), Some("JPEG"));
        assert_eq!(said("x", "application/pdf").as_deref(), Some("PDF"));
        assert_eq!(said("Смета.xlsx", "application/octet-stream").as_deref(), Some("XLSX"));
        assert_eq!(said("README", "text/plain"), None);
        assert_eq!(said("Письмо от 7. апреля", "text/plain"), None);
    }
}
