//! A colour of one's own, made readable: on the page's ground in light and in dark, and what is written on it.

/// The lightest and the darkest ground on which the colour stands as text, in our light and dark themes.
const LIGHT_GROUND: Colour = Colour([0xf0, 0xf0, 0xf5]);
const DARK_GROUND: Colour = Colour([0x2c, 0x2e, 0x3a]);
/// What is written on it.
const WHITE: Colour = Colour([0xff, 0xff, 0xff]);
const BLACK: Colour = Colour([0, 0, 0]);
/// WCAG 2.2 AA for text.
const READABLE: f64 = 4.5;

/// Red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Colour([u8; 3]);

impl Colour {
    /// Reads `#rrggbb`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let part = |from: usize| u8::from_str_radix(digits.get(from..from + 2)?, 16).ok();
        let is_plain = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        is_plain.then_some(Self([part(0)?, part(2)?, part(4)?]))
    }

    /// Six digits.
    pub(crate) fn digits(self) -> String {
        let [red, green, blue] = self.0;
        format!("{red:02x}{green:02x}{blue:02x}")
    }

    /// The properties of our style sheets in this colour. As text it is darkened or lightened as far as needed to be read;
    /// as a ground it stays as it is, and what is written on it is white or black.
    pub(crate) fn styles(self) -> String {
        let (light, dark) = (self.readable(LIGHT_GROUND, BLACK), self.readable(DARK_GROUND, WHITE));
        let (light_strong, dark_strong) = (light.mixed(BLACK, 12), dark.mixed(WHITE, 12));
        let (light_soft, dark_soft) = (self.mixed(WHITE, 92), self.mixed(Self([0x17, 0x18, 0x1f]), 86));
        let [light, dark, light_strong, dark_strong, light_soft, dark_soft, own, on] =
            [light, dark, light_strong, dark_strong, light_soft, dark_soft, self, self.written_on()].map(Self::digits);
        format!(
            ":root{{--accent:light-dark(#{light},#{dark});--accent-strong:light-dark(#{light_strong},#{dark_strong});\
             --accent-soft:light-dark(#{light_soft},#{dark_soft});--on-accent:light-dark(#ffffff,#000000)}}\
             .public:not(.door)>.sheet>header{{background:#{own};color:#{on}}}\n"
        )
    }

    /// White or black, whichever is read better on it.
    fn written_on(self) -> Self {
        if contrast(self, WHITE) >= contrast(self, BLACK) { WHITE } else { BLACK }
    }

    /// The nearest mixture with `towards` that is read on `ground`.
    fn readable(self, ground: Self, towards: Self) -> Self {
        let steps = (0..=100).map(|share| self.mixed(towards, share));
        steps.into_iter().find(|colour| contrast(*colour, ground) >= READABLE).unwrap_or(towards)
    }

    /// With so many hundredths of another colour in it.
    fn mixed(self, other: Self, share: u32) -> Self {
        let mut parts = [0; 3];
        for (part, (own, other)) in parts.iter_mut().zip(self.0.into_iter().zip(other.0)) {
            let mixed = (u32::from(own) * (100 - share) + u32::from(other) * share + 50) / 100;
            *part = u8::try_from(mixed).unwrap_or(u8::MAX);
        }
        Self(parts)
    }

    /// How bright it is (WCAG, relative luminance).
    fn luminance(self) -> f64 {
        let part = |part: u8| {
            let share = f64::from(part) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(part);
        0.2126f64.mul_add(red, 0.7152f64.mul_add(green, 0.0722 * blue))
    }
}

fn contrast(one: Colour, other: Colour) -> f64 {
    let (one, other) = (one.luminance(), other.luminance());
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_is_read_on_both_grounds_and_can_be_written_on() {
        for red in (0..=255).step_by(51) {
            for green in (0..=255).step_by(51) {
                for blue in (0..=255).step_by(51) {
                    let colour = Colour([red, green, blue]);
                    let (light, dark) = (colour.readable(LIGHT_GROUND, BLACK), colour.readable(DARK_GROUND, WHITE));
                    for (one, other) in [
                        (light, LIGHT_GROUND),
                        (light, WHITE),
                        (light, colour.mixed(WHITE, 92)),
                        (light.mixed(BLACK, 12), WHITE),
                        (dark, DARK_GROUND),
                        (dark, BLACK),
                        (dark, colour.mixed(Colour([0x17, 0x18, 0x1f]), 86)),
                        (colour, colour.written_on()),
                    ] {
                        assert!(contrast(one, other) >= 4.4, "{colour:?}: {one:?} on {other:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn only_six_digits_are_a_colour() {
        assert_eq!(Colour::parse("#3C58c9").unwrap().digits(), "3c58c9");
        for wrong in ["3c58c9", "#3c58c", "#3c58c9f", "#+c58c9", "#3c58cг", "red", ""] {
            assert_eq!(Colour::parse(wrong), None, "{wrong}");
        }
        assert!((contrast(WHITE, BLACK) - 21.0).abs() < 0.01);
    }
}
