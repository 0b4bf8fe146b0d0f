//! What keys do in the windows over the panes: the top one takes them all.

use crate::tui::app::effect::Effect;
use crate::tui::app::model::{Model, Tone};
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::windows::builder::Terms;
use crate::tui::windows::columns::{Arranging, Verdict as Arranged};
use crate::tui::windows::confirm::Verdict;
use crate::tui::windows::picker::{Choice, moved};
use crate::tui::windows::save_search::Verdict as Saving;
use crate::tui::windows::searches_file::Verdict as Filed;
use crate::tui::windows::sort::Verdict as Ordering;
use crate::tui::windows::{Ask, Deed, Modal};

impl Model {
    /// Gives a key to the window on top.
    #[allow(clippy::too_many_lines, reason = "one arm a window, none of them longer than a few lines")]
    pub(in crate::tui) fn window_key(&mut self, key: Key, action: Option<Action>, effects: &mut Vec<Effect>) {
        if action == Some(Action::Suspend) {
            effects.push(Effect::Suspend);
            return;
        }
        let page = self.window_rows();
        let Some(modal) = self.modals.pop() else { return };
        match modal {
            Modal::Planning(planning) => {
                if action == Some(Action::Back) {
                    self.say(Tone::Done, "Nothing was planned; nothing was touched.");
                } else {
                    self.modals.push(Modal::Planning(planning));
                }
            }
            Modal::Confirm(mut confirm) => match confirm.press(key, action, page) {
                Verdict::Open => self.modals.push(Modal::Confirm(confirm)),
                Verdict::No => self.say(Tone::Done, "Nothing was deleted."),
                Verdict::Yes => self.start_plan(*confirm, effects),
                Verdict::MembersToo => self.plan_with_members(*confirm, effects),
                Verdict::SavePlan => {
                    self.modals.push(Modal::Confirm(confirm));
                    self.ask_plan_file();
                }
                Verdict::Rate => {
                    let rate = confirm.rate;
                    self.modals.push(Modal::Confirm(confirm));
                    self.ask_rate(rate);
                }
            },
            Modal::Ask(ask) => self.ask_key(ask, action, effects),
            Modal::Quit => self.quit_key(action, effects),
            Modal::Picker(mut picker) => {
                match action {
                    Some(Action::Back) => return,
                    Some(Action::Accept) => {
                        let choice = picker.current().map(|entry| entry.choice.clone());
                        self.picked(choice.as_ref(), effects);
                        return;
                    }
                    Some(action @ (Action::Up | Action::Down | Action::PageUp | Action::PageDown)) => {
                        picker.move_to(moved(action, picker.cursor, page, usize::MAX));
                    }
                    _ if picker.filter.press(key, action) => picker.narrow(),
                    _ => {}
                }
                self.modals.push(Modal::Picker(picker));
            }
            Modal::Builder(mut builder) => {
                let terms = Terms { vocabulary: &self.vocabulary, today: &self.today };
                let verdict = builder.press(key, action, page, terms);
                if self.built(&builder, verdict) {
                    self.modals.push(Modal::Builder(builder));
                }
            }
            Modal::Find(mut find) => {
                let verdict = find.press(key, action, page);
                if self.found(find.purpose, verdict, effects) {
                    self.modals.push(Modal::Find(find));
                }
            }
            Modal::Save(mut save) => match save.press(key, action) {
                Saving::Open => self.modals.push(Modal::Save(save)),
                Saving::Close => {}
                Saving::Save => effects.push(save.effect()),
            },
            Modal::Filing(mut filing) => match filing.press(key, action) {
                Filed::Open => self.modals.push(Modal::Filing(filing)),
                Filed::Close => {}
                Filed::Do(effect) => effects.push(effect),
            },
            Modal::Sorting(mut sorting) => match sorting.press(key, action, page) {
                Ordering::Open => self.modals.push(Modal::Sorting(sorting)),
                Ordering::Close => {}
                Ordering::Take(sort) => self.search.sort_by(sort),
            },
            Modal::Arranging(arranging) => self.arrange(arranging, (key, action, page), effects),
            Modal::Help(mut help) => {
                if action != Some(Action::Back) {
                    help.press(key, action, page, &self.keymap);
                    self.modals.push(Modal::Help(help));
                }
            }
            Modal::Job(sheet) => self.sheet_key(sheet, key, action, effects),
            Modal::Clashes(clashes) => self.clashes_key(clashes, action, effects),
            Modal::Erase(erase) => self.erase_key(erase, key, action, effects),
            Modal::Prompt(prompt) => self.prompt_key(prompt, key, action, effects),
            Modal::Addresses(addresses) => self.addresses_key(addresses, key, action, effects),
            Modal::Log(log) => self.log_key(log, action),
            Modal::Looking(looking) => {
                if action == Some(Action::Back) {
                    self.say(Tone::Done, "Nothing was changed.");
                } else {
                    self.modals.push(Modal::Looking(looking));
                }
            }
            Modal::Waiting(waiting) => {
                if action == Some(Action::Back) {
                    self.say(Tone::Done, "Nothing was changed.");
                } else {
                    self.modals.push(Modal::Waiting(waiting));
                }
            }
            Modal::Form(form) => self.form_key(form, key, action, effects),
            Modal::Labels(labels) => self.labels_key(labels, key, action, effects),
            Modal::EditAsk(ask) => self.edit_ask_key(ask, action, effects),
            Modal::Merging(merging) => self.merge_key(merging, action, effects),
            Modal::Import(window) => self.import_key(window, key, action, effects),
            Modal::Export(window) => self.export_key(window, key, action, effects),
            // It was read: any key goes on.
            Modal::Message(_) => {}
        }
    }

