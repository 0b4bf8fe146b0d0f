//! The words that headers are made of, in every language that Outlook speaks: where something is, which part of an
//! address it is, what kind of number.
//!
//! Owns the words as data, and the look-up of a header that is put together of them: `Rue (bureau) 2`, `Улица (дом.
//! адрес)`, `商务地址 街道`. Called by [`super::columns`] behind the tables of whole headers. Words are written as people
//! write them and compared as [`super::header_key`] makes them.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::domain::contact::Tag;
use crate::domain::slot::Slot;

use super::header_key::key;
use super::target::{AddressPart, Target};

/// Where something is. The same word before, behind or within a header.
#[rustfmt::skip]
const PLACES: &[(Tag, &str)] = &[
    (Tag::Home, "home|private|privat|priv.|personal|hjem|hjemme|hem|koti|domicile|particular|del domicilio|domicilio|abitazione|ab.|casa|da residência|residência|de residência|do endereço residencial|endereço residencial|residencial|huisadres|huis|thuis|privé|adres domowy|domowy|domowa|dom.|domů|bydliště|(domov)|domov|do domu|otthoni|lakás|domiciliu|ev|evi|дом. адрес|дом.|дом. адреса|домашен|домашний|домашній|дом|домашня|kućna adresa|kućni|kućna|kod kuće|matična|matični|domači naslov|domači|namų|gyvenamoji|gyvenamasis|mājās|dzīvesvietas|kodu|כתובת הבית|של כתובת הבית|בבית|של הבית|הבית|המנזל|المنزل|للمنزل|منزل|บ้าน|ที่บ้าน|自宅|住宅地址|住宅|住家|家庭|家|집 주소|집|nhà riêng|nhà|rumah|οικίας|σπιτιού|adresse privée|personnelle|(domicile)|à domicile|mobitel kućni"),
    (Tag::Work, "business|work|office|job|company|geschäftlich|dienstlich|büro|arbeit|firma|firmen|arbejde|arb.|arbeid|jobb|arbete|työ|bureau|professionnelle|professionnel|trabajo|del trabajo|de trabajo|oficina|ufficio|uff.|lavoro|comercial|do endereço comercial|endereço comercial|da empresa|empresa|trabalho|werkadres|werk|op werk|zakelijk|adres służbowy|służbowy|służbowa|zam.|zaměstnání|práce|(práca)|práca|do práce|v práci|hivatal|hivatali|munkahely|munkahelyi|vállalati|firmă|serviciu|iş|iş yeri|раб. адрес|раб.|роб. адреса|рабочий|робочий|робоча|служебен|сл. адрес|служ. адрес|сл.|служебна|službena adresa|službeni|poslovanja|poslovni|posao|na poslu|firme|službeni naslov|darbo|darbavietas|darbā|töökoha|töö|כתובת העבודה|של כתובת העבודה|בעבודה|של העבודה|העבודה|العمل|للعمل|عمل|ธุรกิจ|ที่ทำงาน|会社|勤務先|商务地址|商务|商務|公司|单位|工作|근무지|근무처|회사|cơ quan|kantor|εργασίας|firmaland|töö-"),
    (Tag::Other, "other|weitere|weiterer|weiteres|weiteres/e|weiteres/r|andere|ander adres|anders|andet|anden|annen|annet|annen adresse|annan|annat|muu|autre|otro|otra|altro|altra|outro|outra|do outro endereço|outro endereço|overig|inny adres|inny|inna|inne|jiný|jiná|jiné|(iné)|iné|iný|iná|más|egyéb|alt|altă|diğer|другой адрес|другой|другая|інша адреса|інший|інша|друг адрес|друг|друга|druga adresa|drugi naslov|drugi|druga|kitas|kita|cits|cita|אחר|אחרת|אחר/ת|آخر|أخرى|อื่น|その他|其他地址|其他|기타|khác|lain|άλλη|άλλο|άλλος"),
];

