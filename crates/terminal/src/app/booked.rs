//! What became of the sales in ERPNext's books: asked of the hub, remembered here.

use super::App;
use crate::{disk::array, net::NetError};
use holdfast_counter::booked::{Booked, News};
use leptos::prelude::*;

const BOOKED: &str = "booked";

impl App {
    /// Reads what was known when a hub was last in reach.
    pub(super) async fn load_booked(&self) {
        let Some(data) = self.data() else { return };
        let encrypted = self.disk.meta_bytes(BOOKED).await.ok().flatten().unwrap_or_default();
        let bytes = data.decrypt(&encrypted).await.unwrap_or_default();
        self.ui.booked.set(Booked::from_bytes(&bytes));
    }

    /// Asks until there is nothing new. A hub from before there were such questions has no answer, which is no trouble.
    pub(super) async fn ask_booked(&self) -> Result<(), NetError> {
        let (Some(hub), Some(data)) = (self.hub(), self.data()) else {
            return Ok(());
        };
        let mut booked = self.ui.booked.get_untracked();
        loop {
            let path = format!("postings?since_ms={}", booked.since_ms());
            let answer = match hub.ask("GET", &path, &[], "").await {
                Err(NetError::Refused { code, .. }) if code == "not_found" => return Ok(()),
                other => other?,
            };
            let news: News = serde_json::from_slice(&answer.body).map_err(|_| NetError::Nonsense)?;
            if !booked.take(&news) {
                break;
            }
        }
        if self.ui.booked.with_untracked(|shown| *shown != booked) {
            // Should this write be lost, the hub says it again.
            if let Ok(encrypted) = data.encrypt(&booked.to_bytes()).await {
                let _ = self.disk.set_meta(&[(BOOKED, array(&encrypted))]).await;
            }
            self.ui.booked.set(booked);
        }
        Ok(())
    }
}
