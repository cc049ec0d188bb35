//! Roles in the settings, looking as another user, and who sees a record: by forms alone, in both languages.

use axum::http::StatusCode;
use jiff::civil;
use model::rights::{Capability, Scope};
use model::{Actor, Locale};
use store::{Draft, Origin, Work};

use super::browser::Browser;
use super::{World, colleague, set_up};

/// The form of a role's page as a browser would send it back.
async fn form(browser: &mut Browser, role: &str) -> Vec<(String, String)> {
    sent(&browser.page(&format!("/settings/roles/{role}")).await)
}

/// What the form of a page would send.
fn sent(page: &str) -> Vec<(String, String)> {
    let form = page.split_once("id=\"role\"").unwrap().1.split("</form>").next().unwrap().to_owned();
    let mut pairs = Vec::new();
    let mut select = String::new();
    for tag in form.split('<').skip(1).map(|tag| tag.split('>').next().unwrap()) {
        let attribute = |name: &str| Some(tag.split_once(&format!(" {name}=\""))?.1.split('"').next()?.to_owned());
        let is = |name: &str| tag.split_whitespace().any(|word| word == name);
        if tag.starts_with("select ") {
            select = attribute("name").unwrap();
        } else if tag.starts_with("option ") && is("selected") {
            pairs.push((select.clone(), attribute("value").unwrap()));
        } else if tag.starts_with("input ") && (!tag.contains("checkbox") || is("checked")) && !is("disabled") {
            pairs.push((attribute("name").unwrap(), attribute("value").unwrap_or_default()));
        }
    }
    pairs
}

async fn save(browser: &mut Browser, role: &str, pairs: &[(String, String)]) -> super::browser::Answer {
    let body = serde_urlencoded::to_string(pairs).unwrap();
    browser.post(&format!("/settings/roles/{role}"), &body).await
}

fn set(pairs: &mut Vec<(String, String)>, name: &str, value: &str) {
    pairs.retain(|pair| pair.0 != name);
    pairs.push((name.to_owned(), value.to_owned()));
}

fn role(world: &World, name: &str) -> model::rights::Role {
    world.web.app.workspace().knowledge().definitions.role(name).unwrap().as_ref().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_made_and_its_matrix_saved_by_forms() {
    for locale in Locale::ALL {
        let (world, mut browser) = set_up(locale).await;
        let all = browser.page("/settings/roles").await;
        assert!(all.contains("href=\"/settings/roles/salesperson\"") && all.contains("class=\"overview\""));
        let new = "label_ru=Стажёр&label_en=Intern&name=intern&copy_of=salesperson";
        assert_eq!(browser.post("/settings/roles", new).await.location(), "/settings/roles/intern");
        let again = browser.post("/settings/roles", new).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.text.contains("value=\"Intern\""), "what was typed stays");

        let mut pairs = form(&mut browser, "intern").await;
        let before = role(&world, "intern");
        assert_eq!(save(&mut browser, "intern", &pairs).await.location(), "/settings/roles/intern");
        assert_eq!(role(&world, "intern"), before, "what is saved as it was stays as it was");
        pairs = form(&mut browser, "intern").await;
        set(&mut pairs, "leads.read", "team");
        set(&mut pairs, "leads.update", "own");
        set(&mut pairs, "leads.export", "on");
        set(&mut pairs, "leads.hidden", "phone");
        set(&mut pairs, "leads.read_only", "company");
        set(&mut pairs, "capabilities", "check_in");
        assert_eq!(save(&mut browser, "intern", &pairs).await.location(), "/settings/roles/intern");
        let intern = role(&world, "intern");
        let leads = &intern.modules["leads"];
        assert_eq!((leads.read, leads.update, leads.export), (Scope::Team, Scope::Own, true));
        assert_eq!((&leads.hidden[..], &leads.read_only[..]), (&["phone".to_owned()][..], &["company".to_owned()][..]));
        assert_eq!(
            (intern.capabilities, &intern.modules["deals"]),
            (vec![Capability::CheckIn], &before.modules["deals"])
        );
    }
}

