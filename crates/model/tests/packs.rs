//! The packs that ship, read from their folders and checked for what a human would look at.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not there")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use minijinja::{Environment, UndefinedBehavior, context};
use model::field::SetBy;
use model::pack::Pack;
use model::process::{By, Transition};
use model::rights::{Capability, Scope};
use model::{Definitions, Label, Locale};

fn read_pack(name: &str) -> Pack {
    let root = Path::new("../../packs").join(name);
    let mut files = BTreeMap::new();
    collect(&root, &root, &mut files);
    // Printed documents are tried out where they are drawn.
    Pack::read(files).unwrap_or_else(|errors| panic!("{name}: {errors:#?}"))
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            files.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}

fn packs() -> [Pack; 5] {
    ["crm", "sponsorship", "tickets", "group_tickets", "conference"].map(read_pack)
}

fn definitions() -> Definitions {
    Definitions::from_packs(&packs()).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

#[test]
fn files_are_named_after_what_they_define() {
    for pack in packs() {
        let name = &pack.manifest.name;
        let named = |folder: &str, names: Vec<&String>| {
            for item in names {
                assert!(pack.files.contains_key(&format!("{folder}/{item}.toml")), "{name}: {folder}/{item}.toml");
            }
        };
        named("modules", pack.modules.iter().map(|module| &module.name).collect());
        named("processes", pack.processes.iter().map(|process| &process.name).collect());
        named("processes", pack.process_extensions.iter().map(|process| &process.extends).collect());
        named("roles", pack.roles.iter().map(|role| &role.name).collect());
        named("views", pack.views.iter().map(|view| &view.name).collect());
        named("letters", pack.letters.iter().map(|letter| &letter.name).collect());
    }
    assert_eq!(read_pack("conference").manifest.requires, ["crm", "sponsorship", "tickets", "group_tickets"]);
}

#[test]
fn everything_people_read_is_in_both_languages() {
    let definitions = definitions();
    let mut labels: Vec<(String, Label)> =
        packs().into_iter().map(|pack| (pack.manifest.name, pack.manifest.label)).collect();
    for module in definitions.modules() {
        let mut add = |place: &str, label: &Label| labels.push((format!("{}.{place}", module.name), label.clone()));
        add("label", &module.label);
        add("one", &module.one);
        module.groups.iter().for_each(|group| add("groups", &group.label));
        for field in &module.fields {
            add(&field.name, &field.label);
            field.help.iter().for_each(|help| add(&field.name, help));
            field.options.iter().for_each(|option| add(&format!("{}.{}", field.name, option.value), &option.label));
        }
    }
    for process in definitions.processes() {
        labels.push((process.name.clone(), process.label.clone()));
        labels.extend(
            process.transitions.iter().map(|move_| (format!("{}.{}", process.name, move_.name), move_.label.clone())),
        );
    }
    labels.extend(definitions.views().map(|(view, _)| (view.name.clone(), view.label.clone())));
    labels.extend(definitions.roles().map(|role| (role.name.clone(), role.label.clone())));
    for letter in packs().iter().flat_map(|pack| &pack.letters) {
        labels.extend([&letter.label, &letter.subject, &letter.text].map(|label| (letter.name.clone(), label.clone())));
    }
    assert!(labels.len() > 300, "{} labels", labels.len());
    for (place, label) in labels {
        assert!(label.ru.chars().any(is_cyrillic), "{place}: Russian {:?}", label.ru);
        assert!(label.en.chars().any(|letter| letter.is_ascii_alphabetic()), "{place}: English {:?}", label.en);
        assert!(!label.en.chars().any(is_cyrillic), "{place}: English {:?}", label.en);
        // Whoever types one alphabet on the other's keyboard leaves words of both.
        let mixed =
            |word: &str| word.chars().any(is_cyrillic) && word.chars().any(|letter| letter.is_ascii_alphabetic());
        assert!(!label.ru.split(|c: char| !c.is_alphanumeric()).any(mixed), "{place}: mixed word in {:?}", label.ru);
    }
}

fn is_cyrillic(letter: char) -> bool {
    matches!(letter, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё')
}

/// api.md, "Names of modules and fields that are fixed". `field→module` is a link, `field:a,b` a choice.
const FIXED: &str = "
leads name email phone company source need status:new,contacted,qualified,converted,lost,disqualified \
 readiness:cold,warm,hot lost_reason converted_account→accounts converted_contact→contacts converted_deal→deals
contacts name first_name middle_name last_name email phone account→accounts position
waiting_list event→events ticket_type→ticket_types seats name email phone locale:ru,en status:waiting,offered,taken,missed,left \
 offered_until order→orders
outside_calls rule key body
consents email purpose:marketing,processing status:given,withdrawn text policy source:form,link,entered form given_at withdrawn_at about key \
 token
calls number direction:in,out status:ringing,answered,missed,ended about from to line extension rings_for answered_by \
 started_at answered_at ended_at unanswered_since duration recording call_id raw
accounts name kind:organisation,sole_proprietor,person \
 relations:buyer,supplier,partner,sponsor,exhibitor,sending_organisation country tax_id inn kpp ogrn legal_address city bik \
 bank_account corr_account email phone payment_terms:prepaid,partial,postpaid prepayment_share readiness:cold,warm,hot
deals name pipeline:sponsorship,group_tickets,exhibition,general stage amount probability account→accounts \
 contact→contacts event→events close_date lost_reason payment_terms:prepaid,partial,postpaid obligations readiness:cold,warm,hot
deal_documents name deal→deals kind:contract,invoice status:awaited,received,not_needed
contracts number date deal→deals account→accounts subject total vat status:issued,signed,void signed_on
rejected_requests subject source:letter,form,import target:leads,cases,contacts,accounts,orders content external_id \
 wrong:email,phone,other faults status:waiting,resubmitted,dismissed became
surveys name questionnaire about contact→contacts person email status:sent,invalid,answered,expired score channel:personal,public \
 locale sent_at reminded_at expires_at answered_at refused_at not_written token
survey_answers name answer number survey→surveys questionnaire question value
cases number subject body channel:email,phone,web_form,api,sms,chat,social direction:in,out,internal kind priority \
 proposed_priority term:short,medium,long status answer_due lead→leads contact→contacts account→accounts deal→deals
activities kind:task,call,meeting,email,quality_check subject purpose priority starts_at due_at remind_at status:planned,done,cancelled \
 result result_date result_reason result_text reschedule_count about contact→contacts
comments text about mentions
files name about content_type size digest
messages channel direction:in,out from to subject text html line line_id delivered_at raw \
 status:received,set_aside,draft,queued,sending,sent,delivered,failed,bounced,withheld about template sent_at form source consent content
events name slug kind:conference,exhibition,course starts_on ends_on venue capacity grace status:draft,on_sale,closed,past \
 payment_wait submissions_until payments_until rename_until allow_unnamed currency
ticket_types event→events name quota payment_wait price_tiers sale_from sale_until max_per_order price_now sold reserved available
orders number event→events buyer→accounts lead→leads contact→contacts deal→deals \
 status:pending,paid,annulled,cancelled,refunded total paid due next_check_at buyer_name buyer_email buyer_phone channel public_url
tickets code order→orders event→events ticket_type→ticket_types price status:reserved,issued,checked_in,cancelled \
 participant→participants attendee_name attendee_email attendee_phone checked_in_at
participants name email phone event→events contact→contacts account→accounts company status
invoices number date order→orders deal→deals account→accounts total vat status:draft,issued,paid,void lines
payments amount received_at method:bank,card,cash,other reference payer_name payer_inn purpose order→orders invoice→invoices \
 allocations unallocated status:needs_attention,matched,refunded provider external_id
";

#[test]
fn fixed_names_are_there() {
    let definitions = definitions();
    let mut modules = BTreeSet::new();
    for line in FIXED.trim().lines() {
        let (name, fields) = line.split_once(' ').unwrap();
        modules.insert(name.to_owned());
        let module = definitions.module(name).unwrap_or_else(|| panic!("no module {name}"));
        for wanted in fields.split_whitespace() {
            let field = wanted.split(['→', ':']).next().unwrap();
            let field = module.field(field).unwrap_or_else(|| panic!("no field {name}.{field}"));
            if let Some((_, target)) = wanted.split_once('→') {
                assert_eq!(field.module.as_deref(), Some(target), "{name}.{wanted}");
            }
            if let Some((_, options)) = wanted.split_once(':') {
                let has: Vec<_> = field.options.iter().map(|option| option.value.as_str()).collect();
                assert_eq!(has.join(","), options, "{name}.{}", field.name);
            }
        }
    }
    assert_eq!(modules, definitions.modules().map(|module| module.name.clone()).collect());
    let owned: Vec<_> =
        definitions.modules().filter(|module| module.owners).map(|module| module.name.as_str()).collect();
    assert_eq!(
        owned,
        ["accounts", "activities", "calls", "cases", "contacts", "deals", "events", "leads", "messages", "orders"]
    );
}

#[test]
fn services_alone_write_what_they_answer_for() {
    let definitions = definitions();
    let by_process = [
        ("leads", "converted_account converted_contact converted_deal possible_duplicates"),
        (
            "orders",
            "number status total paid due next_check_at token reminders last_letter_at needs_attention attention_reason",
        ),
        ("tickets", "code order event ticket_type price status participant checked_in_at"),
        ("payments", "unallocated status needs_attention_reason"),
        ("invoices", "number date total vat status"),
        ("messages", "status sorted attachments cause sent_at attempts error form source consent content"),
        ("rejected_requests", "subject source target content external_id wrong faults became"),
    ];
    for (name, fields) in by_process {
        for field in fields.split(' ') {
            assert_eq!(
                definitions.module(name).unwrap().field(field).unwrap().set_by,
                SetBy::Process,
                "{name}.{field}"
            );
        }
    }
    let computed: Vec<_> = definitions
        .modules()
        .flat_map(|module| {
            module
                .fields
                .iter()
                .filter(|field| field.computed)
                .map(move |field| format!("{}.{}", module.name, field.name))
        })
        .collect();
    let of_types = ["price_now", "sold", "reserved", "available"].map(|field| format!("ticket_types.{field}"));
    assert_eq!(computed, [&["orders.public_url".to_owned()][..], &of_types].concat());
    for unique in ["events.slug", "orders.number", "orders.token", "tickets.code", "messages.cause", "cases.number"] {
        let (module, field) = unique.split_once('.').unwrap();
        assert!(definitions.module(module).unwrap().field(field).unwrap().unique, "{unique}");
    }
}

#[test]
fn what_lists_filter_by_is_indexed() {
    let definitions = definitions();
    for module in definitions.modules() {
        for (link, target) in module.links() {
            assert!(link.index, "{}.{} → {target}", module.name, link.name);
        }
        let always = [
            "status",
            "stage",
            "email",
            "phone",
            "name",
            "buyer_email",
            "next_check_at",
            "external_id",
            "about",
            "due_at",
        ];
        for field in module.fields.iter().filter(|field| always.contains(&field.name.as_str())) {
            assert!(field.index, "{}.{}", module.name, field.name);
        }
    }
}

#[test]
fn record_pages_show_every_field_once() {
    for module in definitions().modules() {
        let mut shown = BTreeSet::new();
        for field in module.groups.iter().flat_map(|group| &group.fields) {
            assert!(shown.insert(field.as_str()), "{}: {field} twice", module.name);
        }
        shown.remove("owner");
        assert_eq!(shown, module.fields.iter().map(|field| field.name.as_str()).collect(), "{}", module.name);
    }
}

/// processes.md, 9, and ux.md, "Calendar": module, transition, from, to, who presses it. Names without a button stand in
/// parentheses there.
const TRANSITIONS: &str = "
orders paid pending paid process
orders annul pending annulled editor
orders decline pending annulled process
orders cancel pending,paid cancelled editor
orders revive annulled,cancelled pending administrator,organiser,head_of_sales
orders refund paid,cancelled refunded administrator,organiser,head_of_sales,accountant
tickets issued reserved issued process
tickets check_in issued checked_in administrator,organiser,door
tickets undo_check_in checked_in issued administrator,organiser,door
tickets cancelled reserved,issued cancelled process
tickets cancel reserved,issued cancelled administrator,organiser
payments assign needs_attention,matched matched administrator,organiser,accountant
payments unassign matched,needs_attention needs_attention administrator,organiser,accountant
payments refund needs_attention,matched refunded administrator,organiser,accountant
waiting_list offered waiting offered process
waiting_list taken offered taken process
waiting_list missed offered missed process
waiting_list declined offered left process
waiting_list leave waiting left editor
invoices issue draft issued process
invoices paid issued paid process
invoices void issued void administrator,organiser,head_of_sales,accountant
leads contact new contacted editor
leads qualify contacted qualified editor
leads convert new,contacted,qualified converted process
leads lose new,contacted,qualified lost editor
leads disqualify new,contacted,qualified disqualified editor
leads reopen lost,disqualified new editor
deals advance event price editor
deals advance price documents editor
deals advance documents closing editor
deals advance request questionnaire editor
deals advance questionnaire terms editor
deals advance terms invoiced editor
deals advance invoiced issued editor
deals back price event editor
deals back documents price editor
deals back closing documents editor
deals back questionnaire request editor
deals back terms questionnaire editor
deals back invoiced terms editor
deals win closing,issued won editor
deals lose event,price,documents,closing,request,questionnaire,terms,invoiced,issued lost editor
deals reopen lost event editor
deals reopen lost request editor
deals reopen won closing administrator,organiser,head_of_sales
contracts sign issued signed editor
contracts void issued void administrator,organiser,head_of_sales,accountant
deal_documents receive awaited received editor
deal_documents drop awaited not_needed administrator,organiser,head_of_sales
deal_documents reopen received,not_needed awaited editor
rejected_requests resubmitted waiting resubmitted process
rejected_requests dismiss waiting dismissed editor
rejected_requests reopen dismissed waiting editor
cases acknowledge received acknowledged editor
cases start received,acknowledged,waiting_for_client in_progress editor
cases wait in_progress waiting_for_client editor
cases answer in_progress,waiting_for_client answered editor
cases close answered closed editor
cases reopen answered,closed in_progress editor
cases escalate received,acknowledged,in_progress in_progress editor
surveys refuse sent invalid process
surveys answer sent,invalid answered process
surveys expire sent,invalid expired process
surveys close sent,invalid expired editor
activities complete planned done editor
activities cancel planned cancelled editor
activities reschedule planned planned editor
activities reopen done,cancelled planned editor
";

#[test]
fn transitions_are_those_of_the_table() {
    let by = |transition: &Transition| match &transition.by {
        By::Process => "process".to_owned(),
        By::Editor => "editor".to_owned(),
        By::Roles(roles) => roles.join(","),
    };
    let definitions = definitions();
    let has: BTreeSet<_> = definitions
        .processes()
        .flat_map(|process| process.transitions.iter().map(move |transition| (&process.module, transition)))
        .map(|(module, it)| format!("{module} {} {} {} {}", it.name, it.from.join(","), it.to, by(it)))
        .collect();
    assert_eq!(has, TRANSITIONS.trim().lines().map(str::to_owned).collect());

    let timers: Vec<_> = definitions.processes().flat_map(|process| &process.timers).collect();
    let said: Vec<_> = timers.iter().map(|it| format!("{} {} {}", it.name, it.states.join(","), it.after)).collect();
    assert_eq!(said, ["payment_wait pending P1D", "offer_wait pending PT24H", "debt_wait pending P14D"]);
}

#[test]
fn a_press_is_never_ambiguous_and_asks_for_what_the_process_says() {
    let definitions = definitions();
    for process in definitions.processes() {
        for state in &process.states {
            let mut seen = BTreeMap::new();
            for transition in process.transitions_from(&state.name) {
                if let Some(other) = seen.insert(transition.name.as_str(), transition) {
                    assert!(
                        other.guard.is_some() && transition.guard.is_some(),
                        "{}: {} from {}",
                        process.name,
                        transition.name,
                        state.name
                    );
                }
            }
        }
    }
    let asks = |module: &str, name: &str, from: &str| {
        definitions.process(module).unwrap().transitions_from(from).find(|it| it.name == name).unwrap().asks.join(",")
    };
    assert_eq!(asks("leads", "qualify", "contacted"), "company,need");
    assert_eq!(asks("leads", "lose", "new"), "lost_reason");
    assert_eq!(asks("leads", "disqualify", "new"), "");
    assert_eq!(asks("deals", "advance", "event"), "event");
    assert_eq!(asks("deals", "advance", "price"), "amount");
    assert_eq!(asks("deals", "lose", "invoiced"), "lost_reason");
    assert_eq!(
        asks("activities", "complete", "planned"),
        "result,result_text",
        "a quality check; what is said of it stays"
    );
    assert_eq!(asks("orders", "cancel", "paid"), "");
}

#[test]
fn a_broken_start_or_series_is_refused() {
    let refused = |file: &str, from: &str, to: &str| {
        let mut packs = packs();
        let crm = packs.iter_mut().find(|pack| pack.manifest.name == "crm").unwrap();
        let mut files = crm.files.clone();
        let text = files.get_mut(file).unwrap();
        assert!(text.contains(from), "{file}: {text}");
        *text = text.replace(from, to);
        *crm = Pack::read(files).unwrap();
        let errors = Definitions::from_packs(&packs).unwrap_err();
        assert!(errors.len() == 1 && errors[0].file == file, "{errors:?}");
        errors[0].message.clone()
    };
    let deals = "processes/deals.toml";
    assert!(refused(deals, "when = 'pipeline ==", "when = 'pipelines ==").contains("the start at request"));
    assert!(refused(deals, "state = \"request\" }", "state = \"somewhere\" }").contains("somewhere"));
    let cases = "modules/cases.toml";
    assert!(refused(cases, "C-{n:06}", "C-{m}").contains("a series is written"));
    assert!(refused(cases, "unique = true\nseries", "series").contains("unique"));
}

#[test]
fn a_broken_guard_is_refused() {
    let mut packs = packs();
    let leads =
        packs.iter_mut().flat_map(|pack| &mut pack.processes).find(|process| process.module == "leads").unwrap();
    leads.transitions[0].guard = Some("emil == \"x\"".to_owned());
    let errors = Definitions::from_packs(&packs).unwrap_err();
    assert!(
        errors.iter().any(|error| error.file == "processes/leads.toml" && error.message.contains("emil")),
        "{errors:?}"
    );
}

#[test]
fn roles_speak_of_things_that_exist() {
    let definitions = definitions();
    let names: Vec<_> = definitions.roles().map(|role| role.name.as_str()).collect();
    let shipped =
        ["accountant", "administrator", "door", "head_of_sales", "organiser", "reviewer", "salesperson", "secretary"];
    assert_eq!(names, shipped);
    for role in definitions.roles() {
        for (name, grant) in role.modules.iter().filter(|(name, _)| *name != "*") {
            let module = definitions.module(name).unwrap_or_else(|| panic!("{}: no module {name}", role.name));
            for field in grant.hidden.iter().chain(&grant.read_only) {
                assert!(module.field(field).is_some(), "{}: {name}.{field}", role.name);
            }
            assert!(
                grant.update <= grant.read && grant.delete <= grant.read,
                "{}: {name}: writes what it does not read",
                role.name
            );
        }
    }
}

#[test]
fn whoever_may_press_may_change_the_record() {
    let definitions = definitions();
    for process in definitions.processes() {
        for transition in &process.transitions {
            let By::Roles(roles) = &transition.by else { continue };
            for role in roles {
                let role = definitions.role(role).unwrap_or_else(|| panic!("no role {role}"));
                let update = role.grant(&process.module).map(|grant| grant.update);
                assert!(
                    update > Some(Scope::None),
                    "{} cannot press {}.{}",
                    role.name,
                    process.module,
                    transition.name
                );
            }
        }
    }
}

#[test]
fn roles_see_no_more_than_they_need() {
    let definitions = definitions();
    let grant = |role: &str, module: &str| definitions.role(role).unwrap().grant(module).cloned().unwrap_or_default();
    let token = definitions.module("orders").unwrap().field("token").unwrap();
    assert!(token.secret, "the secret of an order's link is shown to nobody");
    for role in definitions.roles() {
        let modules = definitions.modules().map(|module| module.name.as_str());
        let purges = modules.filter_map(|module| role.grant(module)).any(|grant| grant.purge);
        assert_eq!(purges, role.name == "administrator", "{} purges", role.name);
    }
    for role in ["salesperson", "secretary", "reviewer", "door"] {
        for module in definitions.modules() {
            let grant = grant(role, &module.name);
            assert!(!grant.export, "{role} exports {}", module.name);
            assert!(
                module.authored
                    || grant.delete <= Scope::Own && (grant.delete == Scope::None || module.name == "activities"),
                "{role} deletes {}",
                module.name
            );
        }
    }
    for module in ["leads", "contacts", "accounts", "deals", "cases", "activities", "orders"] {
        let grant = grant("salesperson", module);
        assert_eq!((grant.read, grant.update, grant.create), (Scope::Own, Scope::Own, true), "{module}");
    }
    for module in ["orders", "payments", "invoices", "accounts"] {
        assert_eq!(grant("accountant", module).read, Scope::All, "{module}");
    }
    for module in ["leads", "contacts", "accounts", "deals", "orders", "payments", "invoices", "messages", "cases"] {
        assert_eq!(
            (grant("door", module).read, grant("reviewer", module).read),
            (Scope::None, Scope::None),
            "{module}"
        );
    }
    let can = |capability| {
        let roles = definitions.roles().filter(|role| role.capabilities.contains(&capability));
        roles.map(|role| role.name.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(can(Capability::Administer), ["administrator"]);
    assert_eq!(can(Capability::Rehearse), ["administrator"]);
    assert_eq!(can(Capability::BookPayments), ["accountant", "administrator", "organiser"]);
    assert_eq!(can(Capability::CheckIn), ["administrator", "door", "organiser"]);
}

/// What each letter must mention, in either language.
const LETTERS: [(&str, &[&str]); 22] = [
    ("case_received", &["JV27-00533", "UNTIL", "https://t.example/p/c/SECRET"]),
    ("case_late", &["JV27-00533", "UNTIL", "https://t.example/p/c/SECRET"]),
    ("waiting_joined", &["Gusev", "Standard", "https://t.example/p/w/SECRET"]),
    ("order_offered", &["25\u{a0}000\u{a0}₽", "https://t.example/p/o/SECRET", "CHECK"]),
    (
        "order_received",
        &[
            "JV27-00533",
            "25\u{a0}000\u{a0}₽",
            "15\u{a0}000\u{a0}₽",
            "https://t.example/p/o/SECRET",
            "Belova",
            "UNTIL",
            "CHECK",
        ],
    ),
    ("order_reminder", &["JV27-00533", "15\u{a0}000\u{a0}₽", "https://t.example/p/o/SECRET", "UNTIL", "CHECK"]),
    (
        "order_part_paid",
        &[
            "JV27-00533",
            "25\u{a0}000\u{a0}₽",
            "10\u{a0}000\u{a0}₽",
            "15\u{a0}000\u{a0}₽",
            "https://t.example/p/o/SECRET",
        ],
    ),
    ("order_paid", &["10\u{a0}000\u{a0}₽", "K7W3-P9XA", "Belova", "https://t.example/p/o/SECRET"]),
    ("ticket_issued", &["Belova", "K7W3-P9XA", "https://t.example/joker", "Gusev"]),
    ("order_renamed", &["JV27-00533", "K7W3-P9XA", "Belova", "https://t.example/p/o/SECRET"]),
    ("order_annulled", &["JV27-00533", "10\u{a0}000\u{a0}₽", "https://t.example/joker"]),
    ("order_cancelled", &["JV27-00533", "10\u{a0}000\u{a0}₽", "https://t.example/joker"]),
    ("order_refunded", &["JV27-00533", "25\u{a0}000\u{a0}₽"]),
    ("order_overpaid", &["JV27-00533", "25\u{a0}000\u{a0}₽", "10\u{a0}000\u{a0}₽"]),
    ("group_invoiced", &["JV27-00533", "17", "25\u{a0}000\u{a0}₽", "https://t.example/p/o/SECRET", "UNTIL"]),
    (
        "group_repriced",
        &[
            "JV27-00533",
            "20\u{a0}000\u{a0}₽",
            "25\u{a0}000\u{a0}₽",
            "https://t.example/p/o/SECRET/agree",
            "https://t.example/p/o/SECRET/decline",
            "CHECK",
        ],
    ),
    ("group_tickets", &["JV27-00533", "15\u{a0}000\u{a0}₽", "https://t.example/p/o/SECRET"]),
    ("group_debt", &["JV27-00533", "17", "15\u{a0}000\u{a0}₽", "Joker", "https://t.example/p/o/SECRET"]),
    ("group_paid", &["JV27-00533", "10\u{a0}000\u{a0}₽", "https://t.example/p/o/SECRET"]),
    ("deal_papers", &["JV27-00533", "17", "25\u{a0}000\u{a0}₽"]),
    ("survey", &["INTRODUCTION", "https://t.example/p/s/SECRET", "UNTIL", "Gusev"]),
    (
        "notification",
        &["JV27-00533", "Belova", "COMMENT", "https://t.example/leads/1", "https://t.example/notifications"],
    ),
];

fn sample(reason: &str, sparse: bool) -> minijinja::Value {
    sample_paid(reason, sparse, (!sparse).then_some("10\u{a0}000\u{a0}₽"))
}

fn sample_paid(reason: &str, sparse: bool, paid: Option<&str>) -> minijinja::Value {
    let unless_sparse = |text: &'static str| (!sparse).then_some(text);
    let named =
        context! { type => "Standard", attendee => "Belova", price => "12\u{a0}500\u{a0}₽", code => "K7W3-P9XA" };
    let unnamed =
        context! { type => "Standard", attendee => None::<&str>, price => "12\u{a0}500\u{a0}₽", code => "M4TT-22QH" };
    context! {
        organiser => "JUG",
        buyer => context! { name => "Gusev" },
        event => context! { name => "Joker", dates => "13–14", venue => unless_sparse("Expoforum"), url => "https://t.example/joker" },
        order => context! {
            number => "JV27-00533", total => "25\u{a0}000\u{a0}₽", paid => paid,
            due => "15\u{a0}000\u{a0}₽", url => "https://t.example/p/o/SECRET",
        },
        tickets => vec![named, unnamed],
        price_until => unless_sparse("UNTIL"), check_at => "CHECK", reason => reason,
        revived => sparse, attendees_told => i32::from(!sparse),
        payment_instructions => unless_sparse("TRANSFER"),
        deal => context! { name => "JV27-00533", amount => "25\u{a0}000\u{a0}₽" },
        contract => (!sparse).then(|| context! { number => "17", date => "DATE" }),
        invoice => context! { number => "17", date => "DATE", total => "25\u{a0}000\u{a0}₽" }, total_before => unless_sparse("20\u{a0}000\u{a0}₽"),
        person => unless_sparse("Gusev"),
        survey => context! {
            name => "JV27-00533", introduction => "INTRODUCTION", until => unless_sparse("UNTIL"), again => sparse,
            event => unless_sparse("Joker"),
            url => "https://t.example/p/s/SECRET",
        },
        waiting => context! { type => "Standard", seats => 2, place => 3, url => "https://t.example/p/w/SECRET" },
        reader => "Gusev", settings => context! { url => "https://t.example/notifications" },
        record => context! {
            kind => "Lead", title => "JV27-00533", url => "https://t.example/leads/1",
            page => unless_sparse("https://t.example/p/c/SECRET"),
            fields => context! { number => "JV27-00533", answer_due => unless_sparse("UNTIL") },
        },
        notice => context! {
            kind => if sparse { if reason == "by_staff" { "stage" } else { "assigned" } } else { "mention" },
            who => unless_sparse("Belova"), text => unless_sparse("COMMENT"), from => None::<&str>, to => None::<&str>,
            others => i32::from(!sparse),
        },
    }
}

fn render(template: &str, data: &minijinja::Value) -> String {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.render_str(template, data).unwrap_or_else(|error| panic!("{error:#}\n{template}"))
}

#[test]
fn letters_say_what_they_must() {
    let definitions = definitions();
    assert_eq!(packs().iter().map(|pack| pack.letters.len()).sum::<usize>(), LETTERS.len());
    for (name, mentions) in LETTERS {
        let letter = definitions.letter(name).unwrap_or_else(|| panic!("no letter {name}"));
        for locale in [Locale::Ru, Locale::En] {
            let subject = render(letter.subject.get(locale), &sample("price_changed", false));
            let is_of_tickets =
                ["waiting_joined", "order_paid", "order_renamed", "ticket_issued", "group_invoiced", "group_tickets"];
            let is_of_tickets = is_of_tickets.contains(&name);
            let about = if is_of_tickets { "Joker" } else { "JV27-00533" };
            assert!(!subject.contains('\n') && subject.contains(about), "{name}: {subject}");
            let text = render(letter.text.get(locale), &sample("price_changed", false));
            for mention in mentions {
                assert!(text.contains(mention), "{name}: no {mention} in\n{text}");
            }
            assert!(text.trim_end().ends_with("JUG"), "{name} is not signed\n{text}");
            // By that link the order is cancelled: an attendee never gets it.
            assert!(name != "ticket_issued" || !text.contains("SECRET"));
        }
    }
}

#[test]
fn letters_read_well_whatever_is_missing() {
    let reasons = [
        "price_changed",
        "sale_closed",
        "event_past",
        "not_paid",
        "not_agreed",
        "declined",
        "not_taken",
        "seats_declined",
        "by_buyer",
        "by_staff",
    ];
    for letter in packs().iter().flat_map(|pack| &pack.letters) {
        for (reason, sparse) in reasons.iter().flat_map(|reason| [(reason, false), (reason, true)]) {
            for locale in [Locale::Ru, Locale::En] {
                // The other letters that name the money exist because it came.
                let paid = !(sparse
                    && ["order_reminder", "order_annulled", "order_cancelled"].contains(&letter.name.as_str()));
                let data = sample_paid(reason, sparse, paid.then_some("10\u{a0}000\u{a0}₽"));
                let text = render(letter.text.get(locale), &data);
                for ugly in ["none", "None", "undefined", "\n\n\n", " ,", " .", "  ", " \n"] {
                    assert!(!text.contains(ugly), "{} ({reason}, {locale:?}): {ugly:?} in\n{text}", letter.name);
                }
            }
        }
    }
}

#[test]
fn an_annulled_order_is_offered_again_only_while_it_can_be() {
    let definitions = definitions();
    let letter = definitions.letter("order_annulled").unwrap();
    for (reason, offered) in
        [("price_changed", true), ("not_paid", true), ("declined", true), ("sale_closed", false), ("event_past", false)]
    {
        for template in [&letter.text.ru, &letter.text.en] {
            assert_eq!(
                render(template, &sample(reason, true)).contains("https://t.example/joker"),
                offered,
                "{reason}"
            );
        }
    }
}
