//! Templates that cannot be filled.

use std::fs;

use app::packs::{self, PackFileError};

use crate::world::in_both;

const BROKEN: &str = "{{ order.nothing_like_it }}";

#[test]
fn a_pack_with_a_letter_that_cannot_be_made_is_refused() {
    let folder = tempfile::TempDir::with_prefix("plenary-pack-").unwrap();
    packs::export(&packs::find("tickets").unwrap(), folder.path()).unwrap();
    let named = folder.path().to_str().unwrap().to_owned();
    assert!(packs::find(&named).is_ok());
    let file = folder.path().join("letters/order_paid.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("{% if attendees_told %}", "{% if attendees_told %}{{ nobody.name }}")).unwrap();
    let Err(PackFileError::Pack(errors)) = packs::find(&named) else { panic!("it is taken") };
    assert!(errors[0].to_string().contains("nobody"), "{}", errors[0]);
    assert_eq!(errors.len(), 2, "both languages");
}

#[test]
fn money_is_booked_although_its_letter_cannot_be_made() {
    in_both(|world| {
        let mut pack = packs::find("tickets").unwrap();
        let file = pack.files.get_mut("letters/order_paid.toml").unwrap();
        *file = file.replacen("Оплата получена", &format!("{BROKEN} Оплата получена"), 1);
        let files = pack.files.clone();
        world.app.workspace().apply_pack(&model::pack::Pack::read(files).unwrap()).unwrap();
        let (order, _) = world.order(1).unwrap();
        world.pay(Some(order), "10000.00");
        assert_eq!(world.said(order), "paid, 10000.00 of 10000.00");
        let of_paid = |letter: &&model::Record| letter.text("template") == Some("order_paid");
        let letters = world.all("messages");
        let kept = letters.iter().find(of_paid).unwrap();
        assert_eq!(kept.text("status"), Some("failed"));
        assert!(kept.text("error").unwrap().contains("nothing_like_it"), "{:?}", kept.text("error"));
        assert_eq!(kept.text("to"), Some("petr@example.org"));
    });
}
