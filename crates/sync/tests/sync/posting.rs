//! The way into the books: order, refusals, people's decisions, and whatever answers and power cuts there are.

use holdfast_sync::{
    EntryRef, Seq, ShiftId, TerminalId,
    posting::{
        BookedDocument, Commit, Decision, Difference, Effect, Event, Outcome, Poster, PostingId, Refusal, RefusalKind,
        Rejection, Rename, Row, State, Task, TaskKind,
    },
};
use proptest::prelude::*;
use std::{collections::BTreeMap, convert::Infallible};

const TERMINAL: TerminalId = TerminalId([7; 16]);
const SHIFT: ShiftId = ShiftId([5; 16]);

/// What is durable.
#[derive(Clone, Default)]
struct Disk(BTreeMap<PostingId, Row>);

impl Commit for Disk {
    type Error = Infallible;

    fn commit(&mut self, rows: &[Row]) -> Result<(), Infallible> {
        self.0.extend(rows.iter().map(|row| (row.id, row.clone())));
        Ok(())
    }
}

/// A poster over a disk, with a clock.
#[derive(Default)]
struct Office {
    poster: Poster,
    disk: Disk,
    now_ms: i64,
}

impl Office {
    fn with(tasks: Vec<Task>) -> Self {
        let mut office = Self::default();
        office.receive(tasks);
        office
    }

    fn receive(&mut self, tasks: Vec<Task>) {
        let rows: Vec<Row> = tasks.into_iter().map(Row::from).collect();
        let Ok(()) = self.disk.commit(&rows);
        self.take(Event::Received(rows)).expect("always taken");
    }

    fn take(&mut self, event: Event) -> Result<Vec<Effect>, Rejection> {
        let Ok(taken) = self.poster.take(self.now_ms, 0.5, event, &mut self.disk);
        taken
    }

    /// What is tried now.
    fn tick(&mut self) -> Vec<(u64, u32)> {
        let effects = self.take(Event::Tick).expect("a tick is always taken");
        effects
            .into_iter()
            .filter_map(|effect| match effect {
                Effect::Post { id, attempt } => Some((id.seq.0, attempt)),
                Effect::Alert(_) => None,
            })
            .collect()
    }

    fn answer(&mut self, seq: u64, attempt: u32, outcome: Outcome) -> Result<Vec<Effect>, Rejection> {
        self.take(Event::Answered { id: id(seq), attempt, outcome, took_ms: 300 })
    }

    fn decide(&mut self, seq: u64, decision: Decision) -> Result<Vec<Effect>, Rejection> {
        let row = Box::new(self.disk.0[&id(seq)].clone());
        self.take(Event::Decided { row, decision, by: "owner".into() })
    }

    fn state(&self, seq: u64) -> &State {
        &self.disk.0[&id(seq)].state
    }

    /// The power goes and comes back.
    fn restart(&mut self) {
        self.poster = Poster::new(self.disk.0.values().cloned());
    }
}

fn id(seq: u64) -> PostingId {
    PostingId { terminal: TERMINAL, seq: Seq(seq), mark: [1, 2, 3, 4] }
}

fn task(seq: u64, kind: TaskKind) -> Task {
    Task { id: id(seq), shift: Some(SHIFT), kind, needs: Vec::new() }
}

/// A shift: opened, two sales, closed.
fn shift() -> Vec<Task> {
    vec![task(1, TaskKind::Opening), task(2, TaskKind::Invoice), task(3, TaskKind::Invoice), task(4, TaskKind::Closing)]
}

fn booked(seq: u64) -> Outcome {
    let document = BookedDocument { doctype: "POS Invoice".into(), name: format!("PSINV-{seq}") };
    Outcome::Booked { documents: vec![document], differences: Vec::new() }
}

fn refused() -> Outcome {
    let (exc_type, message) = ("ValidationError".into(), "Item TEA is disabled".into());
    Outcome::Refused(Refusal { kind: RefusalKind::Item, exc_type, message })
}