/// Parts of a postal address.
#[rustfmt::skip]
const PARTS: &[(AddressPart, &str)] = &[
    (AddressPart::Street, "street|street address|straße|strasse|gade|gate|vei|gate/vei|adresse gate/vei|gata|gatuadress|lähiosoite|rue|calle|via|rua|straat|ulica|ulice|utca|utcacím|utca cím|címe|stradă|strada|cadde|sokak|улица|вулиця|iela|ielas|gatvė|tänav|רחוב|شارع|ถนน|住所|番地|街道|街|地址|주소 번지|번지|jalan|đường|οδός|διεύθυνση"),
    (AddressPart::City, "city|town|ort|by|poststed|adresse poststed|ort/stadt|postort|postitoimipaikka|kaupunki|ville|ciudad|población|città|cidade|localidade|localidad|plaats|woonplaats|miejscowość|miasto|město|mesto|város|oraș|orașul|oraş|localitate|şehir|ilçe|город|місто|град|grad|kraj/grad|pilsēta|miestas|linn|עיר|مدينة|เมือง|市町村|市区町村|市/县|市县|市/鎮|城市|구/군/시|주소 구/군/시|도시|kota|thành phố|πόλη"),
    (AddressPart::Region, "state|region|province|county|bundesland|bundesland/kanton|kanton|område|adresse område|sijaintitiedot|dép/région|département|région|provincia|provincia o estado|provincia o estado de|estado o provincia|stato|estado|distrito|provincie|województwo|okres|megye|judeţ|județ|bölge|область|obl|savezna država|zvezna država|rajonas, apskritis|rajons|osariik|maakond|אזור|ولاية|จังหวัด|都道府県|省/市/自治区|縣/市|시/도|주소 시/도|provinsi|tỉnh|νομός|περιφέρεια"),
    (AddressPart::Postcode, "zip|zip code|postal code|postcode|postleitzahl|plz|postnummer|adresse postnummer|postinumero|code postal|código postal|codigo postal|cap|cep|postcode|kod pocztowy|psč|irányítószám|irányítószáma|cod poștal|cod poştal|posta kodu|индекс|почтовый код|почтовый индекс|поштовий код|поштовий індекс|пощенски код|poštanski broj|poštna številka|pašto indeksas|pasta indekss|sihtnumber|postiindeks|מיקוד|الرمز البريدي|رمز بريدي|รหัสไปรษณีย์|郵便番号|邮政编码|郵遞區號|우편 번호|주소 우편 번호|kode pos|mã bưu điện|ταχ. κώδικας|ταχυδρομικός κώδικας"),
    (AddressPart::Country, "country|country/region|land|land/region|land/område|land/regio|maa|maa/alue|pays|pays/région|país|país o región|país/región|paese|paese/area geografica|país/região|kraj|kraj/region|země|zeme|krajina|krajina alebo oblasť|ország|ország/régió|ţară/regiune|țară/regiune|țară|ülke|ülke/bölge|страна|страна или регион|страна/регион|країна|країна або регіон|država|država/regija|država/region|matična država/regija|šalis|šalis/regionas|valsts|valsts/reģions|riik|riik/regioon|riik/-regioon|מדינה|מדינה/אזור|بلد|بلد/المنطقة|البلد/المنطقة|ประเทศ|ประเทศ/ภูมิภาค|国|国/地域|国家/地区|國家/地區|국가|국가/지역|주소 국가/지역|negara|quốc gia|χώρα|χώρα/περιοχή"),
];

