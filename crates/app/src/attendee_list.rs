//! A list of attendees as a table of a spreadsheet, with or without a line of headings: a workbook (XLSX), or CSV in UTF-8
//! or Windows-1251.

mod workbook;

use std::collections::BTreeSet;

use encoding_rs::WINDOWS_1251;
use model::Record;
use store::{Error, FieldError, Result};
use ticketing::{AttendeeRequest, PersonRequest, spoken_code};

use workbook::Unread;

/// Bytes of a list at most.
const LARGEST: usize = 1024 * 1024;
/// Faults of a list that are told at once.
const MOST_FAULTS: usize = 50;
/// Numbers up to here are kept whole by spreadsheets.
const WHOLE: f64 = 1e15;

/// A line of the list that names somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number in the file, from 1.
    pub number: u64,
    /// Whom it names, for which ticket.
    pub request: AttendeeRequest,
}

/// A column of the list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Name,
    Email,
    Phone,
    Ticket,
}

impl Column {
    /// As people head it.
    fn of(heading: &str) -> Option<Self> {
        Some(match heading.trim().trim_matches('\u{feff}').to_lowercase().as_str() {
            "имя" | "фио" | "участник" | "имя участника" | "name" | "full name" | "attendee" => {
                Self::Name
            }
            "почта" | "e-mail" | "email" | "mail" | "эл. почта" | "электронная почта" => {
                Self::Email
            }
            "телефон" | "phone" | "тел." | "telephone" => Self::Phone,
            "билет" | "код" | "код билета" | "ticket" | "code" | "ticket code" => Self::Ticket,
            _ => return None,
        })
    }
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
enum Cell {
    Text(String),
    /// As the workbook writes it. Dates are numbers, too.
    Number(String),
    /// Anything that names nobody.
    Other,
}

impl Cell {
    fn of_text(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self::Text(text.to_owned()))
    }

    /// How many bytes it holds.
    fn length(&self) -> usize {
        match self {
            Self::Text(text) | Self::Number(text) => text.len(),
            Self::Other => 0,
        }
    }

    /// What it says in this column; nothing where that is no answer.
    fn say(&self, column: Column) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            // Spreadsheets make numbers of phones and of codes.
            Self::Number(number) if matches!(column, Column::Phone | Column::Ticket) => whole(number),
            Self::Number(_) | Self::Other => None,
        }
    }
}

/// A number without a fraction as people write it.
fn whole(number: &str) -> Option<String> {
    if number.bytes().all(|digit| digit.is_ascii_digit()) {
        return Some(number.to_owned());
    }
    let number = number.parse::<f64>().ok().filter(|number| number.fract() == 0.0 && (0.0..WHOLE).contains(number))?;
    Some(format!("{number:.0}"))
}

/// A row of the table.
#[derive(Default)]
struct Row {
    /// Its number in the file, from 1.
    number: u64,
    cells: Vec<Option<Cell>>,
}

/// Reads a list for these tickets of an order. A line without a code names the holder of the next ticket that has none.
///
/// # Errors
/// [`Error::Invalid`] for what is no table, is empty, or names more people than there are tickets.
pub fn read(bytes: &[u8], tickets: &[Record]) -> Result<Vec<Line>> {
    if bytes.len() > LARGEST {
        return Err(invalid("too_large", "a list has at most a megabyte"));
    }
    let rows = if bytes.starts_with(b"PK\x03\x04") {
        workbook::rows(bytes).map_err(|why| match why {
            Unread::Broken => invalid("invalid_file", "expected a workbook (XLSX) or a table in CSV"),
            Unread::TooLarge => invalid("too_large", "the workbook is larger than a list of attendees"),
            Unread::Closed => closed(),
        })?
    } else if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        // Workbooks with a password, and those of before 2007, come in the same wrapping.
        return Err(closed());
    } else {
        table(bytes)?
    };
    let mut lines = lines(rows)?;
    hand_out(&mut lines, tickets)?;
    Ok(lines)
}