#[test]
fn a_shift_is_booked_in_its_order() {
    let mut office = Office::with(shift());

    for seq in 1..=4 {
        assert_eq!(office.tick(), [(seq, 1)]);
        assert_eq!(office.tick(), [], "one at a time");
        office.answer(seq, 1, booked(seq)).expect("it was asked for");
    }

    assert_eq!(office.tick(), []);
    assert_eq!(office.poster.rows().count(), 0);
    assert_eq!(office.poster.wake_at_ms(0), None);
}

#[test]
fn a_try_is_durable_before_it_is_made() {
    let mut office = Office::with(shift());

    office.tick();

    assert!(matches!(office.state(1), State::Posting { attempts: 1, .. }));
}

#[test]
fn after_a_power_cut_the_same_entry_is_tried_again_and_known_to_have_been_tried() {
    let mut office = Office::with(shift());
    office.tick();

    office.restart();

    let effects = office.take(Event::Tick).expect("a tick is always taken");
    assert_eq!(effects, [Effect::Post { id: id(1), attempt: 2 }]);
    assert!(!effects[0].is_first());
    assert_eq!(office.answer(1, 1, booked(1)), Err(Rejection::Stale), "the try of the life before");
}

#[test]
fn a_refused_sale_lets_the_next_one_pass_and_holds_the_closing() {
    let mut office = Office::with(shift());
    office.tick();
    office.answer(1, 1, booked(1)).expect("asked for");
    office.tick();
    let alerts = office.answer(2, 1, refused()).expect("asked for");
    assert_eq!(alerts, [Effect::Alert(id(2))]);
    assert_eq!(office.tick(), [(3, 1)]);
    office.answer(3, 1, booked(3)).expect("asked for");
    assert_eq!(office.tick(), [], "the closing waits");

    office.decide(2, Decision::TryAgain).expect("it waits for a person");

    assert_eq!(office.tick(), [(2, 2)]);
    office.answer(2, 2, booked(2)).expect("asked for");
    assert_eq!(office.tick(), [(4, 1)]);
}

#[test]
fn a_refused_opening_holds_its_shift_and_no_other() {
    let other = Task { shift: Some(ShiftId([6; 16])), ..task(9, TaskKind::Opening) };
    let mut office = Office::with([shift(), vec![other]].concat());
    assert_eq!(office.tick(), [(1, 1), (9, 1)]);

    office.answer(1, 1, refused()).expect("asked for");
    office.answer(9, 1, booked(9)).expect("asked for");

    assert_eq!(office.tick(), []);
}

#[test]
fn a_return_waits_for_its_sale_and_what_comes_after_does_not() {
    let original = EntryRef { terminal: TERMINAL, seq: Seq(20) };
    let mut tasks = shift();
    tasks[1].needs = vec![original];
    let sale = Task { shift: Some(ShiftId([6; 16])), ..task(20, TaskKind::Invoice) };
    let mut office = Office::with([tasks, vec![sale]].concat());
    assert_eq!(office.tick(), [(1, 1), (20, 1)]);
    office.answer(1, 1, booked(1)).expect("asked for");
    assert_eq!(office.tick(), [(3, 1)]);
    office.answer(3, 1, booked(3)).expect("asked for");
    assert_eq!(office.tick(), []);

    office.answer(20, 1, booked(20)).expect("asked for");

    assert_eq!(office.tick(), [(2, 1)]);
}

