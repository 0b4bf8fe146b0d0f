//! A story: a model over a small book, driven by keys, with a screen that can be read.

use std::collections::VecDeque;
use std::sync::LazyLock;

use cardfile::domain::contact::Timestamp;
use cardfile::tui::app::Model;
use cardfile::tui::app::effect::Effect;
use cardfile::tui::app::event::Event;
use cardfile::tui::app::view;
use cardfile::tui::input::key::Key;
use cardfile::tui::input::keymap::Keymap;
use cardfile::tui::widgets::theme::{Theme, ThemeName};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use crate::book::{Fake, NOW};

/// Read once: hundreds of stories are told.
static KEYMAP: LazyLock<Keymap> = LazyLock::new(Keymap::defaults);

/// Something that answers the model's questions and does what it asks for.
pub(crate) trait Answers {
    /// Runs an effect; what comes of it, in order.
    fn run(&mut self, effect: Effect) -> Vec<Event>;
}

impl Answers for Fake {
    fn run(&mut self, effect: Effect) -> Vec<Event> {
        Self::run(self, effect)
    }
}

/// A model over a book.
pub(crate) struct Story<B = Fake> {
    pub(crate) model: Model,
    pub(crate) book: B,
    pub(crate) theme: Theme,
    /// Effects that left the last steps.
    pub(crate) effects: Vec<Effect>,
    /// Whether questions wait for an answer that doesn't come.
    pub(crate) deaf: bool,
}

impl Story {
    pub(crate) fn small() -> Self {
        Self::new(Fake::small(), 120, 36)
    }
}

impl<B: Answers> Story<B> {
    pub(crate) fn new(book: B, width: u16, height: u16) -> Self {
        let mut story = Self {
            model: Model::new(KEYMAP.clone(), width, height),
            book,
            theme: Theme::new(ThemeName::Dark, false),
            effects: Vec::new(),
            deaf: false,
        };
        story.model.step(Event::Tick { now: NOW });
        let effects = story.model.start();
        story.run(effects);
        story.model.step(Event::Drawn);
        story
    }

    /// An event, everything that follows from it, and a frame.
    pub(crate) fn happens(&mut self, event: Event) -> &mut Self {
        let effects = self.model.step(event);
        self.run(effects);
        self.model.step(Event::Drawn);
        self
    }

    fn run(&mut self, effects: Vec<Effect>) {
        let mut effects = VecDeque::from(effects);
        while let Some(effect) = effects.pop_front() {
            self.effects.push(effect.clone());
            if self.deaf {
                continue;
            }
            for event in self.book.run(effect) {
                effects.extend(self.model.step(event));
            }
        }
    }

    /// Presses keys, each after the last was drawn: `/ ctrl-u d esc`.
    pub(crate) fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keys.split_whitespace() {
            let key = Key::parse(key).unwrap_or_else(|| panic!("{key} is a key"));
            self.happens(Event::Key(key));
        }
        self
    }

    /// Types a text.
    pub(crate) fn types(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.happens(Event::Key(Key::plain(cardfile::tui::input::key::Code::Char(c))));
        }
        self
    }

    /// Searches for a line, and goes back to the results.
    pub(crate) fn searches(&mut self, line: &str) -> &mut Self {
        self.keys("/ ctrl-u").types(line).keys("enter")
    }

    pub(crate) fn waits(&mut self, milliseconds: i64) -> &mut Self {
        let now = Timestamp(self.model.now.0 + milliseconds);
        self.happens(Event::Tick { now })
    }

    pub(crate) fn buffer(&self) -> Buffer {
        let (width, height) = self.model.size;
        let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a terminal");
        terminal.draw(|frame| view::draw(&self.model, &self.theme, frame)).expect("draws");
        terminal.backend().buffer().clone()
    }

    /// The screen as text.
    pub(crate) fn screen(&self) -> String {
        text_of(&self.buffer())
    }

    pub(crate) fn shows(&self, text: &str) -> bool {
        self.screen().contains(text)
    }

    /// The names on the screen's rows.
    pub(crate) fn names(&self) -> Vec<String> {
        let search = &self.model.search;
        let rows = search.shown.iter().flat_map(|shown| &shown.answer.rows);
        rows.map(|row| row.cells[0].clone()).collect()
    }
}

pub(crate) fn text_of(buffer: &Buffer) -> String {
    use unicode_width::UnicodeWidthStr as _;
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut x = 0;
        while x < buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            x += symbol.width().max(1) as u16;
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}
