//! A manual, read from markdown into sections. What the program draws is what a viewer of the file shows, but for raw HTML,
//! which is shown as text. `<a id="name"></a>` inside a heading names its place, the same in every language.

use std::collections::BTreeSet;

use maud::{Markup, PreEscaped};
use pulldown_cmark::{Alignment, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::{pictures, shelf};
use crate::ui::addresses::HELP;

/// A manual.
pub(super) struct Manual {
    /// Its name in addresses.
    pub(super) name: &'static str,
    pub(super) title: String,
    /// What stands before the first section.
    pub(super) intro: Markup,
    pub(super) sections: Vec<Section>,
}

/// A section, with its heading.
pub(super) struct Section {
    pub(super) id: String,
    pub(super) title: String,
    /// Places within it that can be led to, its own first.
    pub(super) places: Vec<String>,
    pub(super) text: Markup,
}

impl Manual {
    /// Reads a manual.
    pub(super) fn read(name: &'static str, text: &str) -> Self {
        let mut reader = Reader::new(name);
        let mut events = Parser::new_ext(text, Options::ENABLE_TABLES);
        while let Some(event) = events.next() {
            match event {
                Event::Start(Tag::Heading { level, .. }) => reader.heading(level, &mut events),
                Event::Start(Tag::Image { link_type, dest_url, title, id }) => match pictures::address(&dest_url) {
                    Some(address) => {
                        reader.put(Event::Start(Tag::Image { link_type, dest_url: address.into(), title, id }))
                    }
                    None => skip_image(&mut events),
                },
                other => reader.take(other),
            }
        }
        reader.done()
    }

    /// The section that holds a place.
    pub(super) fn section(&self, place: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.places.iter().any(|known| known == place))
    }
}

/// A section while it is read.
#[derive(Default)]
struct Draft<'a> {
    title: String,
    places: Vec<String>,
    events: Vec<Event<'a>>,
}

struct Reader<'a> {
    name: &'static str,
    title: String,
    /// What stands before the first section, then the sections.
    drafts: Vec<Draft<'a>>,
    /// For each link that is open, whether it leads anywhere.
    links: Vec<bool>,
    taken: BTreeSet<String>,
}

impl<'a> Reader<'a> {
    fn new(name: &'static str) -> Self {
        Self { name, title: String::new(), drafts: vec![Draft::default()], links: Vec::new(), taken: BTreeSet::new() }
    }

    fn put(&mut self, event: Event<'a>) {
        if let Some(draft) = self.drafts.last_mut() {
            draft.events.push(event);
        }
    }

    /// A heading up to its end: of the manual, of a section, or within one.
    fn heading(&mut self, level: HeadingLevel, events: &mut impl Iterator<Item = Event<'a>>) {
        let (mut title, mut named, mut inside) = (String::new(), None, Vec::new());
        for event in events.by_ref().take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_)))) {
            match event {
                Event::InlineHtml(tag) => named = named.or_else(|| place_in(&tag)),
                Event::Text(text) | Event::Code(text) => {
                    title.push_str(&text);
                    inside.push(Event::Text(text));
                }
                _ => {}
            }
        }
        if level == HeadingLevel::H1 {
            self.title = title;
            return;
        }
        let place = self.free(&named.unwrap_or_else(|| slug(&title)));
        if level == HeadingLevel::H2 {
            self.drafts.push(Draft { title, ..Draft::default() });
        }
        if let Some(draft) = self.drafts.last_mut() {
            draft.places.push(place.clone());
        }
        let id = Some(CowStr::from(place));
        self.put(Event::Start(Tag::Heading { level, id, classes: Vec::new(), attrs: Vec::new() }));
        for event in inside {
            self.put(event);
        }
        self.put(Event::End(TagEnd::Heading(level)));
    }

    /// Anything else.
    fn take(&mut self, event: Event<'a>) {
        match event {
            Event::Html(text) | Event::InlineHtml(text) => self.put(Event::Text(text)),
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let address = self.address(&dest_url);
                self.links.push(address.is_some());
                if let Some(address) = address {
                    self.put(Event::Start(Tag::Link { link_type, dest_url: address.into(), title, id }));
                }
            }
            Event::End(TagEnd::Link) => {
                if self.links.pop().unwrap_or_default() {
                    self.put(event);
                }
            }
            // What is wider than the page scrolls by itself, and by keyboard.
            Event::Start(Tag::CodeBlock(_)) => self.put(Event::Html("<pre tabindex=\"0\"><code>".into())),
            Event::End(TagEnd::CodeBlock) => self.put(Event::Html("</code></pre>\n".into())),
            // Alignment would be an inline style.
            Event::Start(Tag::Table(columns)) => {
                self.put(Event::Html("<div class=\"wide\" tabindex=\"0\">".into()));
                self.put(Event::Start(Tag::Table(vec![Alignment::None; columns.len()])));
            }
            Event::End(TagEnd::Table) => {
                self.put(event);
                self.put(Event::Html("</div>\n".into()));
            }
            other => self.put(other),
        }
    }

    /// Where a link leads inside the program; nothing where the program does not hold what it leads to.
    fn address(&self, link: &str) -> Option<String> {
        if link.starts_with("https://") || link.starts_with("http://") {
            return Some(link.to_owned());
        }
        let (file, place) = link.split_once('#').map_or((link, None), |(file, place)| (file, Some(place)));
        let manual = if file.is_empty() { self.name } else { file.strip_suffix(".md")? };
        let place = place.map(|place| format!("#{place}")).unwrap_or_default();
        shelf::holds(manual).then(|| format!("{HELP}/{manual}{place}"))
    }

    /// The place, or one like it that is not taken.
    fn free(&mut self, place: &str) -> String {
        let more = (2..).map(|number| format!("{place}-{number}"));
        let mut names = std::iter::once(place.to_owned()).chain(more);
        let free = names.find(|name| !self.taken.contains(name)).unwrap_or_default();
        self.taken.insert(free.clone());
        free
    }

    fn done(self) -> Manual {
        let mut drafts = self.drafts.into_iter();
        let intro = drafts.next().unwrap_or_default();
        let sections = drafts.map(|draft| Section {
            id: draft.places.first().cloned().unwrap_or_default(),
            title: draft.title,
            places: draft.places,
            text: drawn(draft.events),
        });
        Manual { name: self.name, title: self.title, intro: drawn(intro.events), sections: sections.collect() }
    }
}