#[test]
fn a_difference_is_seen_by_a_person_and_holds_nothing() {
    let mut office = Office::with(shift());
    office.tick();
    let difference = Difference { field: "grand_total".into(), receipt: "10".into(), booked: "10.01".into() };
    let Outcome::Booked { documents, .. } = booked(1) else { unreachable!() };

    let alerts = office.answer(1, 1, Outcome::Booked { documents, differences: vec![difference] }).expect("asked for");

    assert_eq!(alerts, [Effect::Alert(id(1))]);
    assert_eq!(office.tick(), [(2, 1)]);
    assert_eq!(office.decide(1, Decision::Settle { reason: "  ".into() }), Err(Rejection::NoReason));
    office.decide(1, Decision::Settle { reason: "one cent, accepted".into() }).expect("it waits for a person");
    assert!(matches!(office.state(1), State::Resolved { documents, .. } if documents.len() == 1));
}

#[test]
fn what_is_booked_cannot_be_decided_about() {
    let mut office = Office::with(shift());
    office.tick();
    office.answer(1, 1, booked(1)).expect("asked for");

    assert_eq!(office.decide(1, Decision::TryAgain), Err(Rejection::NotWaiting));
    assert_eq!(office.decide(2, Decision::Settle { reason: "no".into() }), Err(Rejection::NotWaiting));
}

#[test]
fn a_mapping_is_kept_and_a_newer_one_for_the_same_thing_replaces_it() {
    let mut office = Office::with(shift());
    let map = |to: &str| Decision::Map(Rename { doctype: "Item".into(), from: "TEA".into(), to: to.into() });
    for (attempt, to) in [(1, "TEA-1"), (2, "TEA-2")] {
        office.tick();
        office.answer(1, attempt, refused()).expect("asked for");
        office.decide(1, map(to)).expect("it waits for a person");
    }

    let renames = &office.disk.0[&id(1)].amendments.renames;

    assert_eq!(renames.iter().map(|rename| rename.to.as_str()).collect::<Vec<_>>(), ["TEA-2"]);
}

#[test]
fn a_site_that_is_down_is_asked_by_one_and_nobody_is_bothered() {
    let other = Task { shift: Some(ShiftId([6; 16])), ..task(9, TaskKind::Opening) };
    let mut office = Office::with([shift(), vec![other]].concat());
    office.tick();
    for (seq, attempt) in [(1, 1), (9, 1)] {
        assert_eq!(office.answer(seq, attempt, Outcome::NotNow { after_ms: None }), Ok(Vec::new()));
    }
    assert_eq!(office.tick(), []);

    office.now_ms = office.poster.wake_at_ms(0).expect("it will be tried again");

    assert_eq!(office.tick().len(), 1);
}

#[test]
fn an_entry_that_never_gets_a_clear_answer_comes_before_a_person_and_lets_others_pass() {
    let other = Task { shift: Some(ShiftId([6; 16])), ..task(9, TaskKind::Opening) };
    let mut office = Office::with([shift(), vec![other]].concat());
    let mut others = 0;
    for _ in 0..100 {
        for (seq, attempt) in office.tick() {
            let outcome = if seq == 1 {
                Outcome::Unclear
            } else {
                others += 1;
                booked(seq)
            };
            office.answer(seq, attempt, outcome).expect("asked for");
        }
        let Some(at) = office.poster.wake_at_ms(office.now_ms) else { break };
        office.now_ms = at;
    }

    assert_eq!(others, 1);
    assert!(matches!(office.state(1), State::Rejected { refusal, .. } if refusal.kind == RefusalKind::NoAnswer));
}

#[test]
fn ids_are_read_back_as_they_are_written() {
    assert_eq!(PostingId::parse(&id(42).to_string()), Some(id(42)));
    assert_eq!(PostingId::parse("0707-1-01020304"), None);
}

/// What a site does with a request to make a document.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Good,
    AnswerLost,
    RequestLost,
    Down,
    Refuse,
    PowerCut,
    PowerCutAfter,
}

fn fate() -> impl Strategy<Value = Fate> {
    use Fate::{AnswerLost, Down, Good, PowerCut, PowerCutAfter, Refuse, RequestLost};
    prop_oneof![
        4 => Just(Good), 1 => Just(AnswerLost), 1 => Just(RequestLost), 1 => Just(Down), 1 => Just(Refuse),
        1 => Just(PowerCut), 1 => Just(PowerCutAfter),
    ]
}

