//! A delete on its way: what is meant, the plan, the question, the start.
//!
//! Nothing goes but by [`Effect::Start`], and that comes from one place: a yes to a plan on the screen.

use std::num::NonZeroU32;

use crate::domain::contact::Contact;
use crate::domain::criteria::phrase::behind_contacts;
use crate::domain::plans::{Plan, PlanRequest};
use crate::domain::query::{Scope, Selection};
use crate::domain::syntax;
use crate::engine::EngineError;
use crate::tui::app::effect::{Effect, Manner};
use crate::tui::app::event::{Place, Ticket};
use crate::tui::app::model::{Focus, Model, Spending, Tone};
use crate::tui::panes::lists::Entry;
use crate::tui::panes::search::query_line::Query;
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::Modal;
use crate::tui::windows::confirm::{Confirm, ConfirmDeed, Question, Target};
use crate::tui::windows::keys::{Keys, Press};
use crate::tui::windows::message::Message;
use crate::tui::windows::picker::ListDeed;
use crate::tui::windows::verdict::Verdict;
use crate::tui::windows::waiting::{Awaited, Waiting};

impl Keys for Confirm {
    fn on_key(mut self: Box<Self>, press: Press, model: &mut Model, effects: &mut Vec<Effect>) {
        match self.press(press.key, press.action, press.page) {
            Verdict::Open => model.modals.push(Modal::Confirm(self)),
            Verdict::Close => model.say(Tone::Done, "Nothing was deleted."),
            Verdict::Do(ConfirmDeed::Start) => model.start_plan(*self, effects),
            Verdict::Do(ConfirmDeed::KeepBest) => model.plan_without_best(*self, effects),
            Verdict::Do(ConfirmDeed::MembersToo) => model.plan_with_members(*self, effects),
            Verdict::Do(ConfirmDeed::SavePlan) => {
                model.modals.push(Modal::Confirm(self));
                if model.place == Place::Served {
                    return model.say_served();
                }
                model.ask_plan_file();
            }
            Verdict::Do(ConfirmDeed::Rate) => {
                let rate = self.rate;
                model.modals.push(Modal::Confirm(self));
                model.ask_rate(rate);
            }
        }
    }

    fn on_paste(&mut self, _: &str, _: &Model) {
        self.paste();
    }

    fn asks(&mut self, model: &Model, ticket: Ticket) -> Option<Effect> {
        match &mut self.question {
            Question::Look(look) => {
                look.page(&self.plan, model.window_rows(), ticket).map(|ids| Effect::People(ticket, ids))
            }
            Question::Count(_) | Question::Members(_) => None,
        }
    }
}

impl Model {
    /// Asks for a plan of what is marked, else of what the criteria match.
    pub(in crate::tui) fn plan_delete(&mut self, effects: &mut Vec<Effect>) {
        if self.search.scope == Scope::Trash {
            self.explain_trash();
            return;
        }
        if self.ids.is_some() {
            self.say(Tone::Refused, "Still marking; press it again in a moment.");
            return;
        }
        if self.focus == Focus::Lists {
            match self.lists.current() {
                Some(Entry::List(list, _)) => return self.act_on_list(ListDeed::Clear(list.name), effects),
                Some(Entry::Search(search)) => self.search_for(&search.line),
                Some(Entry::Trash(_)) => return self.explain_trash(),
                Some(entry @ (Entry::All(_) | Entry::Unsubscribers(_))) => {
                    let name = entry.name();
                    return self.say(Tone::Refused, format!("{name} is no list to delete from; open it first."));
                }
                Some(Entry::Blank | Entry::Heading(_)) | None => return,
            }
        }
        let excluded = self.search.excluded.iter().copied().collect();
        let (selection, target) = if self.search.marked.is_empty() {
            let query = match &self.search.query {
                Query::Good(_) => self.search.request_all().query,
                Query::Empty => {
                    self.focus = Focus::Line;
                    let text = "Nothing says what to delete. Write criteria, or all for every contact.";
                    self.say(Tone::Refused, text);
                    return;
                }
                Query::Bad(_) => {
                    self.focus = Focus::Line;
                    self.say(Tone::Refused, "The query line has an error; nothing was planned.");
                    return;
                }
            };
            (Selection::Query(query), Target::Matches)
        } else {
            let ids = self.search.marked.iter().copied().collect();
            // Marks say which contacts; they may lie outside the list that is looked at.
            (Selection::ids(ids), Target::Marked { hidden: self.search.marked_hidden() })
        };
        self.search.range = None;
        self.ask_plan(PlanRequest { selection, excluded, members_too: false }, target, None, effects);
    }

