//! The demo's names where the `fake` crate has none, or none that can be written in ASCII for an email
//! address.
//!
//! Read by the demo's locales alone.

/// Names of one kind of a locale.
#[derive(Debug, Clone, Copy)]
pub(super) enum Names {
    /// In Latin letters: the email address is made from the name.
    Latin(&'static [&'static str]),
    /// In another script: each name, `=`, and how an email address writes it, separated by spaces.
    Pairs(&'static str),
    /// In another script without a transcription: the email address is made up.
    Script(&'static [&'static str]),
}

pub(super) const POLISH_FIRST: &[&str] = &[
    "Łukasz",
    "Piotr",
    "Agnieszka",
    "Małgorzata",
    "Katarzyna",
    "Krzysztof",
    "Wojciech",
    "Zofia",
    "Jędrzej",
    "Grażyna",
    "Paweł",
    "Magdalena",
    "Stanisław",
    "Bożena",
    "Michał",
    "Żaneta",
    "Tomasz",
    "Anna",
    "Świętosława",
    "Bogdan",
    "Ewa",
    "Marcin",
    "Joanna",
    "Andrzej",
    "Elżbieta",
    "Rafał",
    "Danuta",
    "Mirosław",
    "Iwona",
    "Dawid",
];
pub(super) const POLISH_LAST: &[&str] = &[
    "Wójcik",
    "Kowalski",
    "Kowalczyk",
    "Krajewski",
    "Nowak",
    "Wiśniewski",
    "Kamiński",
    "Lewandowski",
    "Zieliński",
    "Szymański",
    "Woźniak",
    "Dąbrowski",
    "Kozłowski",
    "Jankowski",
    "Mazur",
    "Kwiatkowski",
    "Krawczyk",
    "Piotrowski",
    "Grabowski",
    "Pawłowski",
    "Michalski",
    "Król",
    "Wróbel",
    "Brzęczyszczykiewicz",
    "Jabłoński",
    "Wieczorek",
    "Majewski",
    "Olszewski",
    "Stępień",
    "Malinowski",
    "Jaworski",
    "Adamczyk",
    "Dudek",
    "Górski",
    "Rutkowski",
];
pub(super) const FINNISH_FIRST: &[&str] = &[
    "Antero", "Päivi", "Jukka", "Sini", "Väinö", "Aino", "Eero", "Hilkka", "Ilmari", "Kaarina", "Lauri", "Mirja",
    "Onni", "Pirkko", "Risto", "Säde", "Tapio", "Ulla", "Veikko", "Yrjö", "Äidi", "Örjan", "Kyllikki", "Heikki",
];
pub(super) const FINNISH_LAST: &[&str] = &[
    "Liimatainen",
    "Virtanen",
    "Korhonen",
    "Mäkinen",
    "Nieminen",
    "Mäkelä",
    "Hämäläinen",
    "Laine",
    "Heikkinen",
    "Koskinen",
    "Järvinen",
    "Lehtonen",
    "Lehtinen",
    "Saarinen",
    "Salminen",
    "Heinonen",
    "Niemi",
    "Heikkilä",
    "Kinnunen",
    "Salonen",
    "Turunen",
    "Laitinen",
    "Tuominen",
    "Rantanen",
    "Karjalainen",
    "Jokinen",
    "Mattila",
];
pub(super) const ICELANDIC_FIRST: &[&str] = &[
    "Sigrún",
    "Guðrún",
    "Jón",
    "Þóra",
    "Björn",
    "Ásta",
    "Ólafur",
    "Halldóra",
    "Einar",
    "Ragnheiður",
    "Þorsteinn",
    "Kristín",
    "Gunnar",
    "Hrafnhildur",
    "Snæbjörn",
    "Edda",
    "Ísleifur",
    "Ægir",
    "Freyja",
    "Sæunn",
];
pub(super) const ICELANDIC_LAST: &[&str] = &[
    "Jónsdóttir",
    "Jónsson",
    "Guðmundsdóttir",
    "Sigurðsson",
    "Þórðardóttir",
    "Björnsson",
    "Ólafsdóttir",
    "Einarsson",
    "Kristjánsdóttir",
    "Gunnarsson",
    "Ragnarsdóttir",
    "Þorvaldsson",
    "Ásgeirsdóttir",
    "Hákonarson",
];
pub(super) const SPANISH_FIRST: &[&str] = &[
    "María",
    "José",
    "Lucía",
    "Íñigo",
    "Begoña",
    "Jesús",
    "Ángel",
    "Sofía",
    "Raúl",
    "Concepción",
    "Núria",
    "Martín",
    "Carmen",
    "Javier",
    "Belén",
    "Andrés",
    "Inés",
    "Óscar",
    "Rocío",
    "Álvaro",
    "Pilar",
    "Joaquín",
    "Teresa",
    "Iván",
];
pub(super) const SPANISH_LAST: &[&str] = &[
    "García",
    "Muñoz",
    "Fernández",
    "González",
    "Rodríguez",
    "López",
    "Martínez",
    "Sánchez",
    "Pérez",
    "Gómez",
    "Ibáñez",
    "Núñez",
    "Peña",
    "Ordóñez",
    "Vázquez",
    "Castaño",
    "Domínguez",
    "Ruiz",
    "Hernández",
    "Jiménez",
];
pub(super) const GREEK_FIRST: &str = "Γιώργος=giorgos Μαρία=maria Ελένη=eleni Δημήτρης=dimitris Σίσυφος=sisyfos \
    Κατερίνα=katerina Νίκος=nikos Σοφία=sofia Αθανάσιος=thanasis Βασιλική=vasiliki \
    Ιωάννης=ioannis Χρυσάνθη=chrysanthi Παναγιώτης=panos Ευαγγελία=litsa";
pub(super) const GREEK_LAST: &str = "Παπαδόπουλος=papadopoulos Οικονόμου=oikonomou Γεωργίου=georgiou Νικολάου=nikolaou \
    Βλάχος=vlachos Καραγιάννης=karagiannis Μακρής=makris Σαμαράς=samaras Αντωνίου=antoniou \
    Ψαρράς=psarras Χατζής=chatzis Δημητρίου=dimitriou";
pub(super) const JAPANESE_FIRST: &str = "花子=hanako 太郎=taro 陽菜=hina 蓮=ren 結衣=yui 大翔=hiroto 美咲=misaki 健一=kenichi さくら=sakura \
    拓海=takumi 直子=naoko 翔太=shota ケンタ=kenta 由美子=yumiko 誠=makoto 葵=aoi";
pub(super) const JAPANESE_LAST: &str = "佐藤=sato 鈴木=suzuki 高橋=takahashi 田中=tanaka 渡辺=watanabe 伊藤=ito 山本=yamamoto 中村=nakamura \
    小林=kobayashi 加藤=kato 吉田=yoshida 山田=yamada 佐々木=sasaki 山口=yamaguchi 松本=matsumoto";
pub(super) const CHINESE_FIRST: &str = "伟=wei 芳=fang 娜=na 秀英=xiuying 敏=min 静=jing 丽=li 强=qiang 磊=lei 洋=yang 艳=yan 勇=yong 杰=jie \
    娟=juan 涛=tao 明=ming 超=chao 秀兰=xiulan 晓明=xiaoming 梓涵=zihan";
pub(super) const CHINESE_LAST: &str = "王=wang 李=li 张=zhang 刘=liu 陈=chen 杨=yang 赵=zhao 黄=huang 周=zhou 吴=wu 徐=xu 孙=sun 欧阳=ouyang \
    司马=sima";
