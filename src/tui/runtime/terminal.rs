//! The terminal: entered and left, watched, and its events turned into ours.
//!
//! Leaving is idempotent and happens on every way out: the [`Session`] dropped, a panic on any thread, a
//! signal, a stop. Used by the runtime alone; it knows no model and no book.

use std::io::{self, IsTerminal as _, Write as _};
use std::os::fd::AsFd as _;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{
    DisableBracketedPaste, EnableBracketedPaste, Event as Raw, KeyCode, KeyEvent, KeyEventKind, KeyModifiers,
    MouseButton, MouseEvent, MouseEventKind,
};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{cursor, execute, style};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::tui::app::event::Event;
use crate::tui::input::key::{Code, Key};
use crate::tui::widgets::theme::ThemeName;

/// Whether the terminal is ours now.
static ENTERED: AtomicBool = AtomicBool::new(false);

/// Whether the mouse is wanted while it is ours.
static MOUSE: AtomicBool = AtomicBool::new(false);

/// The terminal while it is ours; dropping it gives it back.
#[derive(Debug)]
pub struct Session(());

impl Session {
    /// Takes the terminal: raw mode, the other screen, pastes as pastes, the mouse where it is wanted.
    pub fn enter(mouse: bool) -> io::Result<Self> {
        MOUSE.store(mouse, Ordering::SeqCst);
        enter()?;
        Ok(Self(()))
    }

    /// Gives the terminal back, stops like any program at Ctrl-Z, and takes it again when continued.
    ///
    /// The whole process group stops, as it would by the terminal's own Ctrl-Z: whoever waits for us
    /// (`cargo run`) must stop as well, or the shell never gets its turn.
    pub fn stop(&self) -> io::Result<()> {
        leave();
        rustix::process::kill_current_process_group(rustix::process::Signal::STOP)?;
        enter()
    }

    /// Takes the terminal anew after a stop that we were not asked about.
    pub fn enter_again(&self) -> io::Result<()> {
        leave();
        enter()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        leave();
    }
}

fn enter() -> io::Result<()> {
    ENTERED.store(true, Ordering::SeqCst);
    // With NO_COLOR set crossterm would answer a change of colour by a reset of bold and reverse; the
    // theme without colours names none.
    style::force_color_output(true);
    enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, cursor::Hide)?;
    if MOUSE.load(Ordering::SeqCst) { write(MOUSE_ON) } else { Ok(()) }
}

/// Takes the mouse, or lets the terminal have it.
pub fn take_mouse(on: bool) -> io::Result<()> {
    MOUSE.store(on, Ordering::SeqCst);
    write(if on { MOUSE_ON } else { MOUSE_OFF })
}

/// Clicks and the wheel, wherever on the screen; not every movement.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1000l";

/// How the end of something long is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tells {
    /// Not at all.
    #[default]
    Nothing,
    /// By the terminal's bell.
    Bell,
    /// By a notice of the terminal's own (OSC 9), as iTerm2, kitty, WezTerm and others show them.
    Osc9,
    /// By one with a title (OSC 777), as foot, urxvt and others show them.
    Osc777,
}

/// Tells it.
pub fn tell(tells: Tells, words: &str) -> io::Result<()> {
    write(&notice(tells, words))
}

fn notice(tells: Tells, words: &str) -> String {
    // Nothing in it may end the sequence early or set its parts apart.
    let words: String = words.chars().filter(|c| !c.is_control() && *c != ';').collect();
    match tells {
        Tells::Nothing => String::new(),
        Tells::Bell => "\x07".to_owned(),
        Tells::Osc9 => format!("\x1b]9;cardfile: {words}\x07"),
        Tells::Osc777 => format!("\x1b]777;notify;cardfile;{words}\x07"),
    }
}

fn write(text: &str) -> io::Result<()> {
    let mut out = io::stdout();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// The signals that end the program or stop it.
#[derive(Debug)]
pub struct Signals {
    /// What ends it, each with its name.
    pub ends: [(Signal, &'static str); 4],
    /// A stop from outside.
    pub stop: Signal,
    /// It goes on.
    pub goes_on: Signal,
}

impl Signals {
    /// Listens to them from now on; needs the loop's reactor.
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            ends: [
                (signal(SignalKind::terminate())?, "SIGTERM"),
                (signal(SignalKind::hangup())?, "SIGHUP"),
                (signal(SignalKind::interrupt())?, "SIGINT"),
                (signal(SignalKind::quit())?, "SIGQUIT"),
            ],
            stop: signal(SignalKind::from_raw(rustix::process::Signal::TSTP.as_raw()))?,
            goes_on: signal(SignalKind::from_raw(rustix::process::Signal::CONT.as_raw()))?,
        })
    }
}

