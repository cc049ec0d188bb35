//! A workspace that is no rehearsal, so that letters go and come; and what of it stands where nobody serves it.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use serde_json::{Value, json};
use store::{DbOptions, Workspace};

use crate::harness::api::id;
use crate::harness::world::ADMIN;
use crate::harness::{Api, Kind, World, rub};

/// Longer than anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A workspace, and the options that it is served with.
pub(crate) struct Post {
    world: World,
    token: String,
    options: Vec<String>,
}

impl Post {
    /// Served with these options.
    pub(crate) fn open(kind: Kind, options: &[&str]) -> Self {
        let world = World::empty(kind);
        world.run(&["init", "--admin-email", ADMIN, "--admin-password", "correct horse", "--locale", "en"]);
        let token = world.run(&["token", "create", "--user", ADMIN, "--name", "proof"]).trim().to_owned();
        let options = options.iter().map(|&option| option.to_owned()).collect();
        let mut post = Self { world, token, options };
        post.start();
        post
    }

    pub(crate) fn start(&mut self) {
        let options: Vec<&str> = self.options.iter().map(String::as_str).collect();
        self.world.start_with(&options);
    }

    /// As a loss of power does.
    pub(crate) fn kill(&mut self) {
        self.world.server().kill();
    }

    pub(crate) fn admin(&self) -> Api {
        Api::new(self.world.address(), Some(self.token.clone()))
    }

    /// What stands while nobody serves it.
    pub(crate) fn asleep<T>(&self, look: impl FnOnce(&Workspace) -> T) -> T {
        let place = self.world.place();
        let options = match place.get(3) {
            Some(url) => DbOptions::postgres(url, "plenary_main"),
            None => DbOptions::sqlite(Path::new(&place[1]).join("plenary.db")),
        };
        let workspace = Workspace::open(options).unwrap();
        let seen = look(&workspace);
        workspace.db().close_blocking();
        seen
    }

    /// The workspace's time goes on while nobody serves it.
    pub(crate) fn passes(&self, time: SignedDuration) {
        self.asleep(|workspace| workspace.move_clock(workspace.clock().now() + time).unwrap());
    }

    /// An event on sale, and the type of its tickets: each order sends a letter.
    pub(crate) fn sale(&self, slug: &str) -> String {
        let event = json!({
            "name": "Autumn meeting", "slug": slug, "kind": "conference", "status": "on_sale", "currency": "RUB",
            "starts_on": "2099-10-01", "ends_on": "2099-10-02", "venue": "Harbour",
        });
        let event = self.admin().create("events", event);
        let tiers = json!([{"price": rub(1_000_000), "from": null, "until": null}]);
        let kind = json!({"event": id(&event), "name": "Guest", "quota": 100_000, "price_tiers": tiers});
        id(&self.admin().create("ticket_types", kind)).to_owned()
    }

    /// Somebody orders, and is answered; false where the program has gone away.
    pub(crate) fn order(&self, slug: &str, kind: &str, email: &str) -> bool {
        let body = json!({"buyer": {"name": "Guest Somebody", "email": email}, "tickets": [{"ticket_type": kind}]});
        let public = Api::new(self.world.address(), None);
        let placed = public.try_call("POST", &format!("/api/public/v1/events/{slug}/orders"), &[], &body);
        placed.is_ok_and(|answer| {
            answer.expect(201);
            true
        })
    }

    /// Everything that was checked of a workspace holds.
    pub(crate) fn check(&self) {
        self.world.run(&["check"]);
    }

    /// Ends it in good order; the log must hold no error.
    pub(crate) fn end(self) {
        self.world.end();
    }

    fn log(&mut self) -> String {
        let log = self.world.server().log();
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(15)..].join("\n")
    }
}

/// Runs a proof and says on which database it failed, with the end of the program's log.
pub(crate) fn on(kind: Kind, options: &[&str], proof: impl FnOnce(&mut Post)) {
    let mut post = Post::open(kind, options);
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| proof(&mut post))) {
        eprintln!("failed on {kind:?}; the end of the log:\n{}", post.log());
        resume_unwind(panic);
    }
    post.end();
}

/// Waits until something is so, and not for ever.
#[track_caller]
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// All pages of a list, whose items are told in `data`.
pub(crate) fn pages(api: &Api, path: &str) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = api.get(&format!("{path}{cursor}")).expect(200);
        all.extend(page["data"].as_array().unwrap().iter().cloned());
        let Some(next) = page["next_cursor"].as_str() else { return all };
        cursor = format!("&cursor={next}");
    }
}
