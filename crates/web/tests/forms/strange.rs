//! What comes to the doors of strangers as JSON, as a form and as a form with files, changed by chance: it is taken or refused, and
//! what is kept has no control characters. `PLENARY_SEED` and `PLENARY_ROUNDS` say where the chance begins and how long it goes on.

use serde_json::{Value, json};
use store::testing::{Dice, changed, rounds, seed};

use super::world::worlds;
use super::{REQUEST, found, sent};

const MULTIPART: &str = "multipart/form-data; boundary=x";
const FORM: &str = "application/x-www-form-urlencoded";
const FILLED: &str =
    "name=Boris+Lee&email=boris%40example.org&phone=8+921+123-45-67&need=Seats%0D%0Aand+food&consent=on&utm_source=vk";
const PARTS: &str = "--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nVera Lind\r\n\
    --x\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nvera@example.org\r\n\
    --x\r\nContent-Disposition: form-data; name=\"need\"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nFood\r\n\
    --x\r\nContent-Disposition: form-data; name=\"consent\"\r\n\r\nyes\r\n\
    --x\r\nContent-Disposition: form-data; name=\"brief\"; filename=\"a.txt\"\r\n\r\nbytes\r\n--x--\r\n";
const PIECES: [&[u8]; 26] = [
    b"\"",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"&",
    b"=",
    b"%",
    b"%00",
    b"%07",
    b"%ff",
    b"+",
    b"\\u0000",
    b"\\u001b",
    b"\\ud800",
    b"\0",
    b"\x07",
    b"\xff",
    b"\r\n",
    b"\r\n\r\n",
    b"--x",
    b"--x--",
    b"null",
    b"&name=",
];

/// Texts of a record, by the field; what is kept as JSON is told as it came.
fn texts(record: &Value) -> impl Iterator<Item = (&str, &str)> {
    record.as_object().into_iter().flatten().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_comes_is_taken_or_refused() {
    let (seed, rounds) = (seed(23), rounds(3).saturating_mul(40));
    for world in worlds() {
        let (api, site, mut dice) = (&world.admin, world.anybody(), Dice::new(seed));
        let kind = world.event("strange").await;
        let said =
            json!({"name": "Anna Ray", "email": "anna@example.org", "need": "A stand\nand a screen", "consent": true});
        let order = json!({
            "buyer": {"name": "Anna Ray", "email": "anna@example.org", "phone": "8 (921) 123-45-67"},
            "tickets": [{"ticket_type": kind}], "source": {"utm_source": "vk"},
        });
        let orders = "/api/public/v1/events/strange/orders";
        let (said, order) = (said.to_string(), order.to_string());
        let bodies = [
            (REQUEST, "application/json", said.as_str()),
            (REQUEST, FORM, FILLED),
            (REQUEST, MULTIPART, PARTS),
            ("/forms/request", FORM, FILLED),
            (orders, "application/json", order.as_str()),
            ("/api/public/v1/events/strange/waiting-list", "application/json", order.as_str()),
        ];
        let others = bodies.map(|(_, _, body)| body.as_bytes());
        let mut taken = 0;
        for round in 0..rounds {
            let (path, kind, body) = *dice.pick(&bodies);
            // Now and then somebody says it as it should be said.
            let body =
                if dice.one_in(10) { body.into() } else { changed(&mut dice, body.as_bytes(), &PIECES, &others) };
            let text = String::from_utf8_lossy(&body).into_owned();
            let answer = sent(&site, path, kind, body).await;
            assert!(
                answer.status < 500,
                "PLENARY_SEED={seed}, round {round}: {} of {path} as {kind}\n{text}",
                answer.status
            );
            taken += u64::from(answer.status < 400);
        }
        assert!(taken > 0 && taken < rounds, "{taken} of {rounds}");
        let kept = [
            ("leads", "name"),
            ("messages", "channel"),
            ("orders", "number"),
            ("contacts", "name"),
            ("rejected_requests", "source"),
        ];
        for (module, field) in kept {
            for record in found(api, module, &format!("has({field})")).await {
                for (field, text) in texts(&record) {
                    let is_clean = text.chars().all(|sign| !sign.is_control() || matches!(sign, '\n' | '\r' | '\t'));
                    assert!(is_clean, "PLENARY_SEED={seed}: {field} of {module}: {text:?}");
                }
            }
        }
        println!("proved: {rounds} bodies at the doors of strangers, of which {taken} were taken");
    }
}
