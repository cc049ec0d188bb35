//! The renderer by itself: what a template can reach, and how it fails.

use crate::paper;
use crate::sample::{RENDERER, TODAY};
use documents::{DocumentError, Renderer, TemplateFault};
use jiff::civil::date;
use serde_json::json;

fn fault(template: &str) -> TemplateFault {
    match RENDERER.pdf(template, &json!({"name": "Пётр", "count": 3}), TODAY) {
        Err(DocumentError::Template(faults)) => faults.into_iter().next().unwrap(),
        other => panic!("expected a fault of the template, got {other:?}"),
    }
}

#[test]
fn a_renderer_without_fonts_is_refused() {
    assert_eq!(Renderer::new([]).err(), Some(DocumentError::NoFonts));
    assert_eq!(Renderer::new([b"no font".as_slice()]).err(), Some(DocumentError::NoFonts));
}

#[test]
fn faults_name_their_line() {
    for (template, line, words) in [
        ("Text\n\n#let x = (", 3, "unclosed delimiter"),
        ("#let data = json(\"/data.json\")\n#data.surname", 2, "surname"),
        ("#let data = json(\"/data.json\")\n\n#(data.name + data.count)", 3, "cannot add"),
        ("\n#panic(\"the price is missing\")", 2, "the price is missing"),
        ("#let data = xml(\"/data.json\")", 1, "failed to parse XML"),
        ("= Title\n#image(qr-code(\"x\" * 3000))", 2, "3000 bytes is too long for a QR code"),
        ("\n#qr-code()", 2, "missing argument: text"),
        ("\n#qr-code(\"a\", 1)", 2, "unexpected argument"),
    ] {
        let fault = fault(template);
        assert_eq!(fault.line, Some(line), "{template}: {fault}");
        assert!(fault.message.contains(words), "{template}: {fault}");
        assert_eq!(fault.to_string(), format!("line {line}: {}", fault.message));
    }
}

#[test]
fn all_faults_are_told() {
    let error = RENDERER.pdf("#let x = (\n\n#let y = [", &json!({}), TODAY).unwrap_err();
    let DocumentError::Template(faults) = &error else { panic!("{error}") };
    assert!(faults.len() > 1, "{error}");
    assert!(faults.iter().all(|fault| error.to_string().contains(&fault.to_string())), "{error}");
}

#[test]
fn nothing_outside_can_be_reached() {
    for template in [
        "#read(\"/etc/passwd\")",
        "#read(\"../../etc/passwd\")",
        "#include \"/other.typ\"",
        "#image(\"https://example.com/logo.png\")",
        "#import \"@preview/cetz:0.3.4\"",
        "#plugin(\"/evil.wasm\")",
    ] {
        assert_eq!(fault(template).line, Some(1), "{template}");
    }
}

#[test]
fn a_runaway_template_is_stopped() {
    let circling = "#let n = 1\n#while n < 2 { n = n * 1 }";
    assert!(fault(circling).message.contains("infinite"));
    assert!(fault("#let f() = f()\n#f()").message.contains("call depth exceeded"));
}

#[test]
fn the_date_is_the_one_given() {
    let template = "#datetime.today().display()";
    let pdf = RENDERER.pdf(template, &json!({}), date(2031, 12, 9)).unwrap();
    assert_eq!(paper::text(&pdf).trim(), "2031-12-09");
}

#[test]
fn data_are_printed_and_never_evaluated() {
    let hostile = r##"#panic("x") $x^2$ *a* _b_ `c` \ "q" 'r' <l> @r = h // k /* m */ ~ -- #data"##;
    let template = "#set text(font: \"Inter\")\n#set page(width: 60cm)\n#json(\"/data.json\").name";
    let pdf = RENDERER.pdf(template, &json!({ "name": hostile }), TODAY).unwrap();
    assert_eq!(paper::text(&pdf).trim(), hostile);
}

#[test]
fn a_payment_code_reads_back() {
    let payment = "ST00012|Name=ООО «Северный ветер»|PersonalAcc=40702810900000000001|BankName=ПАО Банк|BIC=044525225|CorrespAcc=30101810400000000225|Sum=1000000|Purpose=Оплата по счёту № 12/3";
    let template = "#image(qr-code(json(\"/data.json\").payment), width: 45mm)";
    let pdf = RENDERER.pdf(template, &json!({ "payment": payment }), TODAY).unwrap();
    assert_eq!(paper::scanned(&pdf, 200), [payment]);
}

#[test]
fn threads_share_a_renderer() {
    let template = "#set text(font: \"Inter\")\n#json(\"/data.json\").number";
    let draw = |number: i32| RENDERER.pdf(template, &json!({ "number": number }), TODAY).unwrap();
    let alone: Vec<_> = (0..8).map(draw).collect();
    let together: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|number| scope.spawn(move || draw(number))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(alone, together);
}

#[test]
fn a_failure_leaves_no_trace() {
    let good = || RENDERER.pdf("#json(\"/data.json\").name", &json!({"name": "Анна"}), TODAY).unwrap();
    let before = good();
    fault("#panic()");
    assert_eq!(good(), before);
}
