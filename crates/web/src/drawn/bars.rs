//! Bars to be kept as a file: a picture for slides and letters, a table for spreadsheets.

use app::spreadsheet::{Cell, MARK, line};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use model::Locale;

use super::measure::wrapped;
use crate::ui::typed::Typed;
use crate::ui::{Words, icon};

/// The name of the form of the file, and of the picture, in an address.
const SAVE: &str = "save";
const WHICH: &str = "picture";

/// Letters, the height of a line, and how the width is divided: words, bars, numbers.
const SIZE: i32 = 13;
const LINE: i32 = 28;
const HEAD: i32 = 48;
const MARGIN: i32 = 16;
const LABELS: i32 = 230;
const LONGEST: i32 = 330;
const NUMBERS: i32 = 150;

/// A picture of bars, and its table.
pub(crate) struct Bars {
    pub(crate) title: String,
    /// What the bars are of, and what they are as long as.
    pub(crate) heads: [String; 2],
    pub(crate) bars: Vec<Bar>,
}

pub(crate) struct Bar {
    pub(crate) label: String,
    /// What it comes to, for people and, in digits, for programs; empty where it does not fit.
    pub(crate) said: String,
    pub(crate) number: String,
    pub(crate) size: f64,
}

/// Which file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Svg,
    Csv,
}

/// A file that an address asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    pub(crate) kind: Kind,
    /// Which picture of the page.
    pub(crate) which: usize,
}

impl Wanted {
    pub(crate) fn of(query: &Typed) -> Option<Self> {
        let kind = match query.text(SAVE) {
            "svg" => Kind::Svg,
            "csv" => Kind::Csv,
            _ => return None,
        };
        Some(Self { kind, which: query.text(WHICH).parse().unwrap_or_default() })
    }
}

/// The links beside a picture of the page at `address`; its numbers are for those who may take them out.
pub(crate) fn links(l: Locale, address: &str, which: usize, exports: bool) -> Markup {
    let sign = if address.contains('?') { '&' } else { '?' };
    let link = |kind: &str, words: &str| {
        html! { a.btn.quiet.small href=(format!("{address}{sign}{SAVE}={kind}&{WHICH}={which}")) download { (icon(assets::icon::DOWNLOAD)) (l.say(words)) } }
    };
    html! {
        div.buttons.saved-as {
            (link("svg", "chart-save-svg"))
            @if exports { (link("csv", "chart-save-csv")) }
        }
    }
}

impl Bars {
    /// The file.
    pub(crate) fn file(&self, kind: Kind, name: &str) -> Response {
        let (text, media, end) = match kind {
            Kind::Svg => (self.svg().into_string(), "image/svg+xml", "svg"),
            Kind::Csv => (self.csv(), "text/csv; charset=utf-8", "csv"),
        };
        let named = format!("attachment; filename=\"{name}.{end}\"");
        ([(header::CONTENT_TYPE, media.to_owned()), (header::CONTENT_DISPOSITION, named)], text).into_response()
    }

    fn csv(&self) -> String {
        let mut text = String::from(MARK);
        line(&mut text, self.heads.iter().cloned().map(Cell::Text));
        for bar in &self.bars {
            let cells = [Cell::Text(bar.label.clone()), Cell::Number(bar.number.clone())];
            line(&mut text, cells.into_iter());
        }
        text
    }

    /// In the colours of light paper: it is opened alone.
    fn svg(&self) -> Markup {
        let lines = i32::try_from(self.bars.len()).unwrap_or(i32::MAX / LINE);
        let (width, height) = (MARGIN * 4 + LABELS + LONGEST + NUMBERS, HEAD + lines.saturating_mul(LINE) + MARGIN);
        let most = self.bars.iter().map(|bar| bar.size).fold(0.0, f64::max);
        let share = |bar: &Bar| if most > 0.0 { bar.size / most } else { 0.0 };
        let one_line = |text: &str, room| wrapped(text, SIZE, room, 1).into_iter().next().unwrap_or_default();
        html! {
            svg xmlns="http://www.w3.org/2000/svg" role="img" width=(width) height=(height) viewBox=(format!("0 0 {width} {height}"))
                font-family="Inter, system-ui, sans-serif" font-size=(SIZE) fill="#223" {
                title { (self.title) }
                rect width=(width) height=(height) fill="#fff" {}
                text x=(MARGIN) y="28" font-size="15" font-weight="600" { (one_line(&self.title, width - MARGIN * 3)) }
                @for (top, bar) in (0..).map(|line: i32| HEAD + line * LINE).zip(&self.bars) {
                    text x=(MARGIN) y=(top + 18) { (one_line(&bar.label, LABELS)) }
                    rect x=(MARGIN * 2 + LABELS) y=(top + 6) width=(format!("{:.1}", share(bar) * f64::from(LONGEST))) height=(LINE - 12) rx="3" fill="#3b6ecc" {}
                    text x=(width - MARGIN) y=(top + 18) text-anchor="end" { (bar.said) }
                }
            }
        }
    }
}
