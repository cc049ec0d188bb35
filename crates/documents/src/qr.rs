//! QR codes: the function `qr-code(text)` that every template has.
//!
//! A function and not a virtual file per code: typst never forgets a file's name and stops at 65,535 of them.

use std::fmt::Write as _;
use std::sync::LazyLock;

use comemo::Tracked;
use fast_qr::{ECL, QRBuilder, QRCode, qr::QRCodeError};
use typst::diag::{SourceResult, bail};
use typst::engine::Engine;
use typst::foundations::{
    Args, Bytes, CastInfo, Context, IntoValue, NativeFuncData, NativeFuncPtr, Scope, Type, Value,
};

/// Light modules around the code that a scanner needs (ISO/IEC 18004, 6.3.8).
const QUIET_ZONE: usize = 4;

/// `qr-code("text")`: the bytes of an SVG, to be given to `image`; quiet zone included, correction level M.
pub(crate) static QR_CODE: NativeFuncData = NativeFuncData {
    function: NativeFuncPtr(&qr_code),
    name: "qr-code",
    title: "QR code",
    docs: "The SVG of a QR code of correction level M with its quiet zone, for `image`.",
    def_site: None,
    keywords: &[],
    contextual: false,
    scope: LazyLock::new(&Scope::new),
    params: LazyLock::new(&Vec::new),
    returns: LazyLock::new(&|| CastInfo::Type(Type::of::<Bytes>())),
};

fn qr_code(_: &mut Engine, _: Tracked<Context>, args: &mut Args) -> SourceResult<Value> {
    let span = args.span;
    let text: String = args.expect("text")?;
    args.take().finish()?;
    match svg(&text) {
        Ok(svg) => Ok(Bytes::from_string(svg).into_value()),
        Err(_) => bail!(span, "a text of {} bytes is too long for a QR code", text.len()),
    }
}

fn svg(text: &str) -> Result<String, QRCodeError> {
    let code = QRBuilder::new(text).ecl(ECL::M).build()?;
    let side = code.size + 2 * QUIET_ZONE;
    Ok(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}" viewBox="0 0 {side} {side}"><path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path d="{}"/></svg>"##,
        dark_runs(&code)
    ))
}

/// Neighbouring dark modules of a row as one rectangle: no seams between them on screen, and fewer bytes.
fn dark_runs(code: &QRCode) -> String {
    let mut path = String::new();
    for y in 0..code.size {
        let mut x = 0;
        for run in code[y].chunk_by(|left, right| left.value() == right.value()) {
            if run[0].value() {
                let (left, top, width) = (x + QUIET_ZONE, y + QUIET_ZONE, run.len());
                // Writing to a String cannot fail.
                let _ = write!(path, "M{left} {top}h{width}v1h-{width}z");
            }
            x += run.len();
        }
    }
    path
}