fn invalid(code: &str, message: &str) -> Error {
    Error::field("list", code, message)
}

fn closed() -> Error {
    invalid("closed_file", "the workbook is closed by a password, or is of the old kind (XLS)")
}

/// Whom the rows name, by the headings of the first one.
fn lines(rows: Vec<Row>) -> Result<Vec<Line>> {
    let mut columns = vec![Some(Column::Name), Some(Column::Email), Some(Column::Phone)];
    let (mut lines, mut faults) = (Vec::new(), Vec::new());
    for (index, row) in rows.into_iter().enumerate() {
        let heading = |cell: &Option<Cell>| match cell {
            Some(Cell::Text(text)) => Column::of(text),
            _ => None,
        };
        let headings: Vec<_> = row.cells.iter().map(heading).collect();
        if index == 0 && headings.contains(&Some(Column::Name)) {
            columns = headings;
            continue;
        }
        let mut cell = |wanted: Column| {
            let place = columns.iter().position(|column| *column == Some(wanted))?;
            let cell = row.cells.get(place)?.as_ref()?;
            let said = cell.say(wanted);
            if said.is_none() {
                let message = format!("line {}: expected text, not a number, a date or an error", row.number);
                faults.push(FieldError::new("list", "not_text", message));
            }
            said
        };
        let person = PersonRequest { name: cell(Column::Name), email: cell(Column::Email), phone: cell(Column::Phone) };
        let ticket = cell(Column::Ticket).unwrap_or_default();
        if row.cells.iter().any(Option::is_some) {
            lines.push(Line { number: row.number, request: AttendeeRequest { ticket, person } });
        }
    }
    if !faults.is_empty() {
        faults.truncate(MOST_FAULTS);
        return Err(Error::Invalid(faults));
    }
    if lines.is_empty() { Err(invalid("required", "the list names nobody")) } else { Ok(lines) }
}

/// The rows of a table in CSV.
fn table(bytes: &[u8]) -> Result<Vec<Row>> {
    let text = decoded(bytes);
    if text.contains('\0') {
        return Err(invalid("invalid_file", "expected a workbook (XLSX) or a table in CSV"));
    }
    let (text, delimiter, before) = led(&text);
    if let Some(line) = open_quote(text, delimiter) {
        return Err(invalid("open_quote", &format!("line {}: a quotation mark is not closed", line + before)));
    }
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let row = |row: csv::Result<csv::StringRecord>| {
        let row = row.map_err(|error| invalid("invalid_file", &error.to_string()))?;
        let number = row.position().map_or(0, csv::Position::line) + before;
        Ok(Row { number, cells: row.iter().map(Cell::of_text).collect() })
    };
    reader.records().map(row).collect()
}

/// UTF-8, else the Russian Windows.
fn decoded(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => WINDOWS_1251.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// The table without a first line `sep=;`, by which spreadsheets tell the separator; the separator, and how many lines went.
fn led(text: &str) -> (&str, u8, u64) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let said = first.trim().trim_matches('"').to_lowercase();
    match said.strip_prefix("sep=").map(str::as_bytes) {
        Some([separator]) => (rest, *separator, 1),
        // A tab ends with the blanks of its line.
        Some([]) if first.contains('\t') => (rest, b'\t', 1),
        _ => (text, delimiter(text), 0),
    }
}

/// The line of a cell in quotation marks that does not end there: names and addresses have one line, and a mark that is not
/// closed would swallow everybody below it.
fn open_quote(text: &str, delimiter: u8) -> Option<u64> {
    let ends_quoted = |line: &str| {
        let (mut is_quoted, mut at_start) = (false, true);
        let mut signs = line.bytes().peekable();
        while let Some(sign) = signs.next() {
            match sign {
                b'"' if is_quoted && signs.peek() == Some(&b'"') => drop(signs.next()),
                b'"' if is_quoted => is_quoted = false,
                b'"' if at_start => is_quoted = true,
                _ => {}
            }
            at_start = sign == delimiter && !is_quoted;
        }
        is_quoted
    };
    text.lines().zip(1..).find(|(line, _)| ends_quoted(line)).map(|(_, number)| number)
}