    fn ask_key(&mut self, ask: Ask, action: Option<Action>, effects: &mut Vec<Effect>) {
        match (action, ask.seen) {
            (Some(Action::Yes), true) => match ask.deed {
                Deed::Undo(job) => effects.push(Effect::Undo(job)),
                Deed::UndoPart(job, ids) => {
                    self.spend_marks();
                    effects.push(Effect::UndoPart(job, ids));
                }
                Deed::Restore(ids) => {
                    self.spend_marks();
                    effects.push(Effect::Restore(ids));
                }
                Deed::ReplaceReport(job, path) => self.replace_report(job, path, effects),
                Deed::ReplaceExport(export) => self.write(*export, effects),
                Deed::QuitWriting(ticket) => effects.extend([Effect::Stop(ticket), Effect::Quit]),
                Deed::Cancel(job) => effects.push(Effect::Cancel(job)),
                Deed::DropSearch(name) => effects.push(Effect::DropSearch(name)),
                Deed::DropList(name) => effects.push(Effect::DropList(name)),
                Deed::Resubscribe(address) => effects.push(Effect::Resubscribe(address)),
            },
            (Some(Action::Yes), false) => self.modals.push(Modal::Ask(ask)),
            _ => self.say(Tone::Done, "Nothing was changed."),
        }
    }

    /// Gives a key to the window of the columns; the table follows at once.
    fn arrange(
        &mut self,
        mut arranging: Box<Arranging>,
        (key, action, page): (Key, Option<Action>, usize),
        effects: &mut Vec<Effect>,
    ) {
        let places = self.column_places();
        let verdict = arranging.press(key, action, page, &places);
        self.search.columns = arranging.columns.clone();
        match verdict {
            Arranged::Open => self.modals.push(Modal::Arranging(arranging)),
            Arranged::Close(was) => self.search.columns = was,
            Arranged::Keep => effects.push(Effect::KeepColumns(self.search.columns.text())),
        }
    }

    fn quit_key(&mut self, action: Option<Action>, effects: &mut Vec<Effect>) {
        let jobs = self.jobs.at_work();
        match action {
            Some(Action::QuitWait) => {
                self.quits_when_done = true;
            }
            Some(Action::QuitPause) => {
                effects.extend(jobs.into_iter().map(Effect::Pause));
                effects.push(Effect::Quit);
            }
            Some(Action::QuitCancel) => {
                effects.extend(jobs.into_iter().map(Effect::Cancel));
                effects.push(Effect::Quit);
            }
            Some(Action::Back) => {}
            _ => self.modals.push(Modal::Quit),
        }
    }

    fn picked(&mut self, choice: Option<&Choice>, effects: &mut Vec<Effect>) {
        match choice {
            Some(Choice::Command(action)) => self.act(*action, effects),
            Some(Choice::List(deed)) => self.act_on_list(deed.clone(), effects),
            Some(Choice::Put(put, list)) => self.put(*put, *list, effects),
            Some(Choice::Tag(tag)) => self.take_card_tag(*tag),
            Some(Choice::Account(list)) => {
                let words = format!("313 Cannot Edit Account Lists: {list} mirrors an account; nothing was changed.");
                self.say(Tone::Refused, words);
            }
            Some(Choice::Field(_) | Choice::Text(_)) | None => self.say(Tone::Refused, "Nothing has that name."),
        }
    }
}