/// The marks of parts that a page carries, by part.
fn carried(pairs: &[(String, String)], part: &str) -> String {
    pairs.iter().find(|pair| pair.0 == format!("was.{part}")).unwrap().1.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_change_one_role_the_later_sees_what_the_other_made() {
    for locale in Locale::ALL {
        let (world, mut browser) = set_up(locale).await;
        let mine = form(&mut browser, "salesperson").await;
        let mut theirs = mine.clone();
        set(&mut theirs, "leads.read", "all");
        set(&mut theirs, "deals.read", "team");
        save(&mut browser, "salesperson", &theirs).await;

        // What only the other changed stays theirs.
        let mut apart = mine.clone();
        set(&mut apart, "accounts.read", "all");
        assert_eq!(save(&mut browser, "salesperson", &apart).await.location(), "/settings/roles/salesperson");
        let both = role(&world, "salesperson");
        let reads = |module: &str| both.grant(module).unwrap().read;
        assert_eq!((reads("leads"), reads("deals"), reads("accounts")), (Scope::All, Scope::Team, Scope::All));

        // What both changed is decided by the later one.
        let mut same = mine.clone();
        set(&mut same, "leads.read", "team");
        set(&mut same, "contacts.read", "team");
        let refused = save(&mut browser, "salesperson", &same).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("data-overtaken"), "{}", refused.text);
        assert_eq!(role(&world, "salesperson"), both, "nothing of it is saved");
        let again = sent(&refused.text);
        let value = |name: &str| again.iter().find(|pair| pair.0 == name).unwrap().1.clone();
        assert_eq!((value("leads.read"), value("contacts.read")), ("team".to_owned(), "team".to_owned()), "mine stays");
        assert_eq!(
            (value("deals.read"), value("accounts.read")),
            ("team".to_owned(), "all".to_owned()),
            "so do theirs"
        );
        assert_ne!(carried(&again, "modules.leads"), carried(&mine, "modules.leads"));
        assert_eq!(save(&mut browser, "salesperson", &again).await.location(), "/settings/roles/salesperson");
        let last = role(&world, "salesperson");
        let reads = |module: &str| last.grant(module).unwrap().read;
        assert_eq!((reads("leads"), reads("deals"), reads("contacts")), (Scope::Team, Scope::Team, Scope::Team));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_version_of_a_pack_is_somebody_else_too() {
    let (world, mut browser) = set_up(Locale::Ru).await;
    let mut mine = form(&mut browser, "salesperson").await;
    let mut files = app::packs::find("crm").unwrap().files;
    let text = files.get_mut("roles/salesperson.toml").unwrap();
    assert!(!role(&world, "salesperson").modules["leads"].export && text.contains("[modules.leads]\n"), "{text}");
    *text = text.replacen("[modules.leads]\n", "[modules.leads]\nexport = true\n", 1);
    let pack = model::pack::Pack::read(files).unwrap();
    let workspace = world.web.app.workspace().clone();
    tokio::task::spawn_blocking(move || workspace.apply_pack(&pack).unwrap()).await.unwrap();
    set(&mut mine, "leads.read", "team");
    let refused = save(&mut browser, "salesperson", &mine).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "the version of the own pack is still the same");
    assert!(refused.text.contains("data-overtaken"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_goes_when_its_users_have_another() {
    for locale in Locale::ALL {
        let (world, mut browser) = set_up(locale).await;
        let new = "label_ru=Стажёр&label_en=Intern&name=intern&copy_of=salesperson";
        browser.post("/settings/roles", new).await;
        assert!(!browser.page("/settings/roles/salesperson").await.contains("id=\"delete-role\""), "a pack's own");
        assert!(!browser.page("/settings/roles/intern").await.contains("name=\"move_to\""), "nobody has it");
        colleague(&world, "intern").await;
        let page = browser.page("/settings/roles/intern").await;
        assert!(page.contains("name=\"move_to\"") && page.contains("href=\"/settings/users/"), "{page}");
        let refused = browser.post("/settings/roles/intern/delete", "").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let why = match locale {
            Locale::Ru => "сначала дайте им другую",
            Locale::En => "give them another one first",
        };
        assert!(refused.text.contains(why), "{}", refused.text);
        let gone = browser.post("/settings/roles/intern/delete", "move_to=secretary").await;
        assert_eq!(gone.location(), "/settings/roles");
        assert!(!browser.page("/settings/roles").await.contains("/settings/roles/intern"));
        let accounts =
            world.web.app.workspace().read(model::Actor::System("test"), |work| work.accounts()).await.unwrap();
        let moved = accounts.iter().find(|account| account.email == "intern@java.example").unwrap();
        assert_eq!(moved.roles, ["secretary"]);
        assert_eq!(browser.get("/settings/roles/intern").await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_of_a_pack_goes_back_to_what_it_was() {
    let (world, mut browser) = set_up(Locale::Ru).await;
    let before = role(&world, "organiser");
    let mut pairs = form(&mut browser, "organiser").await;
    assert!(!pairs.iter().any(|pair| pair.0 == "reset"));
    set(&mut pairs, "leads.read", "own");
    set(&mut pairs, "leads.update", "own");
    save(&mut browser, "organiser", &pairs).await;
    let changed = role(&world, "organiser");
    assert_eq!(changed.modules["leads"].read, Scope::Own);
    assert!(!changed.modules.contains_key("deals"), "what is as every other module stays so");
    assert!(browser.page("/settings/roles/organiser").await.contains("name=\"reset\" value=\"leads\""));
    let mut pairs = form(&mut browser, "organiser").await;
    set(&mut pairs, "reset", "leads");
    save(&mut browser, "organiser", &pairs).await;
    assert_eq!(role(&world, "organiser"), before);

    let mut pairs = form(&mut browser, "administrator").await;
    pairs.retain(|pair| pair.0 != "capabilities");
    assert_eq!(save(&mut browser, "administrator", &pairs).await.location(), "/settings/roles/administrator");
    assert_eq!(role(&world, "administrator").capabilities, [Capability::Administer], "that cannot be taken away");
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_are_for_administrators() {
    let (world, _) = set_up(Locale::En).await;
    let mut seller = colleague(&world, "salesperson").await;
    for path in ["/settings/roles", "/settings/roles/salesperson"] {
        assert_eq!(seller.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(seller.post(path, "name=x&label_ru=x&leads.read=all").await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(role(&world, "salesperson").modules["leads"].read, Scope::Own);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_looks_as_another_and_comes_back() {
    for locale in Locale::ALL {
        let (world, mut browser) = set_up(locale).await;
        let foreign = browser.post("/leads/new", "name=Ольга").await.made();
        colleague(&world, "salesperson").await;
        let users = browser.page("/settings/users").await;
        let mut ids = users.split("href=\"/settings/users/").skip(1).map(|rest| rest.split('"').next().unwrap());
        let mut seller = ids.next().unwrap().to_owned();
        if !browser.page(&format!("/settings/users/{seller}")).await.contains("salesperson@java.example") {
            seller = ids.next().unwrap().to_owned();
        }
        let at = format!("/settings/users/{seller}");
        assert!(browser.page(&at).await.contains(&format!("action=\"{at}/see\"")));
        assert_eq!(browser.post(&format!("{at}/see"), "").await.location(), "/");
        let page = browser.page("/leads").await;
        assert!(page.contains("class=\"sees-as\"") && !page.contains("Ольга"), "{page}");
        assert!(page.contains(&format!("lang=\"{}\"", locale.tag())), "in the language of whoever looks");
        assert_eq!(browser.get(&format!("/leads/{foreign}")).await.status, StatusCode::NOT_FOUND);
        let refused = browser.post("/leads/new", "name=Eve").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(browser.post("/sees-as/end", "").await.location(), at);
        assert!(!browser.page(&format!("/leads/{foreign}")).await.contains("class=\"sees-as\""));
        let access = browser.page(&format!("/leads/{foreign}/access")).await;
        assert!(access.contains("salesperson") && access.contains("data-reads=\"false\""), "{access}");

        // Whoever signs out while looking signs in as themselves.
        browser.post(&format!("{at}/see"), "").await;
        browser.post("/sign-out", "").await;
        assert!(!browser.cookies.contains_key("sees_as"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_role_hides_is_neither_offered_in_expressions_nor_denied_to_be_there() {
    for locale in Locale::ALL {
        let (world, mut browser) = set_up(locale).await;
        let mut pairs = form(&mut browser, "accountant").await;
        set(&mut pairs, "invoices.hidden", "number");
        set(&mut pairs, "deals.read", "all");
        set(&mut pairs, "deals.hidden", "amount");
        set(&mut pairs, "accounts.read", "none");
        save(&mut browser, "accountant", &pairs).await;
        let make = |work: &mut Work<'_>| {
            work.as_process(|work| {
                let draft = Draft::new().set("number", "С-17").set("date", civil::date(2026, 11, 12));
                work.create("invoices", draft)
            })
        };
        let (invoice, _) =
            world.web.app.workspace().write(Actor::System("test"), Origin::from("command"), make).await.unwrap();
        let mine = browser.page(&format!("/invoices/{}", invoice.id)).await;
        assert!(mine.contains("С-17"), "{mine}");
        let mut other = colleague(&world, "accountant").await;
        let page = other.page(&format!("/invoices/{}", invoice.id)).await;
        assert!(page.contains("Invoice of") && !page.contains("С-17") && !page.contains("without a number"), "{page}");

        let names = other.page("/deals/names").await;
        assert!(names.contains("data-insert=\"stage\"") && !names.contains("data-insert=\"amount\""), "{names}");
        assert!(!names.contains("data-insert=\"account."), "not what a link leads to that they may not see: {names}");
        // The form of a filter knows no more, of what is one link further either.
        let deals = other.page("/deals?edit=new").await;
        assert!(deals.contains("field=stage\"") && !deals.contains("field=amount\""), "{deals}");
        assert!(!deals.contains("through=account"), "{deals}");
        let behind = other.page("/invoices?edit=new&through=deal").await;
        assert!(behind.contains("field=deal.stage\"") && !behind.contains("field=deal.amount\""), "{behind}");
        let barred = other.page("/deals?edit=new&through=account").await;
        assert!(!barred.contains("field=account."), "{barred}");
        let form = other.page("/invoices?edit=new&field=deal.amount").await;
        assert!(!form.contains("id=\"filter-operator\""), "{form}");
        let told = other.page("/invoices?filter=deal.amount+%3E%3D+%225%22").await;
        assert!(told.contains("<b>deal.amount &gt;= &quot;5&quot;</b>") && !told.contains("Deal: amount"), "{told}");
        let all = browser.page("/deals/names").await;
        assert!(all.contains("data-insert=\"amount\"") && all.contains("data-insert=\"account.name\""));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_was_hidden_since_is_told_by_no_past_act() {
    let (world, mut browser) = set_up(Locale::En).await;
    let mut seller = colleague(&world, "salesperson").await;
    let id = seller.post("/leads/new", "name=Anna&company=Vector").await.made();
    let edited = "version=1&was.company=Vector&company=Core&was.name=Anna&name=Vera";
    seller.post(&format!("/leads/{id}/edit"), edited).await.made();
    assert!(seller.page("/undo").await.contains("<del>Vector</del> → <ins>Core</ins>"));
    let mut pairs = form(&mut browser, "salesperson").await;
    set(&mut pairs, "leads.hidden", "company");
    save(&mut browser, "salesperson", &pairs).await.location();
    let acts = seller.page("/undo").await;
    assert!(acts.contains("<ins>Vera</ins>") && !acts.contains("Vector") && !acts.contains("Core"), "{acts}");
}