/// What the first line has most of.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |delimiter: u8| first.bytes().filter(|byte| *byte == delimiter).count();
    [b',', b';', b'\t'].into_iter().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

/// Gives lines without a code the tickets that name nobody, in their order.
fn hand_out(lines: &mut [Line], tickets: &[Record]) -> Result<()> {
    let named: BTreeSet<String> = lines.iter().map(|line| spoken_code(&line.request.ticket)).collect();
    let is_free = |ticket: &&Record| {
        let is_open = matches!(ticket.text("status"), Some("reserved" | "issued"));
        is_open && ticket.text("attendee_name").is_none() && !named.contains(ticket.text("code").unwrap_or_default())
    };
    let mut free = tickets.iter().filter(is_free);
    for line in lines.iter_mut().filter(|line| line.request.ticket.is_empty()) {
        let Some(ticket) = free.next() else {
            return Err(Error::field("list", "too_many", "the list names more people than tickets are free"));
        };
        ticket.text("code").unwrap_or_default().clone_into(&mut line.request.ticket);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(bytes: &[u8]) -> Vec<(u64, String, Option<String>)> {
        let codes = |line: Line| (line.number, line.request.person.name.unwrap_or_default(), line.request.person.email);
        let text: Vec<u8> = bytes.to_vec();
        let with_codes = read(&text, &[]).map(|lines| lines.into_iter().map(codes).collect());
        with_codes.unwrap_or_default()
    }

    #[test]
    fn tables_of_either_alphabet_are_read_by_their_headings() {
        let utf8 = "Код билета;ФИО;Отдел;Почта\nK7W3;Анна Белова;Продажи;anna@example.org\n;;;\nP9XA;Борис;;\n";
        let expected =
            vec![(2, "Анна Белова".to_owned(), Some("anna@example.org".to_owned())), (4, "Борис".to_owned(), None)];
        assert_eq!(names(utf8.as_bytes()), expected);
        assert_eq!(names(&WINDOWS_1251.encode(utf8).0), expected);
        assert_eq!(names(format!("\u{feff}{}", utf8.replace(';', ",")).as_bytes()), expected);
    }

    #[test]
    fn the_separator_may_be_said_and_an_open_quote_swallows_nobody() {
        let said = "sep=;\r\nФИО;Почта\r\n\"Белова; Анна\";anna@example.org\r\n\"О\"\"Нил\";\r\n";
        let table = "Код билета;ФИО;Почта\nA;Анна;\n";
        assert_eq!(names(format!("sep=;\n{table}").as_bytes()), [(3, "Анна".to_owned(), None)]);
        assert_eq!(led(said).1, b';');
        assert_eq!(open_quote(led(said).0, b';'), None);
        let open = "sep=;\nКод билета;ФИО;Почта\nA;\"Анна;anna@example.org\nB;Борис\" Ким;\n";
        let refused = read(open.as_bytes(), &[]);
        assert!(
            matches!(&refused, Err(Error::Invalid(faults)) if faults[0].code == "open_quote" && faults[0].message.starts_with("line 3:")),
            "{refused:?}"
        );
    }

    #[test]
    fn what_is_no_list_is_refused() {
        for (bytes, code) in
            [(&b""[..], "required"), (b"name,email\n", "required"), (b"a\0b", "invalid_file"), (b"Anna", "too_many")]
        {
            let refused = read(bytes, &[]);
            assert!(matches!(&refused, Err(Error::Invalid(faults)) if faults[0].code == code), "{refused:?}");
        }
    }
}
