//! Why a document could not be drawn, told so that the author of the template can mend it.

use std::fmt;

use typst::diag::SourceDiagnostic;
use typst::syntax::Source;
use typst::{World, WorldExt};

use crate::world::DocumentWorld;

/// Why there is no document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// None of the given files is a font. Without one every text would silently be left out.
    #[error("none of the given files is a usable font")]
    NoFonts,
    /// The template does not compile, or stumbles over the data it is given. Never empty.
    #[error("the template fails: {}", listed(.0))]
    Template(Vec<TemplateFault>),
}

/// One thing wrong in a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateFault {
    /// Line of the template, counted from 1; none when the fault belongs to no single place.
    pub line: Option<usize>,
    /// What is wrong, followed by hints for mending it, in English.
    pub message: String,
}

impl fmt::Display for TemplateFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl DocumentError {
    pub(crate) fn from_diagnostics(world: &DocumentWorld, diagnostics: &[SourceDiagnostic]) -> Self {
        Self::Template(diagnostics.iter().map(|found| fault(world, found)).collect())
    }
}

fn fault(world: &DocumentWorld, diagnostic: &SourceDiagnostic) -> TemplateFault {
    let template = world.template();
    // A fault in the data has its place in the template at the call that read them.
    let line = std::iter::once(diagnostic.span)
        .chain(diagnostic.trace.iter().map(|point| point.span.into()))
        .filter(|span| span.id() == Some(world.main()))
        .find_map(|span| line_at(template, world.range(span)?.start));
    let mut message = diagnostic.message.to_string();
    for hint in &diagnostic.hints {
        message.push_str("; ");
        message.push_str(&hint.v);
    }
    TemplateFault { line, message }
}

fn line_at(template: &Source, byte: usize) -> Option<usize> {
    Some(template.lines().byte_to_line(byte)? + 1)
}

fn listed(faults: &[TemplateFault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
