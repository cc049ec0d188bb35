//! Drawing documents: as many at once as there are cores, a bounded queue before them, and what was drawn a while ago from
//! the same data is not drawn again.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use documents::{DocumentError, Renderer};
use jiff::civil::Date;
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

/// Documents that are drawn or wait for it; whoever comes then is told to come again.
const PLACES: usize = 64;
/// Bytes of drawn documents that are kept, the latest ones.
const KEPT: usize = 32 * 1024 * 1024;

/// Why a document was not drawn.
#[derive(Debug, thiserror::Error)]
pub enum DrawingError {
    /// Too many are drawn at this moment.
    #[error("too many documents are drawn at this moment: try again")]
    Busy,
    /// The template is broken.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The program is being stopped.
    #[error("drawing was interrupted")]
    Interrupted,
}

/// Where documents are drawn.
pub(crate) struct Drawing {
    renderer: Renderer,
    table: Table,
}

impl Drawing {
    pub(crate) fn new(renderer: Renderer) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self { renderer, table: Table::new(cores, PLACES) }
    }

    /// The PDF that `template` makes of `data` on this day: the same three always make the same bytes.
    ///
    /// # Errors
    /// See [`DrawingError`].
    pub(crate) async fn pdf(&self, template: String, data: Json, today: Date) -> Result<Vec<u8>, DrawingError> {
        let mut key = Sha256::new();
        for part in [&template, &data.to_string(), &today.to_string()] {
            key.update(part.len().to_le_bytes());
            key.update(part);
        }
        let renderer = self.renderer.clone();
        self.table.once(key.finalize().into(), move || Ok(renderer.pdf(&template, &data, today)?)).await
    }
}

/// The digest of everything that a document is made of.
type Key = [u8; 32];

struct Table {
    places: Arc<Semaphore>,
    turns: Arc<Semaphore>,
    drawn: Arc<Mutex<Drawn>>,
}

/// What was drawn, the latest last.
#[derive(Default)]
struct Drawn {
    documents: VecDeque<(Key, Arc<Vec<u8>>)>,
    bytes: usize,
}

impl Table {
    fn new(at_once: usize, places: usize) -> Self {
        let semaphore = |size| Arc::new(Semaphore::new(size));
        Self { places: semaphore(places), turns: semaphore(at_once), drawn: Arc::default() }
    }

    /// What was drawn under `key`, else what `draw` makes now. A turn is held until that is done, also when whoever asked
    /// has gone.
    async fn once(
        &self,
        key: Key,
        draw: impl FnOnce() -> Result<Vec<u8>, DrawingError> + Send + 'static,
    ) -> Result<Vec<u8>, DrawingError> {
        if let Some(there) = find(&self.drawn, &key) {
            return Ok(there.to_vec());
        }
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| DrawingError::Busy)?;
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| DrawingError::Interrupted)?;
        // Somebody who came before may have drawn the same.
        if let Some(there) = find(&self.drawn, &key) {
            return Ok(there.to_vec());
        }
        let drawn = Arc::clone(&self.drawn);
        let done = tokio::task::spawn_blocking(move || {
            let _held = (place, turn);
            let bytes = draw()?;
            drawn.lock().unwrap_or_else(PoisonError::into_inner).keep(key, &bytes);
            Ok(bytes)
        });
        done.await.map_err(|_| DrawingError::Interrupted)?
    }
}

fn find(drawn: &Mutex<Drawn>, key: &Key) -> Option<Arc<Vec<u8>>> {
    let drawn = drawn.lock().unwrap_or_else(PoisonError::into_inner);
    drawn.documents.iter().find(|(known, _)| known == key).map(|(_, bytes)| Arc::clone(bytes))
}

impl Drawn {
    fn keep(&mut self, key: Key, bytes: &[u8]) {
        self.bytes += bytes.len();
        self.documents.push_back((key, Arc::new(bytes.to_vec())));
        while self.bytes > KEPT {
            let Some((_, oldest)) = self.documents.pop_front() else { break };
            self.bytes -= oldest.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::{DrawingError, KEPT, Table};

    #[tokio::test(flavor = "multi_thread")]
    async fn the_same_document_is_drawn_once() {
        let (table, runs) = (Arc::new(Table::new(2, 200)), Arc::new(AtomicUsize::new(0)));
        let asked = (0..100).map(|_| {
            let (table, runs) = (Arc::clone(&table), Arc::clone(&runs));
            tokio::spawn(async move {
                let draw = move || {
                    runs.fetch_add(1, Ordering::SeqCst);
                    std::thread::sleep(Duration::from_millis(5));
                    Ok(vec![7; 10])
                };
                table.once([1; 32], draw).await.unwrap()
            })
        });
        for answer in asked.collect::<Vec<_>>() {
            assert_eq!(answer.await.unwrap(), vec![7; 10]);
        }
        assert!(runs.load(Ordering::SeqCst) <= 2, "at most one for each core, before the first was done");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn few_are_drawn_at_once_and_few_wait() {
        let table = Arc::new(Table::new(2, 8));
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let asked = (0..40_u8).map(|number| {
            let (table, now, most) = (Arc::clone(&table), Arc::clone(&now), Arc::clone(&most));
            tokio::spawn(async move {
                let draw = move || {
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::sleep(Duration::from_millis(100));
                    now.fetch_sub(1, Ordering::SeqCst);
                    Ok(vec![number])
                };
                table.once([number; 32], draw).await
            })
        });
        let (mut drawn, mut busy) = (0, 0);
        for answer in asked.collect::<Vec<_>>() {
            match answer.await.unwrap() {
                Ok(_) => drawn += 1,
                Err(DrawingError::Busy) => busy += 1,
                Err(other) => panic!("{other}"),
            }
        }
        assert!(most.load(Ordering::SeqCst) <= 2 && drawn >= 8 && busy > 0, "{drawn} drawn, {busy} refused");
    }

    #[tokio::test]
    async fn what_is_kept_is_bounded() {
        let table = Table::new(1, 1);
        for number in 0..5 {
            table.once([number; 32], || Ok(vec![0; KEPT / 3])).await.unwrap();
        }
        let drawn = table.drawn.lock().unwrap();
        assert!(drawn.bytes <= KEPT && drawn.documents.len() == 3, "{} bytes", drawn.bytes);
    }
}
