//! Money comes: whole, in parts, too much, twice, late; and goes back.

use serde_json::{Value, json};

use super::Stage;
use super::fate::{Case, Fate};
use crate::harness::api::{id, minor, text};
use crate::harness::{Answer, letters, rub};

/// What a part is, in kopecks.
const PART: i64 = 150_050;
/// What is paid too much.
const SURPLUS: i64 = 150;

pub(crate) fn of_the_first_day(stage: &Stage, cases: &[Case]) {
    for case in cases.iter().filter(|case| case.placed.is_some()) {
        let total = case.totals().0;
        let matched = |answer: Answer| assert_eq!(text(&answer.expect(201), "status"), "matched", "{}", case.number);
        match case.fate {
            Fate::PaidAtOnce | Fate::PaidThenCancelled | Fate::PaidCancelledReturned | Fate::PaidThenReturned => {
                matched(pay(stage, case, "a", total));
            }
            Fate::PaidInTwoParts => {
                matched(pay(stage, case, "a", PART));
                let order = stage.admin.record("orders", &case.order);
                assert_eq!(
                    (text(&order, "status"), minor(&order["paid"]), minor(&order["due"])),
                    ("pending", PART, total - PART)
                );
                matched(pay(stage, case, "b", total - PART));
            }
            Fate::PartPaidThenAnnulled => matched(pay(stage, case, "a", PART)),
            Fate::Overpaid => {
                let payment = pay(stage, case, "a", total + SURPLUS).expect(201);
                assert_eq!(
                    (text(&payment, "status"), minor(&payment["unallocated"])),
                    ("needs_attention", SURPLUS),
                    "{payment}"
                );
                assert_eq!(text(&payment, "needs_attention_reason"), "overpaid");
            }
            Fate::ToldTwice => {
                let first = pay(stage, case, "a", total).expect(201);
                // Told again, even with another sum: the first one is answered and nothing is written.
                for amount in [total, total + 1] {
                    assert_eq!(pay(stage, case, "a", amount).expect(200), first);
                }
            }
            _ => {}
        }
    }
}

/// What was paid for is sent: the tickets as PDF to the buyer, a copy to each guest.
pub(crate) fn letters_bring_tickets(stage: &Stage) {
    let mut files = 0;
    for letter in letters(&stage.admin, None) {
        let attachments = letter.json["attachments"].as_array().unwrap();
        let brings = matches!(letter.template.as_str(), "order_paid" | "ticket_issued");
        assert_eq!(attachments.len(), usize::from(brings), "{} to {}", letter.template, letter.to);
        for attachment in attachments {
            let file = stage.admin.raw("GET", text(attachment, "url"), &[], b"").unwrap();
            assert_eq!((file.status, file.header("content-type")), (200, Some("application/pdf")));
            assert!(file.body.starts_with(b"%PDF"), "{attachment}");
            assert_eq!(attachment["size"], Value::Null, "nobody has looked at it, so it was not drawn");
            files += 1;
        }
    }
    assert!(files > 100, "{files}");
}

/// Cancelled by the buyer's link, cancelled by staff, given back.
pub(crate) fn ends_of_the_first_day(stage: &Stage, cases: &[Case]) {
    let order = |case: &Case, name: &str| stage.admin.transition("orders", &case.order, name, json!({})).expect(200);
    for case in cases.iter().filter(|case| case.placed.is_some()) {
        match case.fate {
            Fate::CancelledByBuyer => {
                let url = text(case.placed.as_ref().unwrap(), "public_url");
                let token = url.rsplit("/p/o/").next().unwrap();
                let path = format!("/api/public/v1/orders/{token}/cancel");
                assert_eq!(text(&stage.public.post(&path, json!({})).expect(200), "status"), "cancelled");
                stage.public.post(&path, json!({})).refused(409, "invalid_transition");
            }
            Fate::PaidThenCancelled => {
                order(case, "cancel");
            }
            Fate::PaidCancelledReturned => {
                order(case, "cancel");
                order(case, "refund");
            }
            Fate::PaidThenReturned => {
                let refused = stage.admin.transition("orders", &case.order, "revive", json!({}));
                refused.refused(409, "invalid_transition");
                assert!(
                    refused.json["errors"].to_string().contains("cancel"),
                    "it says what is open: {}",
                    refused.json
                );
                order(case, "refund");
            }
            _ => {}
        }
    }
}

/// After the orders were annulled.
pub(crate) fn late(stage: &Stage, cases: &[Case]) {
    for case in cases.iter().filter(|case| case.placed.is_some()) {
        let (old, new) = case.totals();
        match case.fate {
            Fate::LateReturned => {
                let payment = pay_late(stage, case, old);
                stage.admin.transition("payments", id(&payment), "refund", json!({})).expect(200);
                let payment = stage.admin.record("payments", id(&payment));
                assert_eq!((text(&payment, "status"), minor(&payment["refunded"])), ("refunded", old), "{payment}");
            }
            Fate::LateRevivedAtOldPrice => {
                pay_late(stage, case, old);
                let order =
                    stage.admin.transition("orders", &case.order, "revive", json!({"keep_price": true})).expect(200);
                assert_eq!(text(&order, "status"), "paid", "its money was there: {order}");
            }
            Fate::LateRevivedAtNewPrice => {
                pay_late(stage, case, old);
                let order = stage.admin.transition("orders", &case.order, "revive", json!({})).expect(200);
                assert_eq!((text(&order, "status"), minor(&order["due"])), ("pending", new - old), "{order}");
                assert!(order["next_check_at"].is_string(), "{order}");
                pay(stage, case, "c", new - old).expect(201);
            }
            _ => {}
        }
    }
}

fn pay_late(stage: &Stage, case: &Case, amount: i64) -> Value {
    let payment = pay(stage, case, "late", amount).expect(201);
    assert_eq!((text(&payment, "status"), minor(&payment["unallocated"])), ("needs_attention", amount), "{payment}");
    assert_eq!(text(&payment, "needs_attention_reason"), "late_payment");
    let order = stage.admin.record("orders", &case.order);
    assert_eq!(
        (text(&order, "status"), text(&order, "attention_reason")),
        ("annulled", "late_payment"),
        "nothing else moved"
    );
    payment
}

/// As a provider's notice is booked by the site's back end.
pub(crate) fn pay(stage: &Stage, case: &Case, part: &str, amount: i64) -> Answer {
    let external_id = format!("pay-{}-{part}", case.number);
    let body = json!({
        "amount": rub(amount), "order": case.order, "method": "card", "provider": "bank", "external_id": external_id,
        "payer_name": "IVANOV I. I.",
    });
    stage.admin.post("/api/v1/payments", body)
}
