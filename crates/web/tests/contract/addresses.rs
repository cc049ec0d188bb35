//! What stands under `/api` is for programs: nothing there is a page, and nothing leads to one.

use crate::world::worlds;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_operation_is_a_problem() {
    for world in worlds() {
        let addresses =
            ["/api", "/api/", "/api/v1", "/api/v1/", "/api/v2/leads", "//api/v1/leads", "/api//v1/leads", "/api/new"];
        for address in addresses {
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] {
                for (who, api) in [("admin", &world.admin), ("anybody", &world.anybody())] {
                    let answer = api.send(method, address, &[("accept", "text/html")], None).await;
                    assert!(matches!(answer.status, 404 | 405), "{method} {address} by {who}: {}", answer.status);
                    assert_eq!(
                        answer.headers["content-type"], "application/problem+json",
                        "{method} {address} by {who}"
                    );
                }
            }
        }
        world.admin.send("PUT", "/api/v1/leads", &[], None).await.refused(405, "method_not_allowed");
        world.admin.get("/api/v1/leads").await.expect(200);
    }
}
