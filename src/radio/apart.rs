//! The adapter of its own that phones are read with, where the settings name one: whether it is there,
//! looked at now and then. Where it is not, the adapter that listens reads as well.

use super::patience::answer;
use super::reading::Reader;

/// The second adapter.
#[derive(Debug)]
pub(super) struct Apart {
    /// Its name; `None` where nobody wants one.
    named: Option<String>,
    reader: Option<Reader>,
    /// Whether it was there when that was told last.
    told: Option<bool>,
}

impl Apart {
    /// That of this name, such as `hci1`.
    pub(super) fn of(named: Option<String>) -> Self {
        Self { named, reader: None, told: None }
    }

    /// It, if it is there.
    pub(super) const fn reader(&self) -> Option<&Reader> {
        self.reader.as_ref()
    }

    /// Begins anew: what was known of it has ended with bluetoothd, or may have.
    pub(super) fn forget(&mut self) {
        self.reader = None;
    }

    /// Looks for it beside the adapter that listens. Returns whether it is there and words for the
    /// journal, when that has changed.
    pub(super) async fn look(
        &mut self,
        session: &bluer::Session,
        listens: &str,
    ) -> Option<(bool, String)> {
        let named = self.named.as_deref()?;
        let is_well = match &self.reader {
            Some(reader) => named != listens && reader.is_ready().await,
            None => false,
        };
        if !is_well {
            self.reader = find(session, named, listens).await;
        }
        let is_there = self.reader.is_some();
        (self.told.replace(is_there) != Some(is_there)).then(|| {
            let words = if is_there {
                format!("phones are read with {named}, and {listens} listens meanwhile")
            } else {
                format!(
                    "{named}, which is to read phones, cannot be used, so {listens} reads them and \
                     does not listen meanwhile"
                )
            };
            (is_there, words)
        })
    }
}

async fn find(session: &bluer::Session, named: &str, listens: &str) -> Option<Reader> {
    let present = answer(session.adapter_names()).await?;
    if named == listens || !present.iter().any(|name| name == named) {
        return None;
    }
    answer(Reader::of(session.adapter(named).ok()?)).await
}
