//! Exceptions: what an employee may not do, a supervisor allows once.

use super::{App, go};
use crate::ui::{Employee, Overlay};
use holdfast_counter::{Right, rights, words};
use holdfast_engine::{Masters, masters::Permit};
use holdfast_sync::{Body, body::Allowed};
use leptos::prelude::*;
use std::rc::Rc;

type Then = Box<dyn FnOnce(&Rc<App>)>;

/// What happens once somebody has allowed it.
pub(super) struct Asked {
    right: Right,
    details: String,
    then: Then,
}

impl App {
    fn permit(&self, right: Right) -> Permit {
        let role = self.ui.employee.with_untracked(|employee| employee.as_ref().map(|e| e.role.clone()));
        let asked = role.zip(self.catalogue());
        asked.map_or(Permit::Refused, |(role, catalogue)| rights::permit(&role, &catalogue.tables().profile, right))
    }

    /// Whether whoever is signed in may do it without asking.
    pub(crate) fn may(&self, right: Right) -> bool {
        self.permit(right) == Permit::Allowed
    }

    /// Whether nobody may do it.
    pub(crate) fn is_refused(&self, right: Right) -> bool {
        self.permit(right) == Permit::Refused
    }

    /// Does it, or asks a supervisor first. `details` is what the journal says it was about.
    pub(crate) fn with_right(
        self: &Rc<Self>,
        right: Right,
        details: impl Into<String>,
        then: impl FnOnce(&Rc<Self>) + 'static,
    ) {
        match self.permit(right) {
            Permit::Allowed => return then(self),
            Permit::Refused => return self.ui.complain(words::NOT_HERE),
            Permit::Supervisor => {}
        }
        *self.asked.borrow_mut() = Some(Asked { right, details: details.into(), then: Box::new(then) });
        self.ui.overlay.set(Some(Overlay::Allow(right)));
    }

    /// Those who may allow something.
    pub(crate) fn supervisors(&self) -> Vec<Employee> {
        let mut employees = self.ui.terminal.with_untracked(|info| info.employees.clone());
        employees.retain(|employee| rights::is_supervisor(&employee.role));
        employees
    }

    /// Takes a supervisor's PIN; with the right one what was asked for happens, after the journal knows who allowed it.
    pub(crate) fn allow(self: &Rc<Self>, supervisor: Employee, pin: String) {
        let app = Rc::clone(self);
        go(async move {
            if app.try_pin(&supervisor, &pin).await.is_none() {
                return;
            }
            // Losing the forgiveness only leaves an old count behind.
            let _ = app.forgive(&supervisor).await;
            let Some(Asked { right, details, then }) = app.asked.take() else { return };
            let allowed = Allowed { right: right.name().to_owned(), by: supervisor.employee, details };
            app.ui.overlay.set(None);
            if app.note(Body::Allowed(allowed)).await {
                app.ui.tell(words::ALLOWED);
                then(&app);
            }
        });
    }
}
