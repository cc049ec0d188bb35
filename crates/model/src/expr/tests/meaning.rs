//! What expressions mean, rule by rule.

use rstest::rstest;

use super::{World, id, rub, text};
use crate::Value;

fn one(number: u128) -> String {
    format!("\"{}\"", id(number))
}

fn all_hold(conditions: &str) {
    let world = World::new();
    for condition in conditions.lines().map(str::trim).filter(|line| !line.is_empty()) {
        assert!(world.test(condition), "{condition} does not hold");
    }
}

#[test]
fn grammar() {
    all_hold(
        r#"
        true
        seats == 12 // twelve
        1 + 2 * 3 == 7 && (1 + 2) * 3 == 9
        !false && !!true
        - seats == -12 && -9223372036854775808 < 0
        0xFF == 255
        false || true && true
        true ? false || true : false
        name == 'Спонсор Зелёный Joker'
        name == "Спонсор \u0417елёный \x4aoker"
        url.contains(r"/О")
        """a"b""" == 'a"b'
        stage in ["new", "Won",]
        "#,
    );
}

/// Of the guests, the third is in the bin and the ninth is not there: their ids are, what they hold is null.
#[test]
fn lists_of_links() {
    let conditions = r#"
        ONE in guests && THREE in guests && NINE in guests && !(FOUR in guests) && !(null in guests) && !("" in guests)
        account in guests && partner in guests && !(owner in guests)
        has(guests) && !has(nobody) && guests != null && nobody == null && nobody == [] && guests != []
        size(guests) == 4 && size(nobody) == 0
        guests.exists(g, g == ONE) && guests.exists(g, g == account) && !guests.exists(g, g == FOUR)
        guests.all(g, g != FOUR && g in guests) && !nobody.exists(g, true) && nobody.all(g, false)
        guests.exists(g, g.city == "Казань") && !guests.exists(g, g.city == "Тверь")
        guests.exists(g, g.name.contains("ёлка")) && !guests.all(g, has(g.name))
        guests.exists(g, g.parent.city == "Москва") && guests.exists(g, g.parent == account)
        guests.exists(g, g in [ONE, TWO] && guests.exists(h, h == g.parent && h.city != g.city))
        labels.exists(t, guests.exists(g, t == "vip" && g.city.startsWith("Каз")))
        (paid ? guests : nobody).exists(g, g == ONE) && !(ONE in (paid ? nobody : guests))
        size(unset ? guests : null) == 0 && (paid ? guests : null) != null && has(guests)
        guests.exists(g, g.id == g && g.version == 3 && g.created_at < now())
        "#;
    let known = [("ONE", 1), ("TWO", 2), ("THREE", 3), ("FOUR", 4), ("NINE", 9)];
    all_hold(&known.iter().fold(conditions.to_owned(), |text, (name, number)| text.replace(name, &one(*number))));
}

#[test]
fn null() {
    all_hold(
        r#"
        empty == null && !(name == null) && name != null && !(empty != null)
        empty != "x" && !(empty == "x")
        empty == "" && name != "" && empty in ["", "x"] && marks == []
        null == null && null in [null]
        nothing in [1, null] && !(seats in [1, null])
        !(nothing < 1) && !(nothing >= 1) && !(1 > nothing) && !(nothing < nothing)
        !empty.contains("") && !empty.startsWith("a") && !name.contains(empty)
        name.contains("")
        !unset && !(unset && true) && (unset || true) && (unset ? false : true)
        unset != false && !(unset == false) && unset == null
        nothing + 1 == null && nothing * 2 == null && 1 - nothing == null && -nothing == null
        9223372036854775807 + seats == null && -9223372036854775807 - seats == null
        9223372036854775807 * seats == null
        month(partner.created_at) == null && year(null) == null
        size(empty) == 0 && size(marks) == 0
        !("x" in marks) && !marks.exists(t, true) && marks.all(t, false)
        has(name) && !has(empty) && !has(marks) && has(labels) && has(notes) && has(raw) && has(paid) && !has(unset)
        notes != null && raw != null
        "#,
    );
}

