//! Process 3, step 5: a list of attendees as a workbook; on both databases. The workbooks are made here, as spreadsheets write
//! them and as nobody should.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::world::{Answer, World, worlds};

const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const KINDS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook with a hidden sheet before the one that is meant, whose `sheetData` is `rows`.
fn workbook(rows: &str, texts: &str) -> Vec<u8> {
    let relation = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{KINDS}/{kind}\" Target=\"{target}\"/>")
    };
    let root = relation("rId1", "officeDocument", "xl/workbook.xml");
    let inner = [
        relation("rId1", "worksheet", "worksheets/sheet1.xml"),
        relation("rId2", "worksheet", "/xl/worksheets/sheet2.xml"),
        relation("rId3", "sharedStrings", "sharedStrings.xml"),
    ]
    .concat();
    let sheet = |rows: &str| {
        format!("<?xml version=\"1.0\"?><worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>")
    };
    let book = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{KINDS}\"><sheets><sheet name=\"Aside\" sheetId=\"1\" state=\"hidden\" \
         r:id=\"rId1\"/><sheet name=\"People\" sheetId=\"2\" r:id=\"rId2\"/></sheets></workbook>"
    );
    let relations = |all: &str| format!("<Relationships xmlns=\"{RELATIONS}\">{all}</Relationships>");
    zipped(&[
        ("_rels/.rels", &relations(&root)),
        ("xl/workbook.xml", &book),
        ("xl/_rels/workbook.xml.rels", &relations(&inner)),
        ("xl/worksheets/sheet1.xml", &sheet("<row r=\"1\"><c r=\"A1\" t=\"str\"><v>Nobody Here</v></c></row>")),
        ("xl/worksheets/sheet2.xml", &sheet(rows)),
        ("xl/sharedStrings.xml", &format!("<sst xmlns=\"{MAIN}\" uniqueCount=\"9999999999999999\">{texts}</sst>")),
    ])
}

const TEXTS: &str = "<si><t>ФИО</t></si><si><t>Почта</t></si><si><t>Телефон</t></si><si><r><t>Анна </t></r>\
    <r><t xml:space=\"preserve\">О&apos;Нил</t></r><rPh><t>anna</t></rPh></si>";
const HEAD: &str = "<row r=\"2\"><c r=\"B2\" t=\"s\"><v>0</v></c><c r=\"C2\" t=\"s\"><v>1</v></c>\
    <c r=\"D2\" t=\"s\"><v>2</v></c></row>";

/// A row that names somebody in the cell `name`, as it stands in the sheet.
fn named(name: &str) -> Vec<u8> {
    workbook(&format!("{HEAD}<row r=\"7\">{name}<c r=\"C7\" t=\"str\"><v>who@example.org</v></c></row>"), TEXTS)
}

async fn list(world: &World, token: &str, bytes: &[u8]) -> Answer {
    let mut body = b"--xyz\r\nContent-Disposition: form-data; name=\"list\"; filename=\"list.xlsx\"\r\n\r\n".to_vec();
    body.extend_from_slice(bytes);
    body.extend(b"\r\n--xyz--\r\n");
    let headers = [("content-type", "multipart/form-data; boundary=xyz"), ("sec-fetch-site", "same-origin")];
    world.anybody().call("POST", &format!("/p/o/{token}/names/list"), &headers, body).await
}

/// Names, addresses and phones on the tickets of an order.
async fn named_on(world: &World, order: &Value) -> Vec<[Option<String>; 3]> {
    let id = order["id"].as_str().unwrap();
    let filter: String = format!("order == \"{id}\"").bytes().map(|byte| format!("%{byte:02X}")).collect();
    let tickets = world.admin.get(&format!("/api/v1/tickets?sort=position&filter={filter}")).await.expect(200);
    let said = |ticket: &Value, field: &str| ticket[field].as_str().map(str::to_owned);
    let person = |it: &Value| [said(it, "attendee_name"), said(it, "attendee_email"), said(it, "attendee_phone")];
    tickets["data"].as_array().unwrap().iter().map(person).collect()
}

