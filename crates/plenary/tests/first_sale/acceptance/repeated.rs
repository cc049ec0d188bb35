//! The same request twice is one request.

use std::thread;

use serde_json::json;

use super::Stage;

/// Returns how many seats of the first ticket type were taken: one.
pub(crate) fn make_one_order(stage: &Stage) -> i64 {
    let (public, path) = (&stage.public, stage.sale.orders_path());
    let before = stage.admin.count("orders");
    let body = stage.sale.request("Gleb Repeating", "gleb@example.com", None, &[0]);
    let key = [("Idempotency-Key", "site-order-77")];
    let together: Vec<_> = thread::scope(|scope| {
        let sending: Vec<_> = (0..4).map(|_| scope.spawn(|| public.call("POST", &path, &key, &body))).collect();
        sending.into_iter().map(|sent| sent.join().unwrap()).collect()
    });
    let first = together[0].clone().expect(201);
    for again in together.into_iter().chain([public.call("POST", &path, &key, &body)]) {
        assert_eq!(again.clone().expect(201), first, "the repeat gets the first answer");
    }
    let other = stage.sale.request("Gleb Repeating", "gleb@example.com", None, &[0, 0]);
    public.call("POST", &path, &key, &other).refused(422, "validation_failed");
    assert_eq!(stage.admin.count("orders"), before + 1);

    // A request that was refused does not use its key up.
    let key = [("Idempotency-Key", "site-order-78")];
    public.call("POST", &path, &key, &json!({"tickets": []})).refused(422, "validation_failed");
    for bad in ["", &"k".repeat(300)] {
        public.call("POST", &path, &[("Idempotency-Key", bad)], &body).refused(400, "invalid_idempotency_key");
    }
    assert_eq!(stage.admin.count("orders"), before + 1);
    1
}