#[test]
fn numbers_and_money() {
    all_hold(
        r#"
        discount == 10.5 && discount == "10.50" && discount == rate && discount > 10 && 10.501 > discount
        discount == 105e-1 && discount < 1.1E1 && 1500.50 == 1500.5
        discount + rate == 21 && discount * rate == 110.25 && discount - 1 == 9.5 && seats * 2 == 24
        discount in [1, 10.5] && !(discount in [10.51])
        9007199254740993.01 > 9007199254740993.00
        (paid ? seats : discount) == 12 && (unset ? seats : discount) == 10.5
        amount == 100000 && amount >= 100000.00 && amount > "99999.99" && amount in [1, 100000] && 1e5 == amount
        dollars == 100000 && dollars != amount && !(dollars == amount) && !(dollars > fee) && !(dollars <= fee)
        amount > fee && fee < amount && fee == 1500.5 && amount in [fee, amount] && !(amount in [dollars])
        amount + fee == 101500.5 && amount - fee < amount && fee * 2 == 3001 && 2 * fee == 3001 && -fee == -1500.5
        amount + dollars == null && amount * 999999999999 == null
        amount.currency == "RUB" && dollars.currency in ["USD", "EUR"] && partner.created_at == null
        "#,
    );
}

#[test]
fn quotients_and_shares() {
    all_hold(
        r#"
        1 / 2 == 0.5 && seats / 5 == 2.4 && 10 / 3 == 3.3333 && 2 / 3 == 0.6667 && -2 / 3 == -0.6667 && -10 / 3 == -3.3333
        8 / 2 / 2 == 2 && 8 / (2 / 2) == 8 && 2 * 3 / 4 == 1.5 && discount / rate == 1 && discount / 4 == 2.625
        1 / nothing == null && nothing / 2 == null && seats / (seats - 12) == null && amount / (seats - 12) == null
        9223372036854775807 / 0.001 == null && 922337203685477 / 1 == 922337203685477
        amount * 0.1 == 10000 && 0.1 * amount == 10000 && amount / 3 == 33333.33 && amount / 0.001 == 100000000
        fee / 1000 == 1.50 && fee * 0.0001 == 0.15 && -fee * 0.0001 == -0.15 && fee * 0.00001 == 0.02 && fee * rate == 15755.25
        amount / fee == 66.6445 && fee / amount * 100 == 1.5 && amount / dollars == null && amount / (fee - fee) == null
        duration("P3D") / 2 == duration("PT36H") && duration("P3D") / duration("P2D") == 1.5
        "#,
    );
}

#[test]
fn texts() {
    all_hold(
        r#"
        name.contains("зеленый") && name.contains("ЗЕЛЁНЫЙ  JOKER") && name.startsWith("СПОНСОР") && name.endsWith("joker")
        name != "спонсор зелёный joker" && contains(name, "зел")
        name < "Т" && name > "Р" && name >= "спонсор зеленый joker" && name <= "СПОНСОР ЗЕЛЕНЫЙ JOKER"
        email.endsWith("@JUG.RU") && url.contains("HTTPS") && !url.contains("о-нас") && url.contains("О-Нас")
        stage == "Won" && stage != "won" && stage.startsWith("wo") && stage < "x"
        name + "!" == "Спонсор Зелёный Joker!" && (name + empty) == null && (name + "Ё").endsWith("е")
        size(name) == 21 && size("ёж") == 2
        wait == "P1D" && wait in ["P1D"] && has(wait)
        "a" < "Б" && "е" <= "Ё" && "ё" <= "Е"
        "#,
    );
}

