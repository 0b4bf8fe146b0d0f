//! Where the panes are: pure arithmetic on the size of the screen.
//!
//! The model needs it to scroll by pages and to know which page of rows to ask for, the view to draw.
//! It knows no drawing library.

use crate::tui::widgets::area::Area;

/// The pane in front.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Front {
    /// Lists.
    Lists,
    /// Search.
    #[default]
    Search,
    /// Card.
    Card,
    /// Jobs.
    Jobs,
}

/// What the panes hold, as far as it decides on their sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Needs {
    /// Clauses and groups of the query.
    pub clauses: u16,
    /// Whether the clauses are being changed: then more of them are shown.
    pub building: bool,
    /// Whether an error stands under the query line.
    pub error: bool,
    /// Lines that the Jobs pane would fill.
    pub jobs: u16,
    /// The pane in front.
    pub front: Front,
}

/// Where everything is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Geometry {
    /// The screen.
    pub screen: Area,
    /// The Lists pane, where there is room or it is in front.
    pub lists: Option<Area>,
    /// The one line that stands for the lists where there is no room.
    pub lists_line: Option<Area>,
    /// The Search pane.
    pub search: Option<Area>,
    /// The card, where there is room or it is in front.
    pub card: Option<Area>,
    /// The Jobs pane.
    pub jobs: Area,
    /// Clause rows that are shown.
    pub clauses: u16,
    /// Rows for what they mean in words: none or one.
    pub words: u16,
    /// Whether there is room for blank lines in the Search pane.
    pub airy: bool,
    /// Contact rows that are shown.
    pub rows: u16,
}

/// The least that anything can be shown on.
pub const LEAST: (u16, u16) = (40, 12);

impl Geometry {
    /// The panes on a screen of this size; none where it is too small for anything but a line.
    pub fn of(width: u16, height: u16, needs: Needs) -> Option<Self> {
        if width < LEAST.0 || height < LEAST.1 {
            return None;
        }
        let screen = Area { x: 0, y: 0, width, height };
        let lists_line = (width < 100).then_some(Area { x: 0, y: 1, width, height: 1 });
        let top = 1 + u16::from(lists_line.is_some());
        let footer = height - 1;
        let jobs_most = if needs.front == Front::Jobs { height / 2 } else { (height / 4).clamp(3, 8) };
        // On a low screen the jobs are there when they are wanted.
        let jobs_wanted = height >= 16 || needs.front == Front::Jobs;
        let jobs_height = if jobs_wanted { (needs.jobs + 2).clamp(3, jobs_most.max(3)) } else { 0 };
        let jobs = Area { x: 0, y: footer - jobs_height, width, height: jobs_height };
        let middle = Area { x: 0, y: top, width, height: jobs.y - top };
        let lists_width = if width >= 140 { 30 } else { 26 };
        let card_width = (width / 4).clamp(36, 48);
        let left = Area { width: lists_width, ..middle };
        let (lists, search, card) = if width >= 140 {
            let between = width - lists_width - card_width;
            (
                Some(left),
                Some(Area { x: lists_width, width: between, ..middle }),
                Some(Area { x: lists_width + between, width: card_width, ..middle }),
            )
        } else if width >= 100 {
            let rest = Area { x: lists_width, width: width - lists_width, ..middle };
            match needs.front {
                Front::Card => (Some(left), None, Some(rest)),
                Front::Lists | Front::Search | Front::Jobs => (Some(left), Some(rest), None),
            }
        } else {
            match needs.front {
                Front::Card => (None, None, Some(middle)),
                Front::Lists => (Some(middle), None, None),
                Front::Search | Front::Jobs => (None, Some(middle), None),
            }
        };
        let inside = middle.inner().height;
        let airy = height >= 30;
        let clauses = needs.clauses.min((inside / if needs.building { 2 } else { 4 }).max(1));
        // What the clauses mean together, in words.
        let words = u16::from(clauses == needs.clauses && clauses > 1 && inside >= clauses + 20);
        // The query line, its error, the clauses, their words, a rule, the totals, (a blank line,) the columns' names.
        // An error takes the blank line's place, so that the rows don't jump.
        let airy = airy && !needs.error;
        let above = 1 + u16::from(needs.error) + clauses + words + 1 + 1 + u16::from(airy) + 1;
        let rows = inside.saturating_sub(above);
        Some(Self { screen, lists, lists_line, search, card, jobs, clauses, words, airy, rows })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panes_cover_the_screen_without_overlapping_at_every_size() {
        for width in 40..240 {
            for height in 12..70 {
                for front in [Front::Lists, Front::Search, Front::Card, Front::Jobs] {
                    for (clauses, jobs, error) in [(0, 0, false), (3, 6, true), (60, 60, false)] {
                        let needs = Needs { clauses, error, jobs, front, building: error };
                        let all = Geometry::of(width, height, needs).expect("large enough");
                        let panes = [all.lists, all.lists_line, all.search, all.card, Some(all.jobs)];
                        let cells: u32 =
                            panes.iter().flatten().map(|area| u32::from(area.width) * u32::from(area.height)).sum();
                        assert_eq!(cells, u32::from(width) * u32::from(height - 2), "{width}x{height} {needs:?}");
                        assert!(panes.iter().flatten().all(|a| a.right() <= width && a.bottom() < height));
                    }
                }
            }
        }
    }

    #[test]
    fn a_small_terminal_still_shows_rows() {
        let all = Geometry::of(80, 24, Needs { clauses: 3, jobs: 4, ..Needs::default() }).expect("large enough");
        assert!(all.rows >= 6, "{} rows", all.rows);
        let least = Geometry::of(40, 12, Needs { clauses: 3, jobs: 4, ..Needs::default() }).expect("large enough");
        assert!(least.rows >= 2, "{} rows", least.rows);
        assert_eq!(Geometry::of(39, 24, Needs::default()), None);
        assert_eq!(Geometry::of(80, 11, Needs::default()), None);
    }
}
