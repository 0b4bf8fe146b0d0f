//! Where keys are looked up: the sections of the keymap file, and which of them count behind which.
//!
//! Named by every pane and window; the keymap looks its keys up in them. It knows no key.

macro_rules! layers {
    ($($(#[$doc:meta])* $layer:ident $name:literal $title:literal [$($behind:ident)*];)*) => {
        /// A section of the keymap file, and where keys are looked up while it is the nearest.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Layer {
            $($(#[$doc])* $layer,)*
        }

        impl Layer {
            /// Every layer, in the order in which help lists them: its name in the file, its title in the help.
            pub(super) const ALL: &'static [(Self, &'static str, &'static str)] = &[$((Self::$layer, $name, $title),)*];

            /// The layers that are looked through from this one on, the nearest first.
            pub(super) fn layers(self) -> &'static [Self] {
                match self { $(Self::$layer => &[Self::$layer, $(Self::$behind,)*],)* }
            }
        }
    };
}

layers! {
    /// Every pane.
    Global "global" "Everywhere" [];
    /// The rows of the Search pane.
    Results "results" "Results" [List Global];
    /// The query line.
    Line "line" "Query line" [Text];
    /// The clauses of the Search pane.
    Clauses "clauses" "Clauses" [List Global];
    /// The Lists pane.
    Lists "lists" "Lists" [List Global];
    /// The card.
    Card "card" "Card" [List Global];
    /// The Jobs pane.
    Jobs "jobs" "Jobs" [List Global];
    /// Wherever something is listed.
    List "list" "Moving" [];
    /// The question before a delete.
    Confirm "confirm" "Before a delete" [Text];
    /// Yes or no.
    Ask "ask" "Yes or no" [];
    /// The question before quitting.
    Quit "quit" "Before quitting" [];
    /// Pickers and the palette.
    Picker "picker" "Pickers and commands" [Text];
    /// The builder's window.
    Builder "builder" "Adding a clause" [Picker Text];
    /// Finding a contact.
    Find "find" "Finding a contact" [Picker Text];
    /// Saving a search.
    Save "save" "Saving a search" [Text];
    /// The rows and the card while the trash is looked at.
    Trash "trash" "Trash" [Results List Global];
    /// A job's window.
    Job "job" "A job's window" [List Window];
    /// What clashes with what would come back.
    Clashes "clashes" "What clashes" [List Window];
    /// The Unsubscribers.
    Addresses "addresses" "Unsubscribers" [List Window];
    /// The accounts.
    Accounts "accounts" "Accounts" [List Window];
    /// Picking an order.
    Sorting "sorting" "Picking an order" [Picker Text];
    /// Arranging the columns.
    Columns "columns" "Arranging the columns" [Picker Text];
    /// A card that is changed or added.
    Form "form" "Changing a card" [Text];
    /// Giving and taking labels.
    Labels "labels" "Giving and taking labels" [Picker Text];
    /// The statistics.
    Statistics "statistics" "Statistics" [List Window];
    /// Merging cards.
    Merging "merging" "Merging" [List Window];
    /// Groups of duplicates.
    Groups "groups" "Groups of duplicates" [List Window];
    /// Fixes, and what one of them would change.
    Fixes "fixes" "Fixes" [List Window];
    /// Picking a file to import.
    ImportFile "import-file" "Picking a file to import" [Picker Text];
    /// An import before it is started.
    Import "import" "Before an import" [List Window];
    /// An export.
    Export "export" "Exporting" [Picker Text];
    /// Windows that show something.
    Window "window" "Windows" [List];
    /// Wherever text is typed.
    Text "text" "Typing" [];
}

impl Layer {
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == name).map(|(layer, _, _)| *layer)
    }

    /// Whether its keys are those of a pane, or of all of them: what they do can be asked for from anywhere.
    pub fn is_of_panes(self) -> bool {
        matches!(
            self,
            Self::Global
                | Self::List
                | Self::Results
                | Self::Clauses
                | Self::Lists
                | Self::Card
                | Self::Jobs
                | Self::Trash
        )
    }

    /// Its title in the help.
    pub fn title(self) -> &'static str {
        Self::ALL.iter().find(|(layer, _, _)| *layer == self).map_or("", |(_, _, title)| title)
    }
}