#[test]
fn dates() {
    all_hold(
        r#"
        close_date == "2026-11-05" && close_date >= date("2026-11-01") && close_date < "2026-12-01" && close_date in ["2026-11-05"]
        called_at == "2026-10-31T21:30:00Z" && called_at == timestamp("2026-11-01T00:30:00+03:00")
        called_at > "2026-11-01" && called_at < "2026-11-02" && called_at >= date("2026-11-01")
        today() == "2026-11-06" && close_date < today() && called_at < today() && day(now()) == today()
        now() > called_at && now() - called_at == duration("P5D") && now() - duration("120h") == called_at
        called_at + duration("P1DT1h") == "2026-11-01T22:30:00Z" && duration("30m") * 2 == duration("PT1H")
        close_date + duration("P1D") == today() && today() - duration("24h") == close_date && close_date + duration("1h") == null
        duration("90m") == duration("1h30m") && duration("P1W") == duration("168h") && duration("PT4H") > duration("239m")
        year(called_at) == 2026 && month(called_at) == "2026-11" && day(called_at) == "2026-11-01"
        month(close_date) == "2026-11" && year(close_date) == 2026 && day(close_date) == close_date
        week_start(0) == "2026-11-02" && week_start(-1) == "2026-10-26" && week_start(1) == "2026-11-09" && called_at < week_start(0)
        month_start(0) == "2026-11-01" && month_start(-1) == "2026-10-01" && month_start(2) == "2027-01-01" && called_at >= month_start(0)
        quarter_start(0) == "2026-10-01" && quarter_start(1) == "2027-01-01" && year_start(0) == "2026-01-01" && year_start(-1) == "2025-01-01"
        year_start(8000) == null && week_start(9223372036854775807) == null && close_date - duration("P4D") == month_start(0)
        opens == "09:30" && opens < "10:00:00" && opens in ["09:30:00"]
        created_at < updated_at && !has(deleted_at) && called_at + duration("P36600D") * 1000 == null
        "#,
    );
}

#[test]
fn links_and_people() {
    all_hold(
        r#"
        account == "00000000-0000-0000-0000-000000000001" && account != partner && account in [partner, account]
        account.city == "Казань" && account.parent.city == "Москва" && account.parent.parent.city == "Казань"
        account.name.contains("елка") && account.id == account && account.version == 3 && has(account.city)
        partner.city == null && !has(partner.city) && has(partner) && partner.id == null
        owner == me() && owner in my_team() && !(created_by in my_team()) && version == 3
        shows(name, "full") && shows(name, "subject") && shows(account.city, "full")
        about == "00000000-0000-0000-0000-000000000009" && about.module == "leads" && about.id == about
        id == "00000000-0000-0000-0000-000000000032"
        "#,
    );
}

#[test]
fn nobody_owns_what_nobody_owns() {
    let mut world = World::new();
    world.deal.owner = None;
    assert!(!world.test("owner == me()"));
    assert!(!world.test("owner in my_team()"));
    world.env.me = None;
    assert!(world.test("owner == me()"));
}

#[test]
fn choices() {
    all_hold(
        r#"
        "vip" in labels && !("VIP" in labels) && !("spam" in labels)
        labels.exists(t, t == "vip") && labels.exists(t, t.startsWith("JA")) && !labels.exists(t, t == stage)
        labels.all(t, t != "spam") && !labels.all(t, t == "vip") && exists(labels, t, t in ["java"])
        labels.exists(t, labels.exists(u, u != t)) && labels.all(name, name == "vip" || name == "java")
        size(labels) == 2 && labels != null && labels != []
        "#,
    );
}

#[rstest]
#[case("seats * 2", Value::Int(24))]
#[case("discount * 2", Value::Decimal { unscaled: 2100, scale: 2 })]
#[case("amount + fee", rub(10_150_050))]
#[case("duration(\"36h\")", text("PT36H"))]
#[case("name.contains(\"x\")", Value::Bool(false))]
#[case("paid ? stage : null", text("Won"))]
#[case("me()", Value::Id(id(7)))]
#[case("labels", Value::List(vec!["vip".to_owned(), "java".to_owned()]))]
#[case("notes", text("длинно"))]
#[case("month(called_at)", text("2026-11"))]
fn values(#[case] expression: &str, #[case] expected: Value) {
    assert_eq!(World::new().eval(expression), expected);
}
