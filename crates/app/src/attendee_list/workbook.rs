//! The first sheet of a workbook (XLSX) as rows. Strangers send these files: only the parts that are needed are unpacked,
//! none beyond a bound, and nothing is made ready for what a file merely says of itself.

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;
use zip::result::ZipError;

use super::{Cell, Row};

/// Bytes of one unpacked part at most.
const LARGEST_PART: u64 = 8 * 1024 * 1024;
/// Texts of a workbook at most.
const MOST_TEXTS: usize = 100_000;
/// Rows with something in them at most.
const MOST_ROWS: usize = 2_000;
/// Columns that are looked at.
const COLUMNS: usize = 32;
/// Bytes kept of one cell: more than anything that is asked for has.
const LONGEST_CELL: usize = 2_000;
/// Bytes of all cells together at most: many of them may name one long text.
const LARGEST_TABLE: usize = 4 * 1024 * 1024;

/// Why a workbook is not read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// It is no workbook, or a broken one.
    Broken,
    /// It is larger than any list.
    TooLarge,
    /// It is closed by a password.
    Closed,
}

/// The rows that say something of the first sheet that is shown.
pub(super) fn rows(bytes: &[u8]) -> Result<Vec<Row>, Unread> {
    let mut parts = Parts(ZipArchive::new(Cursor::new(bytes)).map_err(unread)?);
    let relations = relations(&parts.text("_rels/.rels")?.ok_or(Unread::Broken)?)?;
    let book = relations.iter().find(|it| it.kind.ends_with("/officeDocument")).ok_or(Unread::Broken)?;
    let book = book.target.trim_start_matches('/').to_owned();
    let (folder, file) = book.rsplit_once('/').unwrap_or(("", &book));
    let sheet = first_sheet(&parts.text(&book)?.ok_or(Unread::Broken)?)?.ok_or(Unread::Broken)?;
    let relations = self::relations(&parts.text(&joined(folder, &format!("_rels/{file}.rels")))?.unwrap_or_default())?;
    let texts = match relations.iter().find(|it| it.kind.ends_with("/sharedStrings")) {
        Some(it) => texts(&parts.text(&joined(folder, &it.target))?.unwrap_or_default())?,
        None => Vec::new(),
    };
    let sheet = relations.iter().find(|it| it.id == sheet).ok_or(Unread::Broken)?;
    cells(&parts.text(&joined(folder, &sheet.target))?.ok_or(Unread::Broken)?, &texts)
}

fn unread(error: ZipError) -> Unread {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Unread::Closed,
        _ => Unread::Broken,
    }
}

/// A path as parts of a workbook name each other: from the root of the file, or from their own folder.
fn joined(folder: &str, target: &str) -> String {
    match target.strip_prefix('/') {
        Some(target) => target.to_owned(),
        None if folder.is_empty() => target.to_owned(),
        None => format!("{folder}/{target}"),
    }
}

struct Parts<'a>(ZipArchive<Cursor<&'a [u8]>>);

impl Parts<'_> {
    fn text(&mut self, path: &str) -> Result<Option<String>, Unread> {
        let is_it =
            |name: Result<std::borrow::Cow<'_, str>, ZipError>| name.is_ok_and(|it| it.eq_ignore_ascii_case(path));
        let Some(index) = self.0.file_names().position(is_it) else { return Ok(None) };
        let part = self.0.by_index(index).map_err(unread)?;
        let mut bytes = Vec::new();
        // What the archive says of the size is not believed.
        part.take(LARGEST_PART + 1).read_to_end(&mut bytes).map_err(|_| Unread::Broken)?;
        if bytes.len() as u64 > LARGEST_PART {
            return Err(Unread::TooLarge);
        }
        let text = String::from_utf8(bytes).map_err(|_| Unread::Broken)?;
        Ok(Some(text.trim_start_matches('\u{feff}').to_owned()))
    }
}

/// Reads on in a part; broken XML is a broken workbook.
fn next<'a>(reader: &mut Reader<&'a [u8]>) -> Result<Event<'a>, Unread> {
    reader.read_event().map_err(|_| Unread::Broken)
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut all = element.attributes();
    // Whether one comes twice does not matter, and to see it would compare each with all before it.
    let mut named = all.with_checks(false).flatten().filter(|it| it.key.local_name().as_ref() == name);
    named.next().and_then(|it| quick_xml::escape::unescape(&it.value).ok().map(|text| text.into_owned()))
}

/// One part of a workbook named by another.
struct Relation {
    id: String,
    kind: String,
    target: String,
}

fn relations(xml: &str) -> Result<Vec<Relation>, Unread> {
    let mut reader = Reader::from_str(xml);
    let mut all = Vec::new();
    loop {
        match next(&mut reader)? {
            Event::Start(it) | Event::Empty(it) if it.local_name().as_ref() == "Relationship" => {
                let said = |name| attribute(&it, name).unwrap_or_default();
                all.push(Relation { id: said("Id"), kind: said("Type"), target: said("Target") });
            }
            Event::Eof => return Ok(all),
            _ => {}
        }
    }
}

/// The relation of the first sheet that is not hidden.
fn first_sheet(xml: &str) -> Result<Option<String>, Unread> {
    let mut reader = Reader::from_str(xml);
    let is_shown = |it: &BytesStart<'_>| {
        it.local_name().as_ref() == "sheet" && attribute(it, "state").is_none_or(|state| state == "visible")
    };
    loop {
        match next(&mut reader)? {
            Event::Start(it) | Event::Empty(it) if is_shown(&it) => return Ok(attribute(&it, "id")),
            Event::Eof => return Ok(None),
            _ => {}
        }
    }
}

