//! Roles in the settings, looking as another user, and who sees a record: by forms alone, in both languages.

use axum::http::StatusCode;
use model::Locale;
use model::rights::{Capability, Scope};

use super::browser::Browser;
use super::{World, colleague, set_up};

/// The form of a role's page as a browser would send it back.
async fn form(browser: &mut Browser, role: &str) -> Vec<(String, String)> {
    let page = browser.page(&format!("/settings/roles/{role}")).await;
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
        let stale = pairs.clone();
        assert_eq!(save(&mut browser, "intern", &pairs).await.location(), "/settings/roles/intern");
        let intern = role(&world, "intern");
        let leads = &intern.modules["leads"];
        assert_eq!((leads.read, leads.update, leads.export), (Scope::Team, Scope::Own, true));
        assert_eq!((&leads.hidden[..], &leads.read_only[..]), (&["phone".to_owned()][..], &["company".to_owned()][..]));
        assert_eq!(
            (intern.capabilities, &intern.modules["deals"]),
            (vec![Capability::CheckIn], &before.modules["deals"])
        );
        let refused = save(&mut browser, "intern", &stale).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "somebody was faster");
        assert!(refused.text.contains("role=\"alert\""));
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
