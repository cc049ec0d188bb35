//! Every door that is proved here. A route that is added to the program must be added here too.

use std::collections::BTreeSet;

use crate::harness::Api;

/// Method, path, and whether it takes a body of JSON.
pub(crate) const ROUTES: &[(&str, &str)] = &[
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/api/v1/openapi.json"),
    ("GET", "/api/v1/me"),
    ("GET", "/api/v1/search"),
    ("GET", "/api/v1/stream"),
    ("GET", "/api/v1/notifications"),
    ("POST", "/api/v1/notifications/read"),
    ("GET", "/api/v1/{module}/{id}/follow"),
    ("PUT", "/api/v1/{module}/{id}/follow"),
    ("GET", "/api/v1/{module}/{id}/personal-data"),
    ("GET", "/api/v1/{module}/{id}/erase"),
    ("POST", "/api/v1/{module}/{id}/erase"),
    ("GET", "/api/v1/approvals"),
    ("POST", "/api/v1/approvals/{rule}/{run}"),
    ("GET", "/api/v1/jobs/{id}"),
    ("GET", "/api/v1/change-sets/{id}"),
    ("GET", "/api/v1/meta/modules"),
    ("GET", "/api/v1/meta/modules/{module}"),
    ("POST", "/api/v1/meta/modules"),
    ("PATCH", "/api/v1/meta/modules/{module}"),
    ("GET", "/api/v1/meta/modules/{module}/fields"),
    ("POST", "/api/v1/meta/modules/{module}/fields"),
    ("PATCH", "/api/v1/meta/modules/{module}/fields/{field}"),
    ("DELETE", "/api/v1/meta/modules/{module}/fields/{field}"),
    ("GET", "/api/v1/meta/packs"),
    ("POST", "/api/v1/meta/packs"),
    ("GET", "/api/v1/meta/packs/{pack}"),
    ("POST", "/api/v1/meta/packs/{pack}/revert"),
    ("POST", "/api/v1/undo/{id}"),
    ("GET", "/api/v1/undo/{id}"),
    ("PATCH", "/api/v1/me"),
    ("GET", "/api/v1/meta/organisation"),
    ("PATCH", "/api/v1/meta/organisation"),
    ("PUT", "/api/v1/meta/organisation/logo"),
    ("DELETE", "/api/v1/meta/organisation/logo"),
    ("GET", "/api/v1/meta/users"),
    ("GET", "/api/v1/tokens"),
    ("DELETE", "/api/v1/tokens/{id}"),
    ("POST", "/api/v1/meta/users"),
    ("PATCH", "/api/v1/meta/users/{id}"),
    ("GET", "/api/v1/meta/teams"),
    ("POST", "/api/v1/meta/teams"),
    ("PATCH", "/api/v1/meta/teams/{id}"),
    ("DELETE", "/api/v1/meta/teams/{id}"),
    ("GET", "/api/v1/meta/views"),
    ("POST", "/api/v1/meta/views"),
    ("PATCH", "/api/v1/meta/views/{id}"),
    ("DELETE", "/api/v1/meta/views/{id}"),
    ("GET", "/api/v1/meta/processes"),
    ("GET", "/api/v1/meta/processes/{process}/picture"),
    ("GET", "/api/v1/meta/processes/{process}/numbers"),
    ("POST", "/api/v1/meta/processes"),
    ("GET", "/api/v1/meta/processes/{process}"),
    ("PATCH", "/api/v1/meta/processes/{process}"),
    ("GET", "/api/v1/meta/roles"),
    ("POST", "/api/v1/meta/roles"),
    ("PATCH", "/api/v1/meta/roles/{role}"),
    ("DELETE", "/api/v1/meta/roles/{role}"),
    ("GET", "/api/v1/meta/rules"),
    ("POST", "/api/v1/meta/rules"),
    ("GET", "/api/v1/meta/rules/{rule}"),
    ("PATCH", "/api/v1/meta/rules/{rule}"),
    ("DELETE", "/api/v1/meta/rules/{rule}"),
    ("GET", "/api/v1/meta/rules/{rule}/runs"),
    ("POST", "/api/v1/meta/rules/{rule}/runs"),
    ("POST", "/api/v1/meta/rules/{rule}/dry-run"),
    ("POST", "/api/v1/meta/rules/{rule}/rerun"),
    ("POST", "/api/v1/meta/rules/{rule}/resume"),
    ("POST", "/api/v1/meta/rules/{rule}/address"),
    ("GET", "/api/v1/meta/rules/{rule}/webhooks"),
    ("GET", "/api/v1/meta/webhooks"),
    ("POST", "/api/v1/meta/webhooks/{id}/redeliver"),
    ("POST", "/api/v1/meta/webhook-secret"),
    ("GET", "/api/v1/meta/letters"),
    ("POST", "/api/v1/meta/letters"),
    ("GET", "/api/v1/meta/letters/{letter}"),
    ("PATCH", "/api/v1/meta/letters/{letter}"),
    ("DELETE", "/api/v1/meta/letters/{letter}"),
    ("POST", "/api/v1/meta/letters/{letter}/preview"),
    ("GET", "/api/v1/meta/site_letters"),
    ("POST", "/api/v1/meta/site_letters"),
    ("GET", "/api/v1/meta/site_letters/{site_letter}"),
    ("PATCH", "/api/v1/meta/site_letters/{site_letter}"),
    ("DELETE", "/api/v1/meta/site_letters/{site_letter}"),
    ("POST", "/api/v1/meta/site_letters/{site_letter}/try"),
    ("GET", "/api/v1/meta/surveys"),
    ("POST", "/api/v1/meta/surveys"),
    ("GET", "/api/v1/meta/surveys/{survey}"),
    ("PATCH", "/api/v1/meta/surveys/{survey}"),
    ("DELETE", "/api/v1/meta/surveys/{survey}"),
    ("GET", "/api/v1/meta/surveys/{survey}/results"),
    ("GET", "/api/v1/meta/surveys/{survey}/answers.csv"),
    ("GET", "/api/v1/meta/mailboxes"),
    ("POST", "/api/v1/meta/mailboxes"),
    ("PATCH", "/api/v1/meta/mailboxes/{id}"),
    ("DELETE", "/api/v1/meta/mailboxes/{id}"),
    ("POST", "/api/v1/meta/mailboxes/{id}/try"),
    ("POST", "/api/v1/meta/mailboxes/{id}/look"),
    ("GET", "/api/v1/meta/mailboxes/{id}/letters"),
    ("GET", "/api/v1/meta/lines"),
    ("POST", "/api/v1/meta/lines"),
    ("PATCH", "/api/v1/meta/lines/{id}"),
    ("DELETE", "/api/v1/meta/lines/{id}"),
    ("POST", "/api/v1/meta/lines/{id}/connect"),
    ("POST", "/api/v1/meta/lines/{id}/try"),
    ("GET", "/api/v1/meta/forms"),
    ("POST", "/api/v1/meta/forms"),
    ("GET", "/api/v1/meta/forms/{form}"),
    ("PATCH", "/api/v1/meta/forms/{form}"),
    ("DELETE", "/api/v1/meta/forms/{form}"),
    ("POST", "/api/v1/surveys/send"),
    ("POST", "/api/v1/surveys/{sent}/send"),
    ("PUT", "/api/v1/meta/users/{id}/absence"),
    ("POST", "/api/v1/check-in"),
    ("GET", "/api/v1/sandbox/clock"),
    ("POST", "/api/v1/sandbox/clock"),
    ("GET", "/api/v1/sandbox/outbox"),
    ("GET", "/api/v1/sandbox/outbox/{id}/attachments/{index}"),
    ("GET", "/api/v1/tickets/{id}/pdf"),
    ("GET", "/api/v1/{module}"),
    ("POST", "/api/v1/{module}"),
    ("POST", "/api/v1/{module}/batch"),
    ("GET", "/api/v1/{module}/{id}"),
    ("PATCH", "/api/v1/{module}/{id}"),
    ("DELETE", "/api/v1/{module}/{id}"),
    ("POST", "/api/v1/{module}/{id}/restore"),
    ("GET", "/api/v1/{module}/{id}/timeline"),
    ("GET", "/api/v1/{module}/{id}/history"),
    ("GET", "/api/v1/leads/{id}/convert"),
    ("POST", "/api/v1/leads/{id}/convert"),
    ("POST", "/api/v1/deals/{deal}/questionnaire"),
    ("POST", "/api/v1/deals/{deal}/contract"),
    ("POST", "/api/v1/deals/{deal}/invoice"),
    ("POST", "/api/v1/deals/{deal}/papers"),
    ("GET", "/api/v1/contracts/{id}/pdf"),
    ("GET", "/api/v1/invoices/{id}/pdf"),
    ("POST", "/api/v1/messages/{message}/sort"),
    ("POST", "/api/v1/intake"),
    ("POST", "/api/v1/rejected_requests/{rejected}/resubmit"),
    ("POST", "/api/v1/{module}/{id}/letters"),
    ("POST", "/api/v1/{module}/{id}/messages"),
    ("PUT", "/api/v1/messages/{message}/letter"),
    ("DELETE", "/api/v1/messages/{message}/letter"),
    ("POST", "/api/v1/{module}/{id}/files"),
    ("GET", "/api/v1/{module}/{id}/files/{file_id}"),
    ("POST", "/api/v1/{module}/{id}/transitions/{name}"),
    ("POST", "/api/public/v1/events/{slug}/orders"),
    ("POST", "/api/public/v1/events/{slug}/group-orders"),
    ("POST", "/api/public/v1/events/{slug}/waiting-list"),
    ("POST", "/hooks/{secret}"),
    ("POST", "/api/hooks/telephone/{line}"),
    ("POST", "/api/hooks/telephone/{line}/events/{event}"),
    ("POST", "/api/hooks/messages/{line}"),
    ("GET", "/api/hooks/requests/{line}"),
    ("POST", "/api/hooks/requests/{line}"),
    ("POST", "/api/public/v1/orders/{token}/agree"),
    ("POST", "/api/public/v1/orders/{token}/decline"),
    ("POST", "/api/public/v1/orders/{token}/cancel"),
    ("PUT", "/api/public/v1/orders/{token}/attendees"),
    ("POST", "/api/public/v1/forms/{form}"),
    ("GET", "/api/public/v1/surveys/{link}"),
    ("POST", "/api/public/v1/surveys/{link}"),
    ("POST", "/api/public/v1/surveys/{link}/files"),
];