/// Text as it gathers from the events of a cell.
#[derive(Default)]
struct Gathered {
    text: String,
    is_open: bool,
    /// Inside of how a word is pronounced, which is no part of it.
    is_aside: bool,
}

impl Gathered {
    fn take(&mut self, event: &Event<'_>) {
        let more = match event {
            Event::Start(it) if matches!(it.local_name().as_ref(), "t" | "v") => return self.is_open = true,
            Event::End(it) if matches!(it.local_name().as_ref(), "t" | "v") => return self.is_open = false,
            Event::Start(it) if it.local_name().as_ref() == "rPh" => return self.is_aside = true,
            Event::End(it) if it.local_name().as_ref() == "rPh" => return self.is_aside = false,
            Event::Text(text) => text.xml10_content().into_owned(),
            Event::CData(text) => text.xml10_content().into_owned(),
            Event::GeneralRef(it) => match it.resolve_char_ref() {
                Ok(Some(sign)) => sign.to_string(),
                _ => resolve_predefined_entity(&it.xml10_content()).unwrap_or_default().to_owned(),
            },
            _ => return,
        };
        if self.is_open && !self.is_aside {
            let room = LONGEST_CELL.saturating_sub(self.text.len());
            self.text.extend(more.char_indices().take_while(|(at, _)| *at < room).map(|(_, sign)| sign));
        }
    }
}

/// The texts that cells name by their number.
fn texts(xml: &str) -> Result<Vec<String>, Unread> {
    let mut reader = Reader::from_str(xml);
    let (mut all, mut gathered) = (Vec::new(), Gathered::default());
    loop {
        let event = next(&mut reader)?;
        match &event {
            Event::Start(it) if it.local_name().as_ref() == "si" => gathered = Gathered::default(),
            Event::Empty(it) if it.local_name().as_ref() == "si" => all.push(String::new()),
            Event::End(it) if it.local_name().as_ref() == "si" => all.push(std::mem::take(&mut gathered.text)),
            Event::Eof => return Ok(all),
            other => gathered.take(other),
        }
        if all.len() > MOST_TEXTS {
            return Err(Unread::TooLarge);
        }
    }
}

fn cells(xml: &str, texts: &[String]) -> Result<Vec<Row>, Unread> {
    let mut reader = Reader::from_str(xml);
    let (mut rows, mut row) = (Vec::new(), Row::default());
    let (mut number, mut column, mut kind, mut kept) = (0_u64, 0_usize, String::new(), 0_usize);
    let mut gathered = Gathered::default();
    loop {
        let event = next(&mut reader)?;
        match &event {
            Event::Start(it) if it.local_name().as_ref() == "row" => {
                number = attribute(it, "r").and_then(|said| said.parse().ok()).unwrap_or(number.saturating_add(1));
                row = Row { number, cells: Vec::new() };
                column = 0;
            }
            Event::End(it) if it.local_name().as_ref() == "row" => {
                let row = std::mem::take(&mut row);
                if row.cells.iter().any(Option::is_some) {
                    rows.push(row);
                }
                if rows.len() > MOST_ROWS {
                    return Err(Unread::TooLarge);
                }
            }
            Event::Start(it) | Event::Empty(it) if it.local_name().as_ref() == "c" => {
                column = attribute(it, "r").and_then(|place| column_of(&place)).unwrap_or(column.saturating_add(1));
                kind = attribute(it, "t").unwrap_or_default();
                gathered = Gathered::default();
            }
            Event::End(it) if it.local_name().as_ref() == "c" => {
                let cell = cell(&kind, std::mem::take(&mut gathered.text), texts)?;
                if let Some(cell) = cell
                    && (1..=COLUMNS).contains(&column)
                {
                    kept = kept.saturating_add(cell.length());
                    if kept > LARGEST_TABLE {
                        return Err(Unread::TooLarge);
                    }
                    row.cells.resize(row.cells.len().max(column), None);
                    row.cells[column - 1] = Some(cell);
                }
            }
            Event::End(it) if it.local_name().as_ref() == "sheetData" => return Ok(rows),
            Event::Empty(it) if it.local_name().as_ref() == "sheetData" => return Ok(rows),
            Event::Eof => return Err(Unread::Broken),
            other => gathered.take(other),
        }
    }
}

/// What a cell holds. Of a formula it is the value that the spreadsheet worked out last.
fn cell(kind: &str, held: String, texts: &[String]) -> Result<Option<Cell>, Unread> {
    let text = match kind {
        "s" if held.trim().is_empty() => return Ok(None),
        "s" => {
            let text = held.trim().parse::<usize>().ok().and_then(|number| texts.get(number));
            text.ok_or(Unread::Broken)?.clone()
        }
        "str" | "inlineStr" => held,
        _ if held.trim().is_empty() => return Ok(None),
        "" | "n" => return Ok(Some(Cell::Number(held.trim().to_owned()))),
        // True and false, dates, and what a formula failed with.
        _ => return Ok(Some(Cell::Other)),
    };
    Ok(Cell::of_text(&text))
}

/// The column of a place such as `AB12`, from 1.
fn column_of(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic).take(3);
    let column = letters.fold(0, |column, letter| column * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1);
    (column > 0).then_some(column)
}
