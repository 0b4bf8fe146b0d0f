//! Everything a key can do, each with its name (keymap, palette) and what it does (help).
//!
//! Only what works is here: an action without an implementation has no place in the list.

macro_rules! actions {
    ($($(#[$doc:meta])* $variant:ident $name:literal $label:literal $help:literal;)*) => {
        /// Something a key can do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action {
            $(#[doc = $help] $(#[$doc])* $variant,)*
        }

        impl Action {
            /// Every action, in the order in which help lists them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name in the keymap and the palette.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The word for it in the footer.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)* }
            }

            /// What it does.
            pub fn help(self) -> &'static str {
                match self { $(Self::$variant => $help,)* }
            }
        }
    };
}

actions! {
    FocusNext "next-pane" "next pane" "Goes to the next pane.";
    FocusPrevious "previous-pane" "previous pane" "Goes to the previous pane.";
    FocusLists "lists" "lists" "Goes to the lists.";
    FocusSearch "results" "results" "Goes to the results.";
    FocusJobs "jobs" "jobs" "Goes to the jobs.";
    QueryLine "search" "search" "Edits the query line.";
    FocusClauses "clauses" "clauses" "Goes to the clauses, to change them.";
    AddClause "add-clause" "clause" "Adds a clause: picks field, operator and value.";
    EditClause "edit-clause" "edit" "Changes the clause.";
    RemoveClause "remove-clause" "remove" "Takes the clause or the group out of the criteria.";
    Negate "negate" "negate" "Negates the clause or group; again: removes the not.";
    Group "group" "group" "Makes a group of the clause and the one below; takes a group apart.";
    AndOr "and-or" "and/or" "Switches the group between and and or.";
    ClauseUp "clause-up" "move up" "Moves the clause up, into a group and out of it.";
    ClauseDown "clause-down" "move down" "Moves the clause down, into a group and out of it.";
    SwitchClause "switch-clause" "off/on" "Turns the clause off or on.";
    UndoEdit "undo-edit" "undo edit" "Undoes the last change to the search.";
    RedoEdit "redo-edit" "redo edit" "Redoes the last change to the search.";
    Find "find" "find" "Finds a contact by a few letters, in the whole book.";
    FindAmong "find-among" "among the matches" "Finds in the whole book, or among the matches only.";
    WhyNot "why-not" "why not" "Says clause by clause why a contact doesn't match.";
    SaveSearch "save-search" "save" "Saves the query line under a name.";
    DropSearch "drop-search" "drop" "Drops the saved search; asks first.";
    Back "back" "back" "Goes back one step; it never quits.";
    Up "up" "up" "Moves up.";
    Down "down" "down" "Moves down.";
    PageUp "page-up" "page up" "Moves up a page.";
    PageDown "page-down" "page down" "Moves down a page.";
    Top "top" "top" "Goes to the first one.";
    Bottom "bottom" "bottom" "Goes to the last one.";
    Open "open" "open" "Opens what the cursor is on: a list, a card, a job's failures.";
    Mark "mark" "mark" "Marks the contact, or takes the mark off.";
    MarkRange "mark-range" "range" "Starts or ends marking a range.";
    ExtendUp "extend-up" "range up" "Marks from here upwards.";
    ExtendDown "extend-down" "range down" "Marks from here downwards.";
    MarkAll "mark-all" "mark all" "Marks every match.";
    Invert "invert-marks" "invert" "Inverts the marks within the matches.";
    ClearMarks "clear-marks" "unmark" "Takes every mark off, shown or not.";
    Exclude "exclude" "exclude" "Excludes the contact from the delete, or takes it back in.";
    Delete "delete" "delete" "Plans a delete: what is marked, else what the criteria match. Asks before anything goes.";
    DeleteColours "delete-colours" "colour outcomes" "Shows in red and amber what a delete would take and leave while you look, or quietly again.";
    UndoLast "undo" "undo" "Undoes the last job; asks first.";
    EditCard "edit-card" "edit" "Changes the contact's card.";
    AddCard "add-contact" "add contact" "Adds a contact.";
    EditThem "edit-them" "edit them" "Picks what to do with the marked contacts, else with all that match: labels, move, copy, protect, unsubscribe, merge.";
    Labels "labels" "labels" "Gives labels to the marked contacts, else to all that match, and takes labels away.";
    MoveTo "move-to" "move" "Moves the marked contacts, else all that match, into a list.";
    CopyTo "copy-to" "copy to" "Copies the marked contacts, else all that match, into a list.";
    ProtectAll "protect-them" "protect them" "Protects the marked contacts, else all that match.";
    UnprotectAll "unprotect-them" "unprotect them" "Takes the protection off the marked contacts, else off all that match.";
    Unsubscribe "unsubscribe" "unsubscribe" "Unsubscribes the marked contacts, else all that match; their addresses go on the Unsubscribers.";
    Merge "merge" "merge" "Merges the marked ones into one card; of duplicates, each group into one.";
    LeaveOut "leave-out" "leave out" "Leaves the group, the card or the contact out of what is done.";
    NeverThese "never-these" "never these" "Notes for good that the cards of the group are not the same.";
    Fixes "fixes" "fixes" "Suggests what is untidy among the marked contacts, else among all that match: blanks, capitals, phones, typos, spellings; shows each change and asks.";
    CardQr "qr-code" "QR code" "Shows the card as a QR code (a vCard), to be scanned by a telephone.";
    FixThem "fix-them" "change them" "Asks whether to change the contacts as shown.";
    LeaveSpelling "leave-spelling" "leave everywhere" "Leaves the spelling as it is in every contact.";
    MarkSame "mark-same" "mark its group" "Marks every contact that shares the value by which this one is a duplicate.";
    SaveCard "save-card" "save" "Saves the card.";
    PickTag "pick-tag" "what for" "Picks what an email, a phone or an address is for.";
    RemoveValue "remove-value" "remove" "Takes the email, phone, address, label or field off the card.";
    MakeFirst "make-first" "make first" "Makes the email, phone or address the first: the primary one.";
    Protect "protect" "protect" "Protects the marked contacts, or the one under the cursor, from bulk jobs; again takes it off.";
    Sort "sort" "sort" "Picks the order of the results.";
    Statistics "statistics" "statistics" "Shows what matches as bars: by list, label, domain, country, month; Enter on a bar searches for it.";
    NextBars "next-bars" "next field" "Counts by the next field.";
    PreviousBars "previous-bars" "field before" "Counts by the field before.";
    Mouse "mouse" "mouse" "Lets the terminal have the mouse, to select text, or takes it back.";
    ExportSearches "export-searches" "export" "Writes the saved searches to a text file.";
    ImportSearches "import-searches" "import" "Saves the searches of a text file.";
    Import "import" "import" "Imports contacts from a file: picks it, maps its columns, tries it, then asks.";
    Export "export" "export" "Writes contacts to a file: what is marked, else what matches.";
    ShowImported "show-imported" "show its contacts" "Shows the contacts that the import brought: this job's, else the last one's.";
    Complete "complete" "complete" "Completes the name of the file or the folder.";
    ImportColumn "import-column" "field" "Picks the field that the column goes into.";
    ImportIgnore "import-ignore" "leave out" "Leaves the column out, or takes it as it was guessed again.";
    ImportFormat "import-format" "format" "Picks the file's format.";
    ImportEncoding "import-encoding" "encoding" "Picks the file's encoding.";
    ImportHeader "import-header" "header" "Where that is in doubt: the first row names the columns, or is a contact.";
    ImportDates "import-dates" "dates" "Where that is open: which number of a date is the day, the month, the year.";
    ImportReading "import-reading" "other letters" "Reads a file of few letters in the other encoding that makes sense of them.";
    ImportList "import-list" "list" "Picks the list that the contacts go into.";
    ImportMatch "import-match" "if there already" "What happens to a contact that is there already: one more, updated, skipped.";
    ImportBy "import-by" "known by" "By what a contact is known again: email, phone, UID, name and phone.";
    ImportMerge "import-merge" "update by" "What an update does: fills what is empty, or overwrites.";
    ImportUnsubscribed "import-unsubscribed" "unsubscribed" "What happens to addresses that asked not to be contacted.";
    ImportFailed "import-failed" "failed rows" "Picks where the rows that can't be read are saved.";
    AddSortKey "add-sort-key" "then by" "Sorts by this field next, then the other way round, then no more.";
    Columns "columns" "columns" "Arranges the columns of the results: which, in which order, how wide.";
    ShowColumn "show-column" "show/hide" "Shows the column, or hides it.";
    ColumnUp "column-up" "to the left" "Moves the column to the left.";
    ColumnDown "column-down" "to the right" "Moves the column to the right.";
    ColumnNarrower "column-narrower" "narrower" "Makes the column narrower.";
    ColumnWider "column-wider" "wider" "Makes the column wider.";
    ColumnAuto "column-auto" "auto" "Makes the column as wide as there is room.";
    Copy "copy" "copy" "Copies what the cursor is on to the clipboard.";
    PauseJob "pause-job" "pause" "Pauses the job.";
    ResumeJob "resume-job" "resume" "Resumes the job.";
    CancelJob "cancel-job" "cancel" "Cancels the job for good; asks first.";
    UndoJob "undo-job" "undo" "Undoes this job; asks first.";
    RetryJob "retry-job" "retry" "Plans the contacts that the job could not delete once more; asks before anything goes.";
    RedoJob "redo-job" "redo" "Plans to delete again what this undo brought back; asks before anything goes.";
    UndoMarked "undo-marked" "undo marked" "Undoes the job for the marked contacts alone; asks first.";
    ReportJob "report" "report" "Writes what became of every contact of the job to a file: CSV, or JSON by its ending.";
    NextReason "next-reason" "next reason" "Shows the failures of the next reason alone.";
    PreviousReason "previous-reason" "previous reason" "Shows the failures of the reason before.";
    Filter "filter" "filter" "Narrows by what is typed.";
    MarkFailed "mark-these" "mark them" "Marks the contacts that are shown.";
    MakeCriteria "make-criteria" "as criteria" "Makes the contacts that are shown the criteria.";
    Restore "restore" "restore" "Brings back what is marked in the trash, else what matches; asks first.";
    Erase "erase" "erase" "Erases what is marked in the trash, else what matches, for good; its number is typed.";
    LeaveClashing "leave-clashing" "leave those" "Brings the others back and leaves what clashes in the trash.";
    RestoreAll "restore-all" "all of them" "Brings all of them back, whatever clashes.";
    ListActions "list-actions" "actions" "Picks what to do with the list: clear, rename, drop, create.";
    CreateList "create-list" "new list" "Makes a list.";
    AddAddress "add-address" "add" "Adds an address to the Unsubscribers.";
    RemoveAddress "remove-address" "take off" "Takes the address off the Unsubscribers; asks first.";
    ImportAddresses "import-addresses" "from a file" "Adds the addresses of a file to the Unsubscribers.";
    Accounts "accounts" "accounts" "Shows the accounts, where live lists live: add, check, pull, let go.";
    Pull "pull" "pull" "Takes over what changed where the list lives; where no list is meant, where all of them do.";
    PullAll "pull-all" "pull all" "Takes over what changed where all live lists live.";
    StopPull "stop-pull" "stop" "Stops what is being taken over.";
    AddAccount "add-account" "add" "Adds an account: a server with CardDAV, or a folder of vCards.";
    CheckAccount "check-account" "check" "Says step by step whether the account works.";
    GivePassword "give-password" "password" "Asks for the account's password, and keeps it until cardfile is quit.";
    RemoveAccount "remove-account" "let go" "Lets go of the account; its lists become ordinary ones.";
    Log "log" "log" "Shows the audit log: what was started, by whom, and what came of it.";
    SavePlan "save-plan" "save as a plan" "Saves the plan as a file and deletes nothing.";
    Rate "rate" "rate" "Holds the job to so many contacts a second.";
    Palette "commands" "commands" "Finds a command by its name.";
    Help "help" "help" "Shows the keys.";
    Quit "quit" "quit" "Quits; asks while a job runs.";
    Redraw "redraw" "redraw" "Redraws the screen.";
    Suspend "suspend" "suspend" "Gives the terminal back to the shell until fg.";
    Accept "accept" "accept" "Accepts what is typed or picked.";
    PickOperator "pick-operator" "operator" "Picks another operator.";
    PickField "pick-field" "field" "Picks another field.";
    Calendar "calendar" "calendar" "Looks for a day in a small calendar.";
    Older "older" "older" "Brings an older query line back.";
    Newer "newer" "newer" "Next search line; after the newest, moves to the rows below.";
    Yes "yes" "yes" "Confirms.";
    MembersToo "members-too" "members too" "Asks to delete members too; needs the word members, typed.";
    KeepBest "keep-best" "keep the best" "Keeps the best card of each group of duplicates, and deletes the others alone.";
    LookThrough "look-through" "look through them" "Looks through the contacts of the plan.";
    QuitWait "quit-wait" "wait, then quit" "Quits as soon as the jobs are done.";
    QuitPause "quit-pause" "pause and quit" "Pauses the jobs and quits; they can be resumed.";
    QuitCancel "quit-cancel" "cancel and quit" "Cancels the jobs for good and quits.";
    EditLeft "edit-left" "left" "Moves left in the text.";
    EditRight "edit-right" "right" "Moves right in the text.";
    EditWordLeft "edit-word-left" "word left" "Moves a word left.";
    EditWordRight "edit-word-right" "word right" "Moves a word right.";
    EditHome "edit-home" "start" "Goes to the start of the text.";
    EditEnd "edit-end" "end" "Goes to the end of the text.";
    EditBackspace "edit-backspace" "erase" "Takes the character before the cursor away.";
    EditDelete "edit-delete" "erase after" "Takes the character at the cursor away.";
    EditWord "edit-erase-word" "erase word" "Takes the word before the cursor away.";
    EditRest "edit-erase-rest" "erase rest" "Takes everything after the cursor away.";
    EditClear "edit-clear" "clear" "Clears the text.";
}

impl Action {
    /// The action of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_back_to_its_action() {
        for action in Action::ALL {
            assert_eq!(Action::from_name(action.name()), Some(*action));
            assert!(action.help().ends_with('.') && !action.label().is_empty(), "{action:?}");
        }
    }
}
