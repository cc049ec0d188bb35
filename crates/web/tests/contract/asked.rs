//! What is asked of an operation is known to it, whichever it is: a misspelt parameter is a fault, not silence.

use crate::world::worlds;

/// The address with something in place of what varies in it.
fn filled(path: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect::<Vec<_>>().join("/")
}

#[tokio::test(flavor = "multi_thread")]
async fn no_operation_passes_over_a_parameter_that_it_does_not_know() {
    for world in worlds() {
        let described = world.admin.get("/api/v1/openapi.json").await.expect(200);
        for (path, methods) in described["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let method = method.to_uppercase();
                let asked = format!("{}?nonsense=1", filled(path));
                // What others write behind the address of a door is theirs to say, and signed with it.
                if path.starts_with("/api/hooks/") {
                    world.anybody().send(&method, &asked, &[], None).await.refused(401, "bad_signature");
                    continue;
                }
                let is_public = operation.get("security").is_some();
                world.admin.send(&method, &asked, &[], None).await.refused(400, "unknown_parameter");
                let stranger = world.anybody().send(&method, &asked, &[], None).await;
                // Misunderstandings are told only to those who may come in.
                let (status, code) = if is_public { (400, "unknown_parameter") } else { (401, "unauthenticated") };
                stranger.refused(status, code);
            }
        }
        world.admin.get("/api/v1/leads?limit=1&filter=").await.expect(200);
        world.admin.get("/api/v1/me?").await.expect(200);
    }
}
