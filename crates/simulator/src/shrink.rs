//! Makes a failing scenario small: whatever can go while it still breaks the same invariant, goes.

use crate::{
    mutant::Mutant,
    run_with,
    scenario::{Act, Scenario, What},
};

/// A smaller scenario that breaks the same invariant. Tries at most so many runs.
pub fn shrink(scenario: &Scenario, mutant: Option<Mutant>, runs_max: usize) -> Scenario {
    let Some(violation) = run_with(scenario, mutant).violation else { return scenario.clone() };
    let mut search = Search { best: scenario.clone(), invariant: violation.invariant, mutant, runs: runs_max };
    loop {
        let before = search.best.size();
        search.tills();
        search.lists();
        search.plain();
        if search.best.size() == before || search.runs == 0 {
            return search.best;
        }
    }
}

struct Search {
    best: Scenario,
    invariant: String,
    mutant: Option<Mutant>,
    runs: usize,
}

impl Search {
    /// Takes a candidate if it still fails in the same way.
    fn try_one(&mut self, candidate: Scenario) -> bool {
        if self.runs == 0 || candidate == self.best {
            return false;
        }
        self.runs -= 1;
        let fails = run_with(&candidate, self.mutant).violation.is_some_and(|it| it.invariant == self.invariant);
        if fails {
            self.best = candidate;
        }
        fails
    }

    /// Without whole tills. Numbers stay what they are, so the till only loses what is done at it, unless it is the last.
    fn tills(&mut self) {
        for at in (0..self.best.tills.len()).rev() {
            let mut candidate = self.best.clone();
            if at + 1 == candidate.tills.len() && at > 0 {
                candidate.tills.pop();
            } else {
                candidate.tills[at].acts.clear();
            }
            self.try_one(candidate);
        }
    }

    /// Shorter lists, first by halves, then one by one.
    fn lists(&mut self) {
        self.shorten(|scenario| scenario.faults.len(), |scenario, from, to| drop(scenario.faults.drain(from..to)));
        for till in 0..self.best.tills.len() {
            self.shorten(
                |scenario| scenario.tills[till].acts.len(),
                |scenario, from, to| drop(scenario.tills[till].acts.drain(from..to)),
            );
        }
        for fault in 0..self.best.faults.len() {
            self.shorten(
                |scenario| cloned(scenario, fault).len(),
                |scenario, from, to| {
                    if let What::Clone { acts, .. } = &mut scenario.faults[fault].what {
                        acts.drain(from..to);
                    }
                },
            );
        }
    }

    fn shorten(&mut self, length: impl Fn(&Scenario) -> usize, remove: impl Fn(&mut Scenario, usize, usize)) {
        let mut size = length(&self.best).max(1);
        while size > 0 {
            let mut from = 0;
            while from < length(&self.best) {
                let to = (from + size).min(length(&self.best));
                let mut candidate = self.best.clone();
                remove(&mut candidate, from, to);
                if !self.try_one(candidate) {
                    from = to;
                }
            }
            size /= 2;
        }
    }

    /// A plainer world: no losses, one hub, right clocks, today's formats.
    fn plain(&mut self) {
        let changes: [fn(&mut Scenario); 6] = [
            |it| it.network.loss_permille = 0,
            |it| it.network.repeat_permille = 0,
            |it| it.network.damage_permille = 0,
            |it| it.network.delay_ms_max = 100,
            |it| {
                it.hubs.pop();
                it.hubs.resize(it.hubs.len().max(1), 2);
            },
            |it| {
                it.hubs.fill(2);
                it.tills.iter_mut().for_each(|till| (till.format, till.clock_ms) = (2, 0));
            },
        ];
        for change in changes {
            let mut candidate = self.best.clone();
            change(&mut candidate);
            self.try_one(candidate);
        }
    }
}

fn cloned(scenario: &Scenario, fault: usize) -> &[Act] {
    match scenario.faults.get(fault).map(|fault| &fault.what) {
        Some(What::Clone { acts, .. }) => acts,
        _ => &[],
    }
}