/// Kinds of numbers; none: the place says it.
#[rustfmt::skip]
const PHONES: &[(Option<Tag>, &str)] = &[
    (None, "phone|phone number|telephone|telefon|telefon no|telefonu|telefonnr.|tlf.|puhelin|téléphone|tél.|teléfono|telefono|telefone|telefoon|telefón|telefonas|tālrunis|телефон|טלפון|هاتف|الهاتف|โทรศัพท์|電話|电话|전화|전화 번호|số điện thoại|điện thoại|nomor telepon|telepon|τηλέφωνο|farsími|sími|telèfon"),
    (Some(Tag::Fax), "fax|faks|faks no|faksi|télécopie|telefaks|telefax|faksas|fakss|faksograma|факс|פקס|فاكس|โทรสาร|ファックス|传真|傳真|팩스|φαξ"),
    (Some(Tag::Mobile), "mobile|mobile phone|cell|cell phone|cellular|handy|mobil|mobiltelefon|mobiltlf.|matkapuhelin|mobile téléphone|tél. mobile|portable|móvil|teléfono móvil|celular|cellulare|telemóvel|mobiele telefoon|mobiel|telefon komórkowy|komórka|mobilní telefon|mobilný telefón|mobil|telefon mobil|cep telefonu|cep|мобильный|мобильный телефон|телефон переносной|мобільний|мобільний телефон|телефон мобільний|мобилен телефон|mobitel|mobilni telefon|prenosni telefon|gsm|mobilusis telefonas|mobilais tālrunis|mobiiltelefon|mobiil|טלפון נייד|נייד|الهاتف الجوال|الهاتف المحمول|جوال|موبايل|โทรศัพท์มือถือ|มือถือ|携帯電話|移动电话|手机|行動電話|手機|휴대폰|휴대 전화|điện thoại di động|di động|ponsel|κινητό|κινητό τηλέφωνο|telèfon mòbil|mòbil|farsími|gsm-sími"),
];

/// Numbers whose kind is a word by itself.
#[rustfmt::skip]
const OTHER_NUMBERS: &[(Tag, &str)] = &[
    (Tag::Main, "primary phone|haupttelefon|primær telefon|primær telefon (firma)|hovedtelefon|hovedtelefon for firma|ensisijainen puhelin|yrityksen puhelinvaihde|téléphone principal|téléphone société|teléfono principal|número de centralita de la organización|telefono principale|telefono principale società|telefone principal|telefone principal da empresa|hoofdtelefoon|hoofdtelefoon bedrijf|telefon podstawowy|główny telefon do firmy|primární telefon|telefon společnosti|primárny telefón|hlavný telefón spoločnosti|elsődleges telefon|cég fővonala|telefon principal|telefon principal firmă|birincil telefon|şirket santral telefonu|основной телефон|основной телефон организации|основний телефон|основний телефон організації|основен телефон|основен телефон на фирмата|primarni telefon|telefonski broj centrale tvrtke|glavni telefon kompanije|centrala podjetja|pagrindinis telefonas|pagrindinis įmonės telefonas|primārais tālrunis|uzņēmuma galvenais tālrunis|esmane telefon|ettevõtte põhitelefon|טלפון עיקרי|טלפון ראשי של החברה|الهاتف الأساسي|الهاتف الرئيسي للشركة|โทรศัพท์หลัก|โทรศัพท์หลักของบริษัท|通常の電話|会社代表電話|主要电话|单位主要电话|代表電話|公司代表線|기본 전화|회사 대표 전화|företag, växel|telefon 1"),
    (Tag::Mobile, "car phone|autotelefon|biltelefon|autopuhelin|téléphone (voiture)|téléphone voiture|telefono auto|telefone do carro|autotelefoon|telefon w samochodzie|telefon do auta|autotelefón|autótelefon|telefon pe mașină|araç telefonu|телефон в машине|телефон у машині|автомобилен телефон|automobilski telefon|telefon u automobilu|automobilinis telefonas|tālrunis automašīnā|טלפון ברכב|هاتف السيارة|โทรศัพท์ในรถ|自動車電話|车载电话|汽車電話|카폰|mobiltelefon 2"),
    (Tag::Other, "callback|rückmeldung|rückruf|tilbagekald|tilbakeringing|takaisinsoitto|rappel|devolución de llamada|richiamata automatica|retorno de chamada|tel. de resposta|terugbellen|wywołanie zwrotne|zpětné volání|spätné volanie|visszahívás|geri arama|обратный вызов|зворотний виклик|обратно повикване|povratni poziv|povratni klic|atgalinis skambinimas|atzvanīšana|tagasihelistamine|התקשרות חזרה|رد الاتصال|ติดต่อกลับ|コールバック|回电话|回撥電話|다시 걸 전화|motringning|radio phone|radiotelefon|radiopuhelin|radio téléphone|radioteléfono|radiotelefono|radiofone|radiotelefone|radiotelefoon|rádiotelefón|rádiótelefon|telsiz telefon|радиотелефон|радіотелефон|radijski telefon|radio telefon|radijo telefonas|radiotālrunis|raadiotelefon|טלפון רדיו|الهاتف الراديوي|โทรศัพท์วิทยุ|無線電話|无绳电话|무선 전화|telex|teleks|télex|teleksi|dálnopis|teleksas|telekss|телекс|טלקס|التلكس|เทเล็กซ์|テレックス|电报|텔렉스|pager|personsøger|personsøker|personsökare|hakulaite|récepteur de radiomessagerie|localizador|cercapersone|személyhívó|çağrı cihazı|пейджер|пейджър|javljač|pejdžer|pozivnik|pranešimų gaviklis|peidžeris|peiler|איתורית|النداء|เพจเจอร์|ポケットベル|寻呼机|呼叫器|호출기|rnis|rdis|tty/tdd|tty/tdd phone|tty/tdd-telefon|tty/tdd telefon|tty/tdd-puhelin|téléphone tdd/tty|telefono tty/tdd|telefone tty/tdd|teksttelefoon|telefon tty/tdd|telefón tty/ttd|telefon für hörbehinderte|telefon for hørselshemmede|número de teletipo|pro neslyšící|tty/tdd telefonu|телетайп/телефон с титрами|телефон tty/tdd|tekstualni telefon|teletaips/surdotālrunis|teletaipas/įrenginys kurtiesiems|טלפון טקסט (tty/tdd)|هاتف tty/tdd|โทรศัพท์ tty/tdd|tty/tdd 电话|tty/tdd 電話|tty/tdd 전화|telefon 2"),
    (Tag::Home, "particular|abitazione|hem|kodutelefon|kotipuhelin|ev telefonu"),
    (Tag::Work, "ufficio|arbete|töötelefon|työpuhelin|darba tālrunis"),
    (Tag::Fax, "tööfaks|kodufaks|muu faks|darba fakss"),
];