    /// Asks for the plan of a question on the screen again, members taken along.
    fn plan_with_members(&mut self, confirm: Confirm, effects: &mut Vec<Effect>) {
        let request = PlanRequest { members_too: true, ..confirm.plan.request };
        self.ask_plan(request, confirm.target, confirm.rate, effects);
    }

    /// Asks for the plan of a question on the screen again, without the best card of each group. The search becomes
    /// what is asked now, so that what goes is what is shown.
    fn plan_without_best(&mut self, confirm: Confirm, effects: &mut Vec<Effect>) {
        let mut request = confirm.plan.request;
        let Selection::Query(query) = &mut request.selection else { return };
        let Some(criteria) = query.criteria.take() else { return };
        let redundant = criteria.keeping_best();
        let scope = self.search.scope;
        self.search_for(&syntax::print(&redundant));
        self.search.scope = scope;
        query.criteria = Some(redundant);
        self.ask_plan(request, confirm.target, confirm.rate, effects);
    }

    fn ask_plan(&mut self, request: PlanRequest, target: Target, rate: Option<NonZeroU32>, effects: &mut Vec<Effect>) {
        let ticket = self.ticket();
        self.show(Waiting::new(ticket, Awaited::DeletePlan(target, rate)));
        effects.push(Effect::Plan(ticket, request));
    }

    /// Puts a plan before the user, if it is still wanted.
    pub(in crate::tui) fn planned(&mut self, ticket: Ticket, answer: Result<Box<Plan>, EngineError>) {
        let Some(Awaited::DeletePlan(target, rate)) = self.take_awaited(ticket) else { return };
        let plan = match answer {
            Ok(plan) => plan,
            Err(error) => {
                self.show(Message::of("No plan could be made; nothing was touched", &error));
                return;
            }
        };
        let phrase = match &plan.request.selection {
            Selection::Query(query) => {
                query.criteria.as_ref().map_or_else(Vec::new, |criteria| behind_contacts(criteria, &self.today))
            }
            Selection::Ids { .. } => Vec::new(),
        };
        // 0 days: the trash keeps everything.
        let days = jiff::Span::new().days(i64::from(plan.retention_days.min(100_000)));
        let until = match (plan.retention_days, self.today.date().checked_add(days)) {
            (1.., Ok(day)) => day.to_string(),
            _ => "they are erased by hand".to_owned(),
        };
        let list = match plan.request.selection.scope() {
            Scope::Book => None,
            scope => Some(self.lists.scope_name(scope)),
        };
        let question = Question::Count(Line::default());
        let confirm = Confirm { plan, target, list, phrase, until, question, rate, seen: false, note: None };
        self.show(confirm);
    }

    /// Starts the plan that was confirmed.
    fn start_plan(&mut self, confirm: Confirm, effects: &mut Vec<Effect>) {
        self.spending = matches!(confirm.target, Target::Marked { .. }).then_some(Spending::Job);
        let redoes = match confirm.target {
            Target::Redo(undo) => Some(undo),
            Target::Matches | Target::Marked { .. } | Target::Retry(_) => None,
        };
        effects.push(Effect::Start(confirm.plan, Manner { rate: confirm.rate, redoes }));
    }

    /// Takes the contacts that are looked through.
    pub(in crate::tui) fn take_looked_through(&mut self, ticket: Ticket, answer: Result<Vec<Contact>, EngineError>) {
        let Some(Modal::Confirm(confirm)) = self.modals.last_mut() else { return };
        let Question::Look(look) = &mut confirm.question else { return };
        if look.waiting.take_if(|asked| *asked == ticket).is_none() {
            return;
        }
        match answer {
            Ok(people) => look.people = people,
            Err(error) => self.trouble_with("The contacts can't be read", &error),
        }
    }
}
