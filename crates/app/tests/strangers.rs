//! Lists of attendees that buyers send, as tables and as workbooks: whatever is in one, it is read or refused, nothing panics, and
//! what it says is no longer than a list is. `PLENARY_SEED` and `PLENARY_ROUNDS` say where the chance begins and how long it goes on.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::io::{Cursor, Write as _};
use std::time::{Duration, Instant};

use app::attendee_list::{Line, read};
use store::Error;
use store::testing::{Dice, changed, rounds, seed};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const TABLES: [&str; 5] = [
    "Код билета;ФИО;Почта;Телефон\nK7W3;Вера Линд;vera@north-quay.example;8 (921) 555-01-02\nP9XA;\"О\"\"Нил; Борис\";;\n",
    "sep=,\r\nticket,name,email\r\nK7W3,\"Lind, Vera\",vera@north-quay.example\r\n",
    "\u{feff}билет\tимя\nK7W3\tВера\n\t\n",
    "code,name\nA,\"open\nB,b\n",
    "name\n\n\n",
];
const PIECES: [&[u8]; 20] = [
    b";",
    b",",
    b"\t",
    b"\"",
    b"\"\"",
    b"\n",
    b"\r",
    b"\0",
    b"\xff",
    b"\xcf\xf0",
    b"sep=;\n",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"=1+1",
    b"<c r=\"ZZZ9\"",
    b"&#0;",
    b"</row>",
    b"<row r=\"18446744073709551615\">",
    b"t=\"s\"",
    b"<v>99999999999999999999</v>",
];
const KINDS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const ROWS: &str = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>\
    <row r=\"2\"><c r=\"A2\" t=\"str\"><v>K7W3</v></c><c r=\"B2\" t=\"inlineStr\"><is><t>Вера</t></is></c><c><v>89215550102</v></c></row>";
const TEXTS: &str = "<si><t>Код билета</t></si><si><t>ФИО</t></si><si><r><t>a&amp;b</t></r><rPh><t>c</t></rPh></si>";

/// Parts of a workbook by their names.
fn parts(rows: &str, texts: &str) -> Vec<(&'static str, String)> {
    let relation = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{KINDS}/{kind}\" Target=\"{target}\"/>")
    };
    let all = |relations: &str| format!("<Relationships>{relations}</Relationships>");
    let inner = relation("r1", "worksheet", "sheet1.xml") + &relation("r2", "sharedStrings", "texts.xml");
    vec![
        ("_rels/.rels", all(&relation("r1", "officeDocument", "book.xml"))),
        (
            "book.xml",
            format!("<workbook xmlns:r=\"{KINDS}\"><sheets><sheet name=\"x\" r:id=\"r1\"/></sheets></workbook>"),
        ),
        ("_rels/book.xml.rels", all(&inner)),
        ("sheet1.xml", format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")),
        ("texts.xml", format!("<sst>{texts}</sst>")),
    ]
}

fn zipped(parts: &[(&'static str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn workbook(rows: &str, texts: &str) -> Vec<u8> {
    let parts: Vec<_> = parts(rows, texts).into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
    zipped(&parts)
}

/// What is promised of a list that is read.
fn holds(lines: &[Line], length: usize) -> Result<(), String> {
    let said = |line: &Line| {
        let person = &line.request.person;
        [person.name.clone(), person.email.clone(), person.phone.clone(), Some(line.request.ticket.clone())]
    };
    let all: usize = lines.iter().flat_map(said).flatten().map(|text| text.len()).sum();
    let is_bounded = all <= 5 * 1024 * 1024 && lines.len() <= length.max(2_001);
    let has_nul = lines.iter().flat_map(said).flatten().any(|text| text.contains('\0'));
    if is_bounded && !has_nul { Ok(()) } else { Err(format!("{} lines, {all} bytes", lines.len())) }
}

#[test]
fn whatever_is_in_a_list_it_is_read_or_refused() {
    let (seed, rounds) = (seed(19), rounds(20).saturating_mul(100));
    let others = TABLES.map(str::as_bytes);
    let (mut dice, mut taken) = (Dice::new(seed), 0);
    for round in 0..rounds {
        let bytes = if dice.one_in(2) {
            let table = *dice.pick(&TABLES);
            changed(&mut dice, table.as_bytes(), &PIECES, &others)
        } else {
            let mut all: Vec<_> =
                parts(ROWS, TEXTS).into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
            for _ in 0..=dice.below(2) {
                let place = dice.below(all.len());
                all[place].1 = changed(&mut dice, &all[place].1.clone(), &PIECES, &others);
            }
            let whole = zipped(&all);
            // The archive itself is seldom broken, else nothing in it is reached.
            if dice.one_in(4) { changed(&mut dice, &whole, &PIECES, &others) } else { whole }
        };
        if let Ok(lines) = read(&bytes, &[]) {
            taken += 1;
            holds(&lines, bytes.len()).unwrap_or_else(|fault| panic!("PLENARY_SEED={seed}, list {round}: {fault}"));
        }
    }
    println!("proved: {rounds} lists of attendees, of which {taken} were read");
    assert!(taken > 0 && taken < rounds);
}

#[test]
fn a_workbook_counts_as_far_as_numbers_go() {
    let row = |number: &str| format!("<row{number}><c t=\"str\"><v>K7W3</v></c><c t=\"str\"><v>Вера</v></c></row>");
    let rows = ROWS.replace("<row r=\"2\">", "<row r=\"18446744073709551615\">") + &row("");
    let lines = read(&workbook(&rows, TEXTS), &[]).unwrap();
    assert_eq!(lines.iter().map(|line| line.number).collect::<Vec<_>>(), [u64::MAX, u64::MAX]);
}

#[test]
fn many_cells_that_name_one_long_text_are_refused() {
    let long = format!("{TEXTS}<si><t>{}</t></si>", "x".repeat(2_000));
    let row = format!("<row>{}</row>", "<c t=\"s\"><v>3</v></c>".repeat(32));
    let refused = read(&workbook(&row.repeat(1_000), &long), &[]);
    assert!(matches!(&refused, Err(Error::Invalid(faults)) if faults[0].code == "too_large"), "{refused:?}");
}

#[test]
fn one_element_with_many_attributes_is_read_in_their_time() {
    let with = |count: usize| {
        let attributes: String = (0..count).map(|number| format!(" a{number}=\"\"")).collect();
        workbook(&format!("<row{attributes}>{}</row>", "<c t=\"str\"><v>x</v></c>"), TEXTS)
    };
    let time = |count: usize| {
        let bytes = with(count);
        let took = |_| {
            let begun = Instant::now();
            let _ = read(&bytes, &[]);
            begun.elapsed()
        };
        (0..3).map(took).min().unwrap_or_default()
    };
    let (few, many) = (time(20_000), time(160_000));
    // Eight times as many take 64 times as long where each is compared with all before it.
    let is_even = many < Duration::from_millis(150) || many.as_secs_f64() < few.as_secs_f64() * 24.0;
    assert!(is_even, "{few:?}, and {many:?} for eight times as many");
}
