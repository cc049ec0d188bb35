//! Paths that lead nowhere, methods that are not served.

use super::routes::{ROUTES, filled};
use super::sample::Sample;
use super::{must, problem, refused};
use crate::harness::Api;

pub(crate) fn are_refused(admin: &Api, sample: &Sample) {
    let long = "a".repeat(6_000);
    let bad = [
        "nothing",
        "-",
        "0",
        "%00",
        "a%00b",
        "%zz",
        "%",
        "%f",
        "%ff%fe",
        "%c3%28",
        "..%2F..%2Fetc%2Fpasswd",
        "%2e%2e",
        "%F0%9F%8E%9F",
        "'%20or%201=1--",
        "users",
        "sqlite_master",
        "LEADS",
        "%20leads",
        "%7B%7D",
        long.as_str(),
        "99999999999999999999",
        "00000000-0000-0000-0000-000000000000",
        "0192f000-0000-7000-8000-000000000000",
        "%7Bid%7D",
    ];
    for (method, path) in ROUTES.iter().filter(|(_, path)| path.contains('{')) {
        let names: Vec<&str> = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        for wrong in &names {
            for value in bad {
                // A search, a clock … are doors of their own and no modules.
                let fill = |name: &str| if name == *wrong { value.to_owned() } else { sample.part(name) };
                let path = filled(path, &fill);
                let body: &[u8] = if *method == "GET" || *method == "DELETE" { b"" } else { b"{}" };
                refused(admin, method, &path, &[], body);
            }
        }
    }
    for path in ["/api/", "/api/v1/", "/api/v2/leads", "/api/public/v1/orders", "/api/v1/leads/", "/api/v1//leads"] {
        refused(admin, "GET", path, &[], b"");
        refused(admin, "POST", path, &[], b"{}");
    }
    wrong_methods(admin, sample);
}

fn wrong_methods(admin: &Api, sample: &Sample) {
    for (_, path) in ROUTES {
        let served: Vec<_> = ROUTES.iter().filter(|(_, other)| other == path).map(|(method, _)| *method).collect();
        for method in ["GET", "POST", "PATCH", "DELETE", "PUT", "TRACE", "PROPFIND", "LEADS"] {
            if served.contains(&method) {
                continue;
            }
            let path = filled(path, &|name| sample.part(name));
            let answer = admin.raw(method, &path, &[], b"").unwrap();
            let told = problem(&answer, &format!("{method} {path}"));
            // A path of a module's shape may be another door's: then nothing is there.
            must(matches!(answer.status, 404 | 405), || format!("{method} {path}: {told}"));
        }
    }
}