/// Gives the terminal back, once; whatever fails on the way doesn't keep the rest from being undone.
pub fn leave() {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout();
    let _ = write(MOUSE_OFF);
    let _ = execute!(out, style::ResetColor, DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
    let _ = out.flush();
    let _ = disable_raw_mode();
}

/// Gives the terminal back before a panic of any thread is told, and tells the runtime.
pub fn leave_on_panic(tell: impl Fn() + Send + Sync + 'static) {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        leave();
        tell();
        before(info);
    }));
}

/// Watches for the terminal's end: with SIGHUP ignored nothing else tells that it is gone.
pub fn watch_for_hang_up(tell: impl Fn() + Send + 'static) {
    std::thread::spawn(move || {
        let stdin = io::stdin();
        let device = if stdin.is_terminal() { None } else { std::fs::File::open("/dev/tty").ok() };
        let fd = device.as_ref().map_or_else(|| stdin.as_fd(), std::os::fd::AsFd::as_fd);
        loop {
            // Nothing is asked for: a hang-up is told in any case, and typed keys don't wake it.
            let mut fds = [rustix::event::PollFd::from_borrowed_fd(fd, rustix::event::PollFlags::empty())];
            match rustix::event::poll(&mut fds, None) {
                Err(rustix::io::Errno::INTR) => {}
                Ok(_) | Err(_) => break,
            }
        }
        tell();
    });
}

/// Our event for one of the terminal's; none where it means nothing here.
pub fn event(raw: Raw) -> Option<Event> {
    match raw {
        Raw::Key(KeyEvent { code, modifiers, kind: KeyEventKind::Press | KeyEventKind::Repeat, .. }) => {
            key(code, modifiers).map(Event::Key)
        }
        Raw::Paste(text) => Some(Event::Paste(text)),
        Raw::Resize(width, height) => Some(Event::Resize { width, height }),
        Raw::Mouse(MouseEvent { kind, column, row, .. }) => match kind {
            MouseEventKind::Down(MouseButton::Left) => Some(Event::Click { x: column, y: row }),
            MouseEventKind::ScrollDown => Some(Event::Wheel { x: column, y: row, down: true }),
            MouseEventKind::ScrollUp => Some(Event::Wheel { x: column, y: row, down: false }),
            MouseEventKind::Down(_)
            | MouseEventKind::Up(_)
            | MouseEventKind::Drag(_)
            | MouseEventKind::Moved
            | MouseEventKind::ScrollLeft
            | MouseEventKind::ScrollRight => None,
        },
        Raw::Key(_) | Raw::FocusGained | Raw::FocusLost => None,
    }
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> Option<Key> {
    let shift = modifiers.contains(KeyModifiers::SHIFT);
    let ctrl = modifiers.contains(KeyModifiers::CONTROL);
    let (code, shift) = match code {
        KeyCode::Char(c) if ctrl => (Code::Char(c.to_ascii_lowercase()), false),
        KeyCode::Char(c) => (Code::Char(c), false),
        KeyCode::BackTab => (Code::Tab, true),
        KeyCode::Enter => (Code::Enter, shift),
        KeyCode::Esc => (Code::Esc, shift),
        KeyCode::Tab => (Code::Tab, shift),
        KeyCode::Backspace => (Code::Backspace, shift),
        KeyCode::Delete => (Code::Delete, shift),
        KeyCode::Insert => (Code::Insert, shift),
        KeyCode::Up => (Code::Up, shift),
        KeyCode::Down => (Code::Down, shift),
        KeyCode::Left => (Code::Left, shift),
        KeyCode::Right => (Code::Right, shift),
        KeyCode::PageUp => (Code::PageUp, shift),
        KeyCode::PageDown => (Code::PageDown, shift),
        KeyCode::Home => (Code::Home, shift),
        KeyCode::End => (Code::End, shift),
        KeyCode::F(n) => (Code::F(n), shift),
        _ => return None,
    };
    Some(Key { code, ctrl, alt: modifiers.contains(KeyModifiers::ALT), shift })
}

/// The theme and whether signs must be ASCII, by what the environment says of the terminal.
pub fn appearance(variable: impl Fn(&str) -> Option<String>) -> (ThemeName, bool) {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let term = set("TERM").unwrap_or_default();
    let theme = if set("NO_COLOR").is_some() || term == "dumb" {
        ThemeName::Mono
    } else if !many_colours(&term, set("COLORTERM").as_deref()) {
        ThemeName::Ansi16
    } else if is_light(set("COLORFGBG").as_deref()) {
        ThemeName::Light
    } else {
        ThemeName::Dark
    };
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
    let utf8 = |locale: String| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    };
    // Where nothing is said, as in most containers, terminals show UTF-8 all the same; but a console's font holds
    // few of the signs, whatever the locale says.
    (theme, term == "linux" || !locale.is_none_or(utf8))
}

