//! Provisioning, with the very conversations that the hub holds.

use crate::{site::Site, terminal::now_ms};
use anyhow::{Result, bail};
use holdfast_erpnext::provision::{Apply, Order, Survey, TakeBack};

/// What provisioning did to the site.
pub(crate) struct SetUp {
    order: Order,
    /// Whether the site was set up before: then it stays so.
    was_there: bool,
}

impl SetUp {
    /// Sets the site up, with the role for these users.
    pub(crate) async fn make(site: &Site, users: Vec<String>) -> Result<Self> {
        let was_there = site.hold(Survey::new(Order::default(), now_ms())).await?.is_done();
        let order = Order { users, ..Order::default() };
        let plan = site.hold(Survey::new(order.clone(), now_ms())).await?;
        println!("  {} pieces to make", plan.to_do().len());
        let applied = site.hold(Apply::new(&plan, now_ms())).await?;
        for refusal in &applied.refused {
            println!("  refused: {}: {}", refusal.sentence, refusal.message);
        }
        if !applied.plan.is_done() {
            bail!("the site is not set up: {}", applied.plan.to_do().join(" "));
        }
        Ok(Self { order, was_there })
    }

    /// Takes everything back, unless it was there before.
    pub(crate) async fn take_back(&self, site: &Site) -> Result<()> {
        if self.was_there {
            println!("The site was set up for Holdfast before and stays so.");
            return Ok(());
        }
        let plan = site.hold(Survey::new(self.order.clone(), now_ms())).await?;
        let undone = site.hold(TakeBack::new(&plan, now_ms())).await?;
        let stays = undone.plan.to_undo();
        for refusal in &undone.refused {
            println!("  refused: {}: {}", refusal.sentence, refusal.message);
        }
        if stays.is_empty() {
            println!("What provisioning made is off the site.");
        } else {
            println!("This stays of what provisioning made:\n  {}", stays.join("\n  "));
        }
        Ok(())
    }
}