/// What an email address is called.
const EMAILS: &str = "email|email address|e-mail address|mail|e-mailová adresa|emailová adresa|e-mail cím|sähköpostiosoite|e-postadress|e-postadresse|adresse de messagerie|dirección del correo electrónico|dirección de correo|correu electrònic|adreça electrònica|indirizzo posta elettronica|indirizzo di posta elettronica|endereço de correio electrónico|endereço de e-mail|adresă de poștă electronică|adresă de poştă electronică|adresă de e-mail|elektronik posta adresi|e-posta adresi|адрес эл. почты|адреса ел. пошти|ел. пошта|имейл|имейл адрес|e-adresa|adresa e-pošte|e-pošta|e-poštni naslov|el. pašto adresas|el. paštas|e-pasta adrese|e-pasts|meiliaadress|e-post|כתובת דואר אלקטרוני|דואר אלקטרוני|دوאر|عنوان البريد الإلكتروني|البريد الإلكتروني|بريد إلكتروني|ที่อยู่อีเมล|อีเมล|電子メール アドレス|电子邮件地址|電子郵件地址|電子郵件|전자 메일 주소|surel|địa chỉ email|netfang|helbide elektronikoa";

/// What labels are called.
const LABELS: &str = "categories|kategorien|kategorier|luokat|catégories|categorías|categorie|categorias|categorieën|kategorie|kategórie|kategóriák|categorii|kategoriler|категории|категорії|kategorije|zvrsti|kategorijos|kategorijas|kategooriad|קטגוריות|الفئات|ประเภท|分類|类别|類別|범주 항목";