proptest! {
    #[test]
    fn everything_is_booked_once_and_in_order_whatever_happens(fates in proptest::collection::vec(fate(), 0..80)) {
        let mut office = Office::with(shift());
        let mut books: Vec<u64> = Vec::new();
        let mut fates = fates.into_iter();
        for _ in 0..2_000 {
            let tried = office.tick();
            for &(seq, attempt) in &tried {
                let fate = fates.next().unwrap_or(Fate::Good);
                // A connector that looks first, or meets the unique field.
                let makes = matches!(fate, Fate::Good | Fate::AnswerLost | Fate::PowerCutAfter);
                if makes && !books.contains(&seq) {
                    books.push(seq);
                }
                let outcome = match fate {
                    Fate::Good => booked(seq),
                    Fate::AnswerLost | Fate::RequestLost => Outcome::Unclear,
                    Fate::Down => Outcome::NotNow { after_ms: None },
                    Fate::Refuse => refused(),
                    Fate::PowerCut | Fate::PowerCutAfter => { office.restart(); continue; }
                };
                office.answer(seq, attempt, outcome).expect("asked for");
                if matches!(office.state(seq), State::Rejected { .. }) {
                    office.decide(seq, Decision::TryAgain).expect("it waits for a person");
                }
            }
            match office.poster.wake_at_ms(office.now_ms) {
                Some(at) => office.now_ms = at,
                None if tried.is_empty() => break,
                None => {}
            }
        }
        prop_assert_eq!(books, vec![1, 2, 3, 4]);
        let all_posted = office.disk.0.values().all(|row| matches!(row.state, State::Posted { .. }));
        prop_assert!(all_posted);
    }
}

#[test]
fn a_clock_that_was_a_year_ahead_does_not_keep_an_entry_for_a_year() {
    let mut office = Office { now_ms: 365 * 86_400_000, ..Office::default() };
    office.receive(shift());
    office.tick();
    office.answer(1, 1, Outcome::Underway { after_ms: 60_000 }).expect("it was asked for");

    office.now_ms = 0;

    assert_eq!(office.poster.wake_at_ms(0), Some(0));
    assert_eq!(office.tick(), [(1, 2)]);
}

#[test]
fn a_sale_of_the_other_line_does_not_wait_behind_a_closing_that_waits() {
    let mut tasks = shift();
    tasks.push(task(5, TaskKind::Invoice));
    let mut office = Office::with(tasks);
    office.tick();
    office.answer(1, 1, booked(1)).expect("it was asked for");
    office.tick();
    office.answer(2, 1, refused()).expect("it was asked for");
    office.tick();
    office.answer(3, 1, booked(3)).expect("it was asked for");

    assert_eq!(office.tick(), [(5, 1)]);
    office.answer(5, 1, booked(5)).expect("it was asked for");
    assert_eq!(office.tick(), [], "the closing waits for the one that was refused");
}

#[test]
fn a_return_does_not_wait_for_the_closing_that_stands_at_its_sales_place_in_the_other_line() {
    let sale = PostingId { mark: [9; 4], ..id(2) };
    let mut back = task(3, TaskKind::Invoice);
    back.needs = vec![id(2).entry()];
    let sold = Task { id: sale, ..task(2, TaskKind::Invoice) };
    let mut office = Office::with(vec![task(1, TaskKind::Opening), sold, task(2, TaskKind::Closing), back]);
    office.tick();
    office.answer(1, 1, booked(1)).expect("it was asked for");
    office.tick();
    office.take(Event::Answered { id: sale, attempt: 1, outcome: booked(2), took_ms: 300 }).expect("it was asked for");

    assert_eq!(office.tick(), [(3, 1)]);
}
