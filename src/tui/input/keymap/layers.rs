//! Where keys are looked up: the sections of the keymap file, and which of them count where.
//!
//! Called by [`super`], the keymap, and named by the model for every pane and window. It knows no key.

/// A section of the keymap file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Every pane.
    Global,
    /// Wherever something is listed.
    List,
    /// The Lists pane.
    Lists,
    /// The rows of the Search pane.
    Results,
    /// The clauses above them.
    Clauses,
    /// The card.
    Card,
    /// The Jobs pane.
    Jobs,
    /// Wherever text is typed.
    Text,
    /// The query line.
    Line,
    /// The question before a delete.
    Confirm,
    /// Yes or no.
    Ask,
    /// The question before quitting.
    Quit,
    /// Pickers and the palette.
    Picker,
    /// The builder's window.
    Builder,
    /// Finding a contact.
    Find,
    /// Saving a search.
    Save,
    /// The rows and the card while the trash is looked at.
    Trash,
    /// A job's window.
    Job,
    /// What clashes with what would come back.
    Clashes,
    /// The Unsubscribers.
    Addresses,
    /// Picking an order.
    Sorting,
    /// Arranging the columns.
    Columns,
    /// A card that is changed or added.
    Form,
    /// Giving and taking labels.
    Labels,
    /// Merging cards.
    Merging,
    /// Picking a file to import.
    ImportFile,
    /// An import before it is started.
    Import,
    /// An export.
    Export,
    /// Windows that show something.
    Window,
}

/// Where the keys go: what has the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// The Lists pane.
    Lists,
    /// The rows of the Search pane.
    Results,
    /// The clauses above them.
    Clauses,
    /// The card.
    Card,
    /// The Jobs pane.
    Jobs,
    /// The query line.
    Line,
    /// The question before a delete.
    Confirm,
    /// A field in a modal.
    Field,
    /// Yes or no.
    Ask,
    /// The question before quitting.
    Quit,
    /// A picker or the palette.
    Picker,
    /// The builder's window.
    Builder,
    /// Finding a contact.
    Find,
    /// Saving a search.
    Save,
    /// The rows and the card while the trash is looked at.
    Trash,
    /// A job's window.
    Job,
    /// What clashes with what would come back.
    Clashes,
    /// The Unsubscribers.
    Addresses,
    /// Picking an order.
    Sorting,
    /// Arranging the columns.
    Columns,
    /// A card that is changed or added.
    Form,
    /// Giving and taking labels.
    Labels,
    /// Merging cards.
    Merging,
    /// Picking a file to import.
    ImportFile,
    /// An import before it is started.
    Import,
    /// An export.
    Export,
    /// A window that shows something.
    Window,
}

impl Layer {
    pub(super) const ALL: [(Self, &'static str, &'static str); 29] = [
        (Self::Global, "global", "Everywhere"),
        (Self::Results, "results", "Results"),
        (Self::Line, "line", "Query line"),
        (Self::Clauses, "clauses", "Clauses"),
        (Self::Lists, "lists", "Lists"),
        (Self::Card, "card", "Card"),
        (Self::Jobs, "jobs", "Jobs"),
        (Self::List, "list", "Moving"),
        (Self::Confirm, "confirm", "Before a delete"),
        (Self::Ask, "ask", "Yes or no"),
        (Self::Quit, "quit", "Before quitting"),
        (Self::Picker, "picker", "Pickers and commands"),
        (Self::Builder, "builder", "Adding a clause"),
        (Self::Find, "find", "Finding a contact"),
        (Self::Save, "save", "Saving a search"),
        (Self::Trash, "trash", "Trash"),
        (Self::Job, "job", "A job's window"),
        (Self::Clashes, "clashes", "What clashes"),
        (Self::Addresses, "addresses", "Unsubscribers"),
        (Self::Sorting, "sorting", "Picking an order"),
        (Self::Columns, "columns", "Arranging the columns"),
        (Self::Form, "form", "Changing a card"),
        (Self::Labels, "labels", "Giving and taking labels"),
        (Self::Merging, "merging", "Merging"),
        (Self::ImportFile, "import-file", "Picking a file to import"),
        (Self::Import, "import", "Before an import"),
        (Self::Export, "export", "Exporting"),
        (Self::Window, "window", "Windows"),
        (Self::Text, "text", "Typing"),
    ];

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == name).map(|(layer, _, _)| *layer)
    }

    pub(super) fn title(self) -> &'static str {
        Self::ALL.iter().find(|(layer, _, _)| *layer == self).map_or("", |(_, _, title)| title)
    }
}

impl Context {
    /// The layers that are looked through, the nearest first.
    pub(super) fn layers(self) -> &'static [Layer] {
        match self {
            Self::Lists => &[Layer::Lists, Layer::List, Layer::Global],
            Self::Results => &[Layer::Results, Layer::List, Layer::Global],
            Self::Clauses => &[Layer::Clauses, Layer::List, Layer::Global],
            Self::Card => &[Layer::Card, Layer::List, Layer::Global],
            Self::Jobs => &[Layer::Jobs, Layer::List, Layer::Global],
            Self::Line => &[Layer::Line, Layer::Text],
            Self::Confirm => &[Layer::Confirm, Layer::Text],
            Self::Field => &[Layer::Text],
            Self::Ask => &[Layer::Ask],
            Self::Quit => &[Layer::Quit],
            Self::Picker => &[Layer::Picker, Layer::Text],
            Self::Builder => &[Layer::Builder, Layer::Picker, Layer::Text],
            Self::Find => &[Layer::Find, Layer::Picker, Layer::Text],
            Self::Save => &[Layer::Save, Layer::Text],
            Self::Trash => &[Layer::Trash, Layer::Results, Layer::List, Layer::Global],
            Self::Job => &[Layer::Job, Layer::List, Layer::Window],
            Self::Clashes => &[Layer::Clashes, Layer::List, Layer::Window],
            Self::Addresses => &[Layer::Addresses, Layer::List, Layer::Window],
            Self::Sorting => &[Layer::Sorting, Layer::Picker, Layer::Text],
            Self::Columns => &[Layer::Columns, Layer::Picker, Layer::Text],
            Self::Form => &[Layer::Form, Layer::Text],
            Self::Labels => &[Layer::Labels, Layer::Picker, Layer::Text],
            Self::Merging => &[Layer::Merging, Layer::List, Layer::Window],
            Self::ImportFile => &[Layer::ImportFile, Layer::Picker, Layer::Text],
            Self::Import => &[Layer::Import, Layer::List, Layer::Window],
            Self::Export => &[Layer::Export, Layer::Picker, Layer::Text],
            Self::Window => &[Layer::Window, Layer::List],
        }
    }

    pub(super) fn nearest(self) -> Layer {
        self.layers().first().copied().unwrap_or(Layer::Global)
    }
}
