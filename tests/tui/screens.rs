//! The screens as pictures of text; colours in `colours_of`.

use crate::story::Story;

#[test]
fn first() {
    let mut story = Story::small();
    story.searches("email$=@oldcorp.com active<today-2y -label:vip");
    println!("{}", story.screen());
    story.keys("d");
    println!("{}", story.screen());
}