/// Whether anybody may knock without a token.
pub(crate) fn is_public(path: &str) -> bool {
    path.starts_with("/api/public/") || is_signed(path) || !path.starts_with("/api/")
}

/// Whether only those are heard who sign what they say: providers.
pub(crate) fn is_signed(path: &str) -> bool {
    path.starts_with("/api/hooks/")
}

/// A path with its variable parts filled.
pub(crate) fn filled(path: &str, fill: &dyn Fn(&str) -> String) -> String {
    let parts = path.split('/').map(|part| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
        Some(name) => fill(name),
        None => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("/")
}

/// The program's own description of its doors names no other ones, and none of these is missing in it.
pub(crate) fn are_all_listed(admin: &Api) {
    let document = admin.get("/api/v1/openapi.json").expect(200);
    let paths = document["paths"].as_object().unwrap();
    assert!(!paths.is_empty());
    let served: BTreeSet<(String, String)> = paths
        .iter()
        .flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(|method| (method.to_uppercase(), general(path)))
        })
        .collect();
    let listed: BTreeSet<(String, String)> =
        ROUTES.iter().map(|(method, path)| ((*method).to_owned(), general(path))).collect();
    let unproved: Vec<_> = served.difference(&listed).collect();
    assert!(unproved.is_empty(), "doors that this proof does not know: {unproved:?}");
    let undescribed: Vec<_> = listed.difference(&served).collect();
    assert!(undescribed.is_empty(), "doors that the OpenAPI document does not name: {undescribed:?}");
}

/// The document names each module and the moves of its process; here they are one door.
fn general(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').collect();
    let fixed = [
        "meta",
        "tokens",
        "sandbox",
        "search",
        "stream",
        "me",
        "jobs",
        "change-sets",
        "check-in",
        "intake",
        "openapi.json",
        "undo",
        "notifications",
    ];
    let is_ticket_file = path.ends_with("/pdf");
    let of_module = parts.get(1..3) == Some(&["api", "v1"]) && parts.get(3).is_some_and(|part| !fixed.contains(part));
    let general: Vec<&str> = parts
        .iter()
        .enumerate()
        .map(|(place, part)| match (place, part.starts_with('{')) {
            (3, _) if of_module && !is_ticket_file => "{}",
            (6, _) if of_module && parts.get(5) == Some(&"transitions") => "{}",
            (_, true) => "{}",
            _ => part,
        })
        .collect();
    general.join("/")
}
