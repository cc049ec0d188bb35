//! What an organiser may set on events and ticket types.

use serde_json::json;

use crate::world::{code, on_both, tiers};

#[test]
fn slips_of_the_pen_are_refused_by_field() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "1.00")]);
        let at = |text: &str| Some(text.parse().unwrap());
        let backwards = tiers(&[("1.00", at("2027-01-02T00:00:00Z"), at("2027-01-01T00:00:00Z"))]);
        let cases = [
            ("events", json!({"payment_wait": "PT0S"}), "payment_wait out_of_range"),
            ("events", json!({"grace": "P9Y"}), "grace out_of_range"),
            ("events", json!({"slug": "Моя конференция"}), "slug invalid_slug"),
            ("events", json!({"ends_on": "2027-04-12"}), "ends_on out_of_range"),
            ("events", json!({"currency": "RUR"}), "currency invalid_currency"),
            ("events", json!({"currency": "EUR"}), "currency in_use"),
            ("events", json!({"capacity": -1, "max_looks": 0}), "capacity out_of_range, max_looks out_of_range"),
            ("ticket_types", json!({"quota": -1}), "quota out_of_range"),
            ("ticket_types", json!({"price_tiers": []}), "price_tiers required"),
            (
                "ticket_types",
                json!({"price_tiers": tiers(&[("-1.00", None, None)])}),
                "price_tiers[0].price out_of_range",
            ),
            ("ticket_types", json!({"price_tiers": backwards}), "price_tiers[0].until out_of_range"),
            (
                "ticket_types",
                json!({"price_tiers": [{"price": {"amount": "1.00", "currency": "EUR"}}]}),
                "price_tiers[0].price other_currency",
            ),
            (
                "ticket_types",
                json!({"price_tiers": [{"price": {"amount": "1.00", "currency": "RUB"}, "till": null}]}),
                "price_tiers[0].till unknown_field",
            ),
            (
                "ticket_types",
                json!({"price_tiers": [{"price": {"amount": "1.00", "currency": "RUB"}, "from": "tomorrow"}]}),
                "price_tiers[0].from invalid_datetime",
            ),
            ("ticket_types", json!({"price_tiers": [{"price": "1.00"}]}), "price_tiers[0].price invalid_money"),
            ("ticket_types", json!({"price_tiers": [{}]}), "price_tiers[0].price required"),
            (
                "ticket_types",
                json!({"sale_from": "2027-01-02T00:00:00Z", "sale_until": "2027-01-02T00:00:00Z"}),
                "sale_until out_of_range",
            ),
        ];
        for (module, fields, expected) in cases {
            let id = if module == "events" { event.id } else { event.types[0] };
            assert_eq!(code(world.change(module, id, fields.clone())), expected, "{fields}");
        }
    });
}

#[test]
fn tiers_are_kept_in_one_form() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "1.00")]);
        let money = |amount: &str| json!({"amount": amount, "currency": "RUB"});
        let loose = json!([{"price": money("15"), "until": "2027-01-01T03:00:00+03:00"}, {"price": money("20.0")}]);
        let kind = world.change("ticket_types", event.types[0], json!({"price_tiers": loose})).unwrap();
        let kept = json!([
            {"price": money("15.00"), "from": null, "until": "2027-01-01T00:00:00Z"},
            {"price": money("20.00"), "from": null, "until": null},
        ]);
        assert_eq!(kind.get("price_tiers").to_json(), kept);
    });
}
