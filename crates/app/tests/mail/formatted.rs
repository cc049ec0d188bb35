//! What somebody formats arrives at a real server in both forms, and as it was kept.

use std::time::{Duration, Instant};

use app::App;
use app::writing::Said;
use channels::smtp::{Smtp, SmtpSettings};
use channels::testing::SmtpServer;
use jiff::SignedDuration;
use serde_json::json;
use store::Work;

use crate::world::{World, offices};

const TYPED: &str = "**Здравствуйте!** Вот [программа](https://a.example/p):\n\n- день первый\n- 2*3*4 и \\*\n\n> <b>Как</b> Вы писали\n\nАнна";

#[test]
fn a_letter_with_marks_arrives_formatted_and_plain() {
    for database in offices() {
        let server = SmtpServer::start();
        let smtp = Smtp::new(&SmtpSettings::at(server.url())).unwrap();
        let world = World::with_mail(database, Some(smtp));
        let lead = json!({"name": "Анна", "email": "anna@client.example"});
        let lead = world.make_as("salesperson", "leads", &lead);
        let said = Said { subject: "Программа".to_owned(), text: TYPED.to_owned(), ..Said::default() };
        let write = move |app: &App, work: &mut Work<'_>| app.write_letter(work, ("leads", lead), &said, &[]);
        let letter = world.by("salesperson", write).unwrap().0;
        assert_eq!(letter.text("text"), Some(TYPED), "it is kept as it was typed");
        let workspace = world.app.workspace();
        workspace.move_clock(workspace.clock().now() + SignedDuration::from_secs(11)).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let app = world.app.clone();
        let running = runtime.spawn(async move { app.run_jobs().await });
        let begun = Instant::now();
        while world.text("messages", letter.id, "status").as_deref() != Some("sent") {
            assert!(begun.elapsed() < Duration::from_secs(30), "the letter does not go");
            std::thread::sleep(Duration::from_millis(50));
        }
        running.abort();
        runtime.shutdown_background();

        let arrived = server.arrived(0).unwrap();
        assert_eq!(arrived["defects"], json!([]));
        let part = |name: &str| arrived[name].as_str().unwrap().replace("\r\n", "\n").trim_end().to_owned();
        let plainly = "**Здравствуйте!** Вот программа (https://a.example/p):\n\n- день первый\n- 2*3*4 и *\n\n> <b>Как</b> Вы писали\n\nАнна";
        assert_eq!(part("text"), plainly);
        let html = part("html");
        assert_eq!(Some(html.as_str()), world.text("messages", letter.id, "html").as_deref().map(str::trim_end));
        for piece in [
            "<strong>Здравствуйте!</strong>",
            "<a href=\"https://a.example/p\"",
            ">2*3*4 и *</li>",
            "<blockquote type=\"cite\"",
            "&lt;b&gt;Как&lt;/b&gt;",
        ] {
            assert!(html.contains(piece), "{piece}: {html}");
        }
        assert!(!html.contains("<img") && !html.contains("<b>"), "{html}");
    }
}