fn drawn(events: Vec<Event<'_>>) -> Markup {
    let mut text = String::new();
    html::push_html(&mut text, events.into_iter());
    // A picture that the program does not hold leaves nothing behind.
    PreEscaped(text.replace("<p></p>\n", ""))
}

fn skip_image<'a>(events: &mut impl Iterator<Item = Event<'a>>) {
    events.by_ref().find(|event| matches!(event, Event::End(TagEnd::Image)));
}

/// The name in `<a id="name">`.
fn place_in(tag: &str) -> Option<String> {
    let name = tag.strip_prefix("<a id=\"")?.strip_suffix("\">")?;
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-').then(|| name.to_owned())
}

/// A heading as a name in addresses.
fn slug(title: &str) -> String {
    let latin: String = title.chars().flat_map(char::to_lowercase).map(latin).collect();
    latin.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

/// A letter of an address for a letter of a heading.
fn latin(letter: char) -> String {
    const CYRILLIC: &str = "абвгдежзийклмнопрстуфхцчшщъыьэюяё";
    static LATIN: [&str; 33] = [
        "a", "b", "v", "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "kh",
        "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya", "e",
    ];
    if letter.is_ascii_alphanumeric() {
        return letter.to_string();
    }
    let place = CYRILLIC.chars().position(|known| known == letter);
    place.and_then(|place| LATIN.get(place)).copied().unwrap_or("-").to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Manual, slug};

    const TEXT: &str = "# Title\n\nIntro [there](administrator.md#people), [why](../decisions/021-help.md).\n\n\
                        ## <a id=\"first\"></a>Пришёл запрос\n\n![alt](../images/ru/leads.webp)\n\n<script>alert(1)</script>\n\n\
                        | a | b |\n|--:|---|\n| 1 | <b>2</b> |\n\n### Ещё `код`\n\n[up](#first)\n\n```sh\nls\n```\n\n## Ещё код\n";

    #[test]
    fn headings_have_places_and_sections_hold_them() {
        let manual = Manual::read("salesperson", TEXT);
        assert_eq!(manual.title, "Title");
        let ids: Vec<_> = manual.sections.iter().map(|section| (section.id.as_str(), section.title.as_str())).collect();
        assert_eq!(ids, [("first", "Пришёл запрос"), ("eshche-kod-2", "Ещё код")]);
        assert_eq!(manual.section("eshche-kod").map(|section| section.id.as_str()), Some("first"));
        assert!(manual.section("nowhere").is_none());
    }

    #[test]
    fn links_lead_inside_the_program_or_nowhere() {
        let manual = Manual::read("salesperson", TEXT);
        let intro = manual.intro.into_string();
        assert_eq!(intro, "<p>Intro <a href=\"/help/administrator#people\">there</a>, why.</p>\n");
        let first = manual.sections.into_iter().next().unwrap().text.into_string();
        assert!(first.contains("<a href=\"/help/salesperson#first\">up</a>"), "{first}");
    }

    #[test]
    fn nothing_of_a_page_is_passed_through() {
        let first = Manual::read("salesperson", TEXT).sections.into_iter().next().unwrap().text.into_string();
        assert!(first.starts_with("<h2 id=\"first\">Пришёл запрос</h2>"), "{first}");
        assert!(first.contains("&lt;script&gt;") && first.contains("&lt;b&gt;2"), "{first}");
        assert!(first.contains("<img src=\"/help/pictures/") && first.contains("alt=\"alt\""), "{first}");
        for part in ["<script", "style=", "<p></p>"] {
            assert!(!first.contains(part), "{part}: {first}");
        }
        assert!(first.contains("<pre tabindex=\"0\"><code>ls\n</code></pre>"), "{first}");
    }

    #[test]
    fn names_of_places_are_latin() {
        assert_eq!(slug("Что делать: щука, съел ёж — 2!"), "chto-delat-shchuka-sel-ezh-2");
    }
}