/// Fields of one value.
#[rustfmt::skip]
const SLOTS: &[(Slot, &str)] = &[
    (Slot::First, "first|firstname|given|given name|ime|vardas|vārds|eesnimi|собствено име|име|שם פרטי|الاسم الأول|ชื่อ|이름|名字|ilk adı|adı|tên|nama depan|nom de pila|fornafn|imię|vārdu"),
    (Slot::Middle, "middle|middlename|additional name|2. křestní jméno|další jméno|ďalšie meno|középső|srednje ime|drugo ime|antras vardas|otrais vārds|teine nimi|бащино име|שם פרטי שני|الاسم الأوسط|ชื่อกลาง|中間名|중간 이름|ミドル ネーム|middelste naam|ikinci adı|al doilea nume|outros nomes/apelidos|tên đệm"),
    (Slot::Last, "last|lastname|surname|family|family name|prezime|priimek|pavardė|uzvārds|perekonnanimi|фамилно име|фамилия|שם משפחה|اسم العائلة|นามสกุล|姓氏|họ|nama belakang|cognoms|cognom|eftirnafn|kenninafn"),
    (Slot::Prefix, "name prefix|honorific|titula|titul|titulas|tiitel|tittel|titel|tytuł|titlu|звернення|обръщение|תואר|คำนำหน้า|肩書き|英文称谓|頭銜|호칭(영문)"),
    (Slot::Suffix, "name suffix|sufiks|suffiks|sufikss|sufix|суфікс|суфикс|jälkiliite|utótag|prípona|pripona|za příjmením|titolo straniero|priedas|nime järelliide|סיומת|لاحقة|คำต่อท้าย|中文称谓|稱謂|호칭(한글)|sonek"),
    (Slot::Company, "tvrtka|kompanija|podjetje|įmonė|uzņēmums|ettevõte|фирма|firmă|חברה|الشركة|شركة|บริษัท|公司|công ty|perusahaan|empresa|fyrirtæki"),
    (Slot::Title, "job title|jobtitle|poslovna titula|radno mesto|pareigos|amats|ametinimetus|длъжност|תפקיד|اللقب المهني|المسمى الوظيفي|ตำแหน่งงาน|職稱|직함|funkcia|ocupaţie|ocupație|chức vụ|jabatan|càrrec|starfsheiti"),
    (Slot::Department, "odjel|odeljenje|oddelek|oddelenie|skyrius|nodaļa|osakond|отдел|відділ|osztály|bölüm|מחלקה|القسم|แผนก|部門|phòng ban|departemen|departament|deild"),
    (Slot::Birthday, "birthday|date of birth|rođendan|datum rođenja|rojstni dan|datum rojstva|gimtadienis|gimimo data|dzimšanas diena|dzimšanas datums|sünnipäev|sünnikuupäev|рожден ден|дата на раждане|יום הולדת|תאריך לידה|تاريخ الميلاد|วันเกิด|zi de naștere|zi de naştere|data nașterii|ngày sinh|tanggal lahir|data de naixement|aniversari|fæðingardagur|afmælisdagur"),
    (Slot::Anniversary, "obljetnica|godišnjica|obletnica|sukaktis|jubileja|aastapäev|годишнина|річниця|výročie|mærkedag|merkedag|vuosipäivä|anniversaire de mariage ou fête|speciale datum|aniversare|yıldönümü|datas especiais|יום נישואין|الذكرى السنوية|วันครบรอบ|紀念日|결혼 기념일"),
    (Slot::Website, "website|webpage|web page|business website|web-stranica|veb stranica|spletna stran|tinklalapis|tīmekļa lapa|veebileht|уеб страница|веб-сторінка|weblap|strona sieci web|página na web|דף אינטרנט|صفحة ويب|เว็บเพจ|網頁|trang web|pàgina web|vefsíða"),
    (Slot::Note, "personal notes|biography|biographies|bilješke|beleške|opombe|pastabos|piezīmes|märkmed|бележки|feljegyzések|muistilaput|הערות|ملاحظات|บันทึกย่อ|記事|ghi chú|catatan|notes personals|athugasemdir"),
    (Slot::Full, "customer name|client name|member name|subscriber name|kundenname|nom du contact|nombre del contacto|nama|họ và tên|họ tên|nom i cognoms|vardas pavardė|vārds uzvārds|ime i prezime|ime in priimek|ees- ja perekonnanimi|שם|שם מלא|الاسم|الاسم الكامل|ชื่อ-นามสกุล|име и фамилия|ім'я та прізвище|nafn"),
];

