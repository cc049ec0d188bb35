//! Delivery keeps nothing else waiting.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use channels::outbox::DELIVER;
use channels::smtp::{Smtp, SmtpSettings};
use model::Actor;
use store::{Kinds, Work};

use crate::world::{World, offices};

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

#[test]
fn a_mail_server_that_hangs_stops_no_timer() {
    for database in offices() {
        // It takes calls and says nothing.
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("smtp://{}", silent.local_addr().unwrap());
        let world = World::with_mail(database, Some(Smtp::new(&SmtpSettings::at(url)).unwrap()));
        let (order, _) = world.order(1).unwrap();
        world.order(1).unwrap();
        let runtime = runtime();
        let app = world.app.clone();
        let running = runtime.spawn(async move { app.run_jobs().await });
        let begun = Instant::now();
        let all_under_way = || world.all("messages").iter().all(|letter| letter.text("status") == Some("sending"));
        while !all_under_way() {
            assert!(begun.elapsed() < Duration::from_secs(30), "letters are not even taken");
            std::thread::sleep(Duration::from_millis(50));
        }
        let workspace = world.app.workspace();
        workspace.move_clock(workspace.clock().now() + jiff::SignedDuration::from_hours(25)).unwrap();
        runtime.block_on(world.app.run_due()).unwrap();
        let reminders = world.get("orders", order).get("reminders").as_int();
        assert_eq!(reminders, Some(1), "the order is looked at while letters hang");
        running.abort();
        runtime.shutdown_background();
    }
}

#[test]
fn letters_wait_untouched_for_a_mail_server() {
    for database in offices() {
        let world = World::with_mail(database, None);
        world.order(1).unwrap();
        let job = |world: &World| {
            let read = |work: &mut Work<'_>| work.foreseen_job(Kinds::Only(&[DELIVER]), jiff::Timestamp::MAX);
            world.app.workspace().read_blocking(Actor::System("test"), read).unwrap().unwrap()
        };
        let before = job(&world);
        let done = runtime().block_on(world.app.run_due()).unwrap();
        assert!(done.iter().all(|done| done.kind != DELIVER), "{done:?}");
        assert_eq!(job(&world), before, "nothing puts it off");
        assert_eq!(world.all("messages")[0].text("status"), Some("queued"));
    }
}
