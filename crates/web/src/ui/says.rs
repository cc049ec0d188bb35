//! Sentences and facts for the script of every page: it has no words of its own.

use maud::{Markup, html};

use super::Words;
use super::frame::Frame;

/// They stand in an element that is not shown.
pub(crate) fn says(frame: &Frame) -> Markup {
    let l = frame.locale;
    html! {
        template id="says" data-me=(frame.user.0) data-place=(frame.place) data-at=(frame.at) data-acting=(frame.has_act)
            data-say-away=(l.say("live-away")) data-say-back=(l.say("live-back"))
            data-say-news=(l.say("live-news")) data-say-show=(l.say("live-show"))
            data-say-changed=(l.say("live-changed")) data-say-gone=(l.say("live-gone"))
            data-say-left=(l.say("live-left")) data-say-again=(l.say("live-again"))
            data-say-many=(l.say("live-many"))
            data-say-signed-out=(l.say("live-signed-out")) data-say-signed-in=(l.say("live-signed-in"))
            data-say-draft=(l.say("live-draft")) data-say-draft-now=(l.say("draft-now")) data-say-forget=(l.say("live-forget"))
            data-say-panel=(l.say("panel")) data-say-whole=(l.say("panel-whole"))
            data-say-next=(l.say("panel-next")) data-say-previous=(l.say("panel-previous"))
            data-say-place=(l.say("panel-place"))
            data-say-undone=(l.say("undo-told"))
            data-say-pick=(l.say("pick-placeholder")) data-say-unpick=(l.say("pick-drop")) data-say-unpicked=(l.say("pick-none"))
            data-say-picks=(l.say("pick-found"))
            data-say-searching=(l.say("live-searching")) data-say-opening=(l.say("live-opening")) data-say-stop=(l.say("live-stop"))
            data-say-saving=(l.say("live-saving"))
            data-say-acting=(l.say("bulk-acting")) data-say-stopping=(l.say("bulk-stopping")) {}
    }
}