/// Words of the tables by their keys.
struct Words {
    places: Vec<(String, Tag)>,
    parts: HashMap<String, AddressPart>,
    phones: HashMap<String, Option<Tag>>,
    whole: HashMap<String, (Target, Tag)>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let each = |words: &'static str| words.split('|').map(|word| key(word).0).filter(|key| !key.is_empty());
    let mut places: Vec<(String, Tag)> =
        PLACES.iter().flat_map(|(tag, words)| each(words).map(move |word| (word, *tag))).collect();
    // A longer word is not taken for a shorter one within it.
    places.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    let mut whole = HashMap::new();
    let mut put = |words: &'static str, target: Target, tag: Tag| {
        for word in each(words) {
            whole.entry(word).or_insert((target, tag));
        }
    };
    put(EMAILS, Target::Email, Tag::Untagged);
    put(LABELS, Target::Labels, Tag::Untagged);
    for (tag, words) in OTHER_NUMBERS {
        put(words, Target::Phone, *tag);
    }
    for (slot, words) in SLOTS {
        put(words, Target::Slot(*slot), Tag::Untagged);
    }
    for (tag, words) in PHONES {
        put(words, Target::Phone, tag.unwrap_or(Tag::Untagged));
    }
    for (part, words) in PARTS {
        put(words, Target::Address(*part), Tag::Untagged);
    }
    Words {
        places,
        parts: PARTS.iter().flat_map(|(part, words)| each(words).map(move |word| (word, *part))).collect(),
        phones: PHONES.iter().flat_map(|(tag, words)| each(words).map(move |word| (word, *tag))).collect(),
        whole,
    }
});

/// What a header means by its words; a number in it counts neither here nor there.
pub(super) fn meaning(key: &str) -> Option<(Target, Tag)> {
    let key = key.replace('#', "");
    if let Some(known) = WORDS.whole.get(&key) {
        return Some(*known);
    }
    for (place, tag) in &WORDS.places {
        for (at, _) in key.match_indices(place.as_str()) {
            let rest = [&key[..at], &key[at + place.len()..]].concat();
            if let Some(part) = WORDS.parts.get(&rest) {
                return Some((Target::Address(*part), *tag));
            }
            if let Some(phone) = WORDS.phones.get(&rest) {
                return Some((Target::Phone, phone.unwrap_or(*tag)));
            }
            if matches!(WORDS.whole.get(&rest), Some((Target::Email, _))) {
                return Some((Target::Email, *tag));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_put_together_of_a_place_and_a_part() {
        let of = |header: &str| meaning(&key(header).0);
        for header in ["Rue (bureau) 2", "Улица 2 (раб. адрес)", "商务地址 街道", "شارع 2 للعمل", "Werkadres 2, straat"]
        {
            assert_eq!(of(header), Some((Target::Address(AddressPart::Street), Tag::Work)), "{header}");
        }
        for header in ["Faks kod kuće", "פקס בבית", "โทรสาร (บ้าน)", "Domači faks", "Fax domov"]
        {
            assert_eq!(of(header), Some((Target::Phone, Tag::Fax)), "{header}");
        }
        for header in ["Kućni telefon 2", "Namų telefonas", "住家電話", "Телефон (дом.)"] {
            assert_eq!(of(header), Some((Target::Phone, Tag::Home)), "{header}");
        }
        for header in ["Shoe size", "Home", "Streetcar", "Officer", "Points"] {
            assert_eq!(of(header), None, "{header}");
        }
    }
}