/// An order of three tickets that name nobody, and its link.
async fn order(world: &World) -> (Value, String) {
    let kind = world.event("lists").await;
    let company =
        json!({"company": {"name": "Romashka"}, "contact": {"name": "Vera Orlova", "email": "v@example.org"}});
    world.anybody().post("/api/public/v1/events/lists/group-orders", company).await.expect(201);
    let deals = world.admin.get("/api/v1/deals").await.expect(200);
    let deal = deals["data"][0]["id"].as_str().unwrap().to_owned();
    let answers = json!({
        "lines": [{"ticket_type": kind, "quantity": 3}], "name": "Payer", "inn": "7707083893", "kpp": "773601001",
        "address": "Moscow, Prichal 1", "bik": "044525225", "bank_account": "40702810138250123017",
        "corr_account": "30101810400000000225",
    });
    let order = world.admin.post(&format!("/api/v1/deals/{deal}/questionnaire"), answers).await.expect(201);
    let order = world.admin.get(&format!("/api/v1/orders/{}", order["id"].as_str().unwrap())).await.expect(200);
    let token = order["public_url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    (order, token)
}

#[tokio::test(flavor = "multi_thread")]
async fn process_3_step_5_a_workbook_names_everybody_or_nobody() {
    for world in worlds() {
        let (order, token) = order(&world).await;
        let before = named_on(&world, &order).await;
        let number = "<c r=\"B7\"><v>46000</v></c>";
        let day = "<c r=\"B7\" t=\"d\"><v>2026-11-28</v></c>";
        let fault = "<c r=\"B7\" t=\"e\"><f>X</f><v>#N/A</v></c>";
        let name = "<c r=\"B7\" t=\"str\"><v>Борис Ким</v></c>";
        let text = "Здесь число, дата или ошибка формулы";
        let many = (0..2_500).fold(HEAD.to_owned(), |mut all, row| {
            write!(all, "<row><c t=\"str\"><v>N{row}</v></c></row>").unwrap();
            all
        });
        let whole = named(name);
        let mut old = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        old.resize(4096, 0);
        let sheet = ["<table:table-row table:number-rows-repeated=\"9999999\"/>"; 9].concat();
        let calc = zipped(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &sheet)]);
        let wrong = [
            (named(number), format!("Строка 7: {text}")),
            (named(day), format!("Строка 7: {text}")),
            (named(fault), format!("Строка 7: {text}")),
            (
                workbook(&format!("{HEAD}<row r=\"9\">{name}<c r=\"C9\" t=\"str\"><v>boris@@</v></c></row>"), TEXTS),
                "Строка 9: ".to_owned(),
            ),
            (workbook("", TEXTS), String::new()),
            (workbook(&many, TEXTS), "Это слишком много".to_owned()),
            (workbook(HEAD, &"<si/>".repeat(120_000)), "Это слишком много".to_owned()),
            (workbook(&" ".repeat(9_000_000), TEXTS), "Это слишком много".to_owned()),
            (workbook("<row r=\"2\"><c r=\"A2\" t=\"s\"><v>77</v></c></row>", TEXTS), "Файл не читается".to_owned()),
            (workbook("<row r=\"2\"><c r=\"A2\"", TEXTS), "Файл не читается".to_owned()),
            (whole[..whole.len() / 2].to_vec(), "Файл не читается".to_owned()),
            (calc, "Файл не читается".to_owned()),
            (old, "закрыт паролем".to_owned()),
        ];
        for (index, (bytes, told)) in wrong.iter().enumerate() {
            let refused = list(&world, &token, bytes).await;
            assert_eq!(refused.status, 422, "{index}: {}", refused.text);
            assert!(refused.text.contains(told), "{index}: {}", refused.text);
            assert_eq!(named_on(&world, &order).await, before, "nothing half done: {index}");
        }

        // A phone became a number, a name is the value of a formula, and what stands far right is nobody's business.
        let rows = format!(
            "{HEAD}<row r=\"3\"><c r=\"B3\" t=\"s\"><v>3</v></c><c r=\"C3\" t=\"inlineStr\"><is><t>Anna@Example.org</t></is></c>\
             <c r=\"D3\"><v>79211234567</v></c><c r=\"XFD3\"><v>1</v></c></row><row r=\"4\"><c r=\"B4\" s=\"1\"/></row>\
             <row r=\"1048576\"><c r=\"B1048576\" t=\"str\"><f>A1&amp;B1</f><v>Борис &amp; Ким</v></c>\
             <c r=\"D1048576\"><v>7.921765432E10</v></c></row>"
        );
        let taken = list(&world, &token, &workbook(&rows, TEXTS)).await;
        assert_eq!(taken.status, 303, "{}", taken.text);
        let own = |text: &str| Some(text.to_owned());
        let expected = [
            [own("Анна О'Нил"), own("anna@example.org"), own("+79211234567")],
            [own("Борис & Ким"), None, own("+79217654320")],
            [None, None, None],
        ];
        assert_eq!(named_on(&world, &order).await, expected);
    }
}
