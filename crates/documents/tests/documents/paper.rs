//! Reading a PDF back as others do: its text by poppler, its QR codes by zbar from the printed picture.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// How zbarimg ends when some page has no code on it.
const PAGE_WITHOUT_CODE: i32 = 4;

/// A folder of its own for one reading, gone afterwards.
struct Desk(PathBuf);

impl Desk {
    fn with(pdf: &[u8]) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("plenary-paper-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("document.pdf"), pdf).unwrap();
        Self(folder)
    }

    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let output = Command::new(program).args(arguments).current_dir(&self.0).output();
        let output = output.unwrap_or_else(|error| panic!("{program} (script/test installs it): {error}"));
        let errors = String::from_utf8_lossy(&output.stderr);
        let done = output.status.success() || program == "zbarimg" && output.status.code() == Some(PAGE_WITHOUT_CODE);
        assert!(done, "{program} {arguments:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The text of all pages, form feeds between them.
pub(crate) fn text(pdf: &[u8]) -> String {
    Desk::with(pdf).run("pdftotext", &["-layout", "document.pdf", "-"])
}

/// The text with every break of a line, and the places where a long word may break, taken out.
pub(crate) fn flowing_text(pdf: &[u8]) -> String {
    let text = Desk::with(pdf).run("pdftotext", &["-raw", "document.pdf", "-"]);
    text.replace('\u{200b}', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a scanner reads from the pages, printed at `dpi`.
pub(crate) fn scanned(pdf: &[u8], dpi: u32) -> Vec<String> {
    let desk = Desk::with(pdf);
    desk.run("pdftoppm", &["-r", &dpi.to_string(), "-gray", "document.pdf", "page"]);
    let mut pages: Vec<String> = fs::read_dir(&desk.0)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".pgm"))
        .collect();
    pages.sort();
    let arguments: Vec<&str> = ["--quiet", "--raw"].into_iter().chain(pages.iter().map(String::as_str)).collect();
    desk.run("zbarimg", &arguments).lines().map(str::to_owned).collect()
}

/// A word and where it stands, in points from the upper left corner of its page.
#[derive(Debug)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) page: usize,
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

/// All words and their places.
pub(crate) fn words(pdf: &[u8]) -> Vec<Word> {
    let listing = Desk::with(pdf).run("pdftotext", &["-bbox", "document.pdf", "-"]);
    let mut page = 0;
    let mut words = Vec::new();
    for line in listing.lines().map(str::trim_start) {
        page += usize::from(line.starts_with("<page"));
        if line.starts_with("<word") {
            let side = |name: &str| line.split(&format!("{name}=\"")).nth(1)?.split('"').next()?.parse().ok();
            let side = |name: &str| side(name).unwrap_or_else(|| panic!("no {name} in {line}"));
            let text = line.split('>').nth(1).unwrap().trim_end_matches("</word").to_owned();
            let (left, top, right, bottom) = (side("xMin"), side("yMin"), side("xMax"), side("yMax"));
            words.push(Word { text, page, left, top, right, bottom });
        }
    }
    words
}