/// Whether the background has to be asked for: many colours are shown, and nothing says on what.
pub fn must_ask(theme: ThemeName, variable: impl Fn(&str) -> Option<String>) -> bool {
    theme == ThemeName::Dark && variable("COLORFGBG").is_none_or(|value| value.is_empty())
}

/// Asks the terminal whether its background is light; one that doesn't say is dark. Only before keys are read: the
/// answer comes the same way.
pub fn ask_background() -> ThemeName {
    let options = terminal_colorsaurus::QueryOptions::default();
    match terminal_colorsaurus::theme_mode(options) {
        Ok(terminal_colorsaurus::ThemeMode::Light) => ThemeName::Light,
        Ok(terminal_colorsaurus::ThemeMode::Dark) | Err(_) => ThemeName::Dark,
    }
}

fn many_colours(term: &str, colorterm: Option<&str>) -> bool {
    matches!(colorterm, Some("truecolor" | "24bit")) || term.contains("256color") || term.contains("direct")
}

/// Whether the background is light: `COLORFGBG` ends in its colour's number, 7 and 15 are white.
fn is_light(colorfgbg: Option<&str>) -> bool {
    let background = colorfgbg.and_then(|value| value.rsplit(';').next()).and_then(|n| n.parse::<u8>().ok());
    matches!(background, Some(7 | 15))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_the_terminal_become_ours() {
        let ours = |code, modifiers| key(code, modifiers).map(|key| key.to_string()).unwrap_or_default();
        assert_eq!(ours(KeyCode::BackTab, KeyModifiers::SHIFT), "shift-tab");
        assert_eq!(ours(KeyCode::Char('G'), KeyModifiers::SHIFT), "G");
        assert_eq!(ours(KeyCode::Char('L'), KeyModifiers::CONTROL), "ctrl-l");
        assert_eq!(ours(KeyCode::Up, KeyModifiers::SHIFT), "shift-up");
        assert_eq!(ours(KeyCode::Char(' '), KeyModifiers::NONE), "space");
        assert_eq!(ours(KeyCode::CapsLock, KeyModifiers::NONE), "");
    }

    #[test]
    fn the_environment_decides_on_colours_and_signs() {
        let look = |pairs: &[(&str, &str)]| {
            appearance(|name| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
        };
        let xterm = ("TERM", "xterm-256color");
        assert_eq!(look(&[xterm, ("LANG", "de_DE.UTF-8")]), (ThemeName::Dark, false));
        assert_eq!(look(&[xterm, ("COLORFGBG", "0;15")]), (ThemeName::Light, false));
        assert_eq!(look(&[xterm, ("NO_COLOR", "1")]), (ThemeName::Mono, false));
        assert_eq!(look(&[("TERM", "dumb")]), (ThemeName::Mono, false));
        assert_eq!(look(&[("TERM", "xterm"), ("LANG", "C")]), (ThemeName::Ansi16, true));
        assert_eq!(look(&[xterm, ("LC_ALL", "C"), ("LANG", "en_US.UTF-8")]), (ThemeName::Dark, true));
        assert_eq!(look(&[xterm, ("NO_COLOR", "")]), (ThemeName::Dark, false));
        assert_eq!(look(&[("TERM", "linux"), ("LANG", "de_DE.UTF-8")]), (ThemeName::Ansi16, true));
    }

    #[test]
    fn the_background_is_asked_for_only_where_nothing_says_it() {
        let says = |value: &'static str| move |name: &str| (name == "COLORFGBG").then(|| value.to_owned());
        assert!(must_ask(ThemeName::Dark, says("")) && must_ask(ThemeName::Dark, |_| None));
        assert!(!must_ask(ThemeName::Dark, says("15;0")) && !must_ask(ThemeName::Mono, |_| None));
    }

    #[test]
    fn a_notice_holds_nothing_that_ends_it() {
        assert_eq!(notice(Tells::Osc9, "3 deleted\x07;\x1b]0;x"), "\x1b]9;cardfile: 3 deleted]0x\x07");
        assert_eq!(notice(Tells::Osc777, "done"), "\x1b]777;notify;cardfile;done\x07");
        assert_eq!((notice(Tells::Bell, "done"), notice(Tells::Nothing, "done")), ("\x07".into(), String::new()));
    }

    #[test]
    fn clicks_and_the_wheel_are_heard_and_movements_are_not() {
        use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
        let of = |kind| event(Raw::Mouse(MouseEvent { kind, column: 3, row: 4, modifiers: KeyModifiers::NONE }));
        assert!(matches!(of(MouseEventKind::Down(MouseButton::Left)), Some(Event::Click { x: 3, y: 4 })));
        assert!(matches!(of(MouseEventKind::ScrollUp), Some(Event::Wheel { down: false, .. })));
        assert!(of(MouseEventKind::Moved).is_none() && of(MouseEventKind::Down(MouseButton::Right)).is_none());
    }
}
