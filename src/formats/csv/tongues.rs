//! The words of headers in the languages that Outlook and other programs speak, beside English and German.
//!
//! Owns the tables, as data: French, Spanish, Italian, Portuguese, Dutch, the Scandinavian ones, Finnish, Polish, Czech,
//! Slovak, Hungarian, Romanian, Turkish, Russian, Ukrainian, Greek, Chinese, Japanese, Korean. [`super::columns`]
//! looks things up in them behind those of [`super::headers`]; there is no code here. Words are written as
//! [`super::columns::key`] makes them.

use crate::domain::contact::Tag;
use crate::domain::slot::Slot;

use super::target::{AddressPart, Target};

/// Fields of one value.
#[rustfmt::skip]
pub(super) const SLOTS: &[(Slot, &[&str])] = &[
    (Slot::Full, &[
        "nomcomplet", "nomaffiché", "nomàafficher", "nombrecompleto", "nombreparamostrar", "nomecompleto", "nomevisualizzato",
        "nomedeexibição", "volledigenaam", "weergavenaam", "visningsnamn", "fullständigtnamn", "navn", "namn", "naam", "fuldenavn",
        "fulltnavn", "nimi", "kokonimi", "imięinazwisko", "nazwawyświetlana", "celéjméno", "zobrazovanéjméno", "név", "teljesnév",
        "nume", "numecomplet", "adsoyad", "adısoyadı", "isim", "имяифамилия", "полноеимя", "фио", "повнеімя", "όνομαεπώνυμο",
        "姓名", "全名", "名字", "氏名", "名前", "이름", "성명",
    ]),
    (Slot::First, &[
        "nombredepila", "primernombre", "nomeproprio", "primeironome", "förnamn", "fornavn", "etunimi", "jméno", "křestníjméno",
        "meno", "krstnémeno", "utónév", "keresztnév", "prenume", "ad", "імя", "όνομα", "名", "이름성제외", "roepnaam", "imiona",
        "primonome",
    ]),
    (Slot::Middle, &[
        "deuxièmeprénom", "segundonombre", "secondonome", "nomedomeio", "segundonome", "tweedevoornaam", "mellannamn", "mellomnavn",
        "mellemnavn", "toinennimi", "drugieimię", "prostředníjméno", "отчество", "побатькові", "中间名",
    ]),
    (Slot::Last, &[
        "nomdefamille", "apellido", "primerapellido", "cognome", "apelido", "últimonome", "sobrenome", "efternamn", "efternavn",
        "etternavn", "sukunimi", "příjmení", "priezvisko", "vezetéknév", "családnév", "numedefamilie", "soyad", "soyadı", "фамилия",
        "прізвище", "επώνυμο", "姓", "성", "familienaam",
    ]),
    (Slot::Prefix, &["civilité", "tratamiento", "titolo", "tratamento", "aanhef", "aanspreektitel", "tilltalsnamn", "oslovení", "обращение", "称谓", "敬称"]),
    (Slot::Suffix, &["suffixe", "sufijo", "suffisso", "sufixo", "achtervoegsel", "efterled", "přípona", "суффикс", "后缀", "namnsuffix"]),
    (Slot::Nickname, &["surnom", "apodo", "alias", "soprannome", "apelidocarinhoso", "bijnaam", "smeknamn", "kaldenavn", "přezdívka", "pseudonim", "псевдоним", "昵称", "ニックネーム"]),
    (Slot::Company, &[
        "compañía", "organización", "società", "organizzazione", "organização", "companhia", "organisatie", "företag", "organisation",
        "virksomhed", "firma", "bedrift", "selskap", "yritys", "organizacja", "společnost", "organizace", "spoločnosť", "cég", "vállalat",
        "companie", "şirket", "организация", "компания", "організація", "εταιρεία", "公司", "单位", "会社名", "会社", "회사",
    ]),
    (Slot::Title, &[
        "titre", "fonction", "poste", "puesto", "cargo", "posición", "títuloprofesional", "posizione", "qualifica", "mansione",
        "função", "functie", "functietitel", "befattning", "stilling", "jobtitel", "tehtävänimike", "stanowisko", "funkce", "pracovnífunkce",
        "pozice", "beosztás", "funcție", "görev", "unvan", "işunvanı", "должность", "посада", "θέσηεργασίας", "职务", "职位", "役職", "직위",
        "berufsbezeichnung", "beruf", "positionjobtitle",
    ]),
    (Slot::Department, &["service", "département", "departamento", "ufficio", "divisione", "avdelning", "afdeling", "avdeling", "osasto", "dział", "oddělení", "részleg", "отдел", "відділ", "τμήμα", "部门", "部署", "부서"]),
    (Slot::Birthday, &[
        "fødselsdag", "fødselsdato", "födelsedag", "födelsedatum", "syntymäpäivä", "narozeniny", "datumnarození", "narodeniny",
        "születésnap", "születésidátum", "születésiidő", "zidenaștere", "dataderojstva", "doğumgünü", "doğumtarihi", "деньрождения",
        "датарождения", "деньнародження", "датанародження", "γενέθλια", "ημερομηνίαγέννησης", "生日", "出生日期", "誕生日", "生年月日", "생년월일", "생일", "datanascimento",
        "nascita", "nascimento", "compleannodata", "nacimiento", "geboorte",
    ]),
    (Slot::Anniversary, &["aniversario", "anniversario", "anniversairedemariage", "aniversariodeboda", "trouwdag", "årsdag", "rocznica", "výročí", "évforduló", "годовщина", "纪念日", "記念日"]),
    (Slot::Website, &[
        "pageweb", "siteweb", "siteinternet", "páginaweb", "sitioweb", "paginaweb", "sitoweb", "páginadaweb", "webpagina", "webbsida",
        "webside", "nettside", "hjemmeside", "kotisivu", "websivu", "stronaweb", "stronawww", "webovástránka", "weboldal", "paginăweb",
        "websayfası", "вебстраница", "сайт", "ιστοσελίδα", "网页", "网站", "webページ", "ホームページ", "웹페이지", "webseitegeschäft",
    ]),
    (Slot::Note, &[
        "remarque", "commentaires", "commentaire", "comentarios", "nota", "note", "annotazioni", "commenti", "comentários", "anotações",
        "opmerking", "notities", "anteckningar", "noter", "notater", "merknader", "muistiinpanot", "huomautukset", "notatka", "uwagi",
        "poznámky", "poznámka", "jegyzetek", "megjegyzés", "observații", "notlar", "заметки", "примечания", "нотатки", "σημειώσεις", "备注", "附注", "メモ",
        "備考", "메모", "anmerkung", "anmerkungen",
    ]),
    (Slot::Locale, &["langue", "idioma", "lingua", "taal", "språk", "sprog", "kieli", "język", "jazyk", "nyelv", "dil", "язык", "мова", "语言", "言語", "sprache"]),
];

/// Words that say all by themselves.
#[rustfmt::skip]
pub(super) const WORDS: &[(Target, Tag, &[&str])] = &[
    (Target::Email, Tag::Untagged, &[
        "courriel", "adressecourriel", "adressedemessagerie#", "adresseélectronique", "mél", "direccióndecorreoelectrónico",
        "direccióndecorreo", "direccióndecorreoelectrónico#", "correoelectrónico#", "direccióncorreoelectrónico", "indirizzodipostaelettronica",
        "postaelettronica", "indirizzodipostaelettronica#", "endereçodeemail", "endereçodecorreioeletrônico", "correioeletrônico",
        "endereçodecorreioeletrónico", "endereçodeemail#", "emailadres#", "epost", "epostadress", "epostadress#", "epostadresse", "mailadresse",
        "emailadresse#", "sähköposti", "sähköpostiosoite", "adresemail#", "emailováadresa", "emailovaadresa", "emailcím",
        "adresădeemail", "epostaadresi", "eposta", "электроннаяпочта", "адресэлпочты", "адресэлектроннойпочты", "почта", "електроннапошта",
        "διεύθυνσηηλεκτρονικούταχυδρομείου", "电子邮件", "电子邮件地址", "邮箱", "电子邮箱", "メールアドレス", "電子メールアドレス", "이메일", "전자메일주소",
    ]),
    (Target::Phone, Tag::Untagged, &["numérodetéléphone", "númerodeteléfono", "numeroditelefono", "númerodetelefone", "telefoonnummer", "telefonnummer", "puhelin", "puhelinnumero", "numertelefonu", "telefonníčíslo", "telefonszám", "telefonnumarası", "номертелефона", "телефон", "τηλέφωνο", "电话", "电话号码", "電話番号", "전화번호", "전화"]),
    (Target::Phone, Tag::Mobile, &[
        "mobiel", "mobilnummer", "mobil#", "portable", "téléphoneportable", "téléphonemobile", "télmobile", "telmobile", "numérodemobile", "móvil", "celular",
        "teléfonomóvil", "teléfonocelular", "cellulare", "telefonocellulare", "telemóvel", "telefonecelular", "mobieletelefoon", "mobielnummer",
        "mobiltelefon", "mobiltlf", "matkapuhelin", "telefonkomórkowy", "komórka", "mobilnítelefon", "mobilnytelefon", "mobiltelefonszám",
        "ceptelefonu", "мобильныйтелефон", "мобильный", "мобільнийтелефон", "κινητό", "手机", "移动电话", "手机号码", "携帯電話", "휴대폰", "handynummer",
    ]),
    (Target::Phone, Tag::Fax, &["télécopie", "télécopieur", "факс", "传真", "ファックス", "팩스", "faks"]),
    (Target::Labels, Tag::Untagged, &[
        "catégories", "catégorie", "categorías", "categoría", "categorie", "categoria", "categorias", "categorieën", "kategorier", "luokat",
        "kategorie", "kategóriák", "kategoriler", "категории", "категорії", "κατηγορίες", "类别", "分类", "分類項目", "범주", "étiquettes", "etiquetas",
        "etichette", "groupe", "grupo", "gruppo", "groep", "skupiny", "gruppen", "gruppe", "schlagworte", "contactgroups", "groups",
    ]),
];

/// Where an address or a phone is, before or behind its part.
#[rustfmt::skip]
pub(super) const PLACES: &[(&str, Tag)] = &[
    ("personnelle", Tag::Home), ("personnel", Tag::Home), ("domicile", Tag::Home), ("professionnelle", Tag::Work), ("professionnel", Tag::Work),
    ("bureau", Tag::Work), ("autre", Tag::Other), ("trabajo", Tag::Work), ("deltrabajo", Tag::Work), ("particular", Tag::Home), ("personal", Tag::Home),
    ("domicilio", Tag::Home), ("casa", Tag::Home), ("otra", Tag::Other), ("otro", Tag::Other), ("ufficio", Tag::Work), ("lavoro", Tag::Work),
    ("abitazione", Tag::Home), ("abit", Tag::Home), ("uff", Tag::Work), ("altro", Tag::Other), ("altra", Tag::Other), ("comercial", Tag::Work), ("trabalho", Tag::Work),
    ("residencial", Tag::Home), ("outro", Tag::Other), ("outra", Tag::Other), ("werk", Tag::Work), ("zakelijk", Tag::Work), ("thuis", Tag::Home),
    ("privé", Tag::Home), ("overig", Tag::Other), ("arbete", Tag::Work), ("jobb", Tag::Work), ("hem", Tag::Home), ("hemma", Tag::Home), ("annan", Tag::Other),
    ("arbejde", Tag::Work), ("arbeid", Tag::Work), ("hjem", Tag::Home), ("annen", Tag::Other), ("anden", Tag::Other), ("työ", Tag::Work), ("koti", Tag::Home),
    ("muu", Tag::Other), ("służbowy", Tag::Work), ("służbowa", Tag::Work), ("służbowe", Tag::Work), ("firmowy", Tag::Work), ("domowy", Tag::Home), ("domowa", Tag::Home),
    ("domowe", Tag::Home), ("prywatny", Tag::Home), ("inny", Tag::Other), ("inna", Tag::Other), ("inne", Tag::Other), ("zaměstnání", Tag::Work), ("práce", Tag::Work),
    ("dozaměstnání", Tag::Work), ("domů", Tag::Home), ("bydliště", Tag::Home), ("jiné", Tag::Other), ("jiná", Tag::Other), ("munkahelyi", Tag::Work), ("otthoni", Tag::Home),
    ("egyéb", Tag::Other), ("рабочий", Tag::Work), ("рабочая", Tag::Work), ("рабочийадрес", Tag::Work), ("домашний", Tag::Home), ("домашняя", Tag::Home),
    ("другой", Tag::Other), ("другая", Tag::Other), ("iş", Tag::Work), ("ev", Tag::Home), ("diğer", Tag::Other), ("商务", Tag::Work), ("单位", Tag::Work), ("家庭", Tag::Home),
    ("住宅", Tag::Home), ("其他", Tag::Other), ("会社", Tag::Work), ("自宅", Tag::Home), ("その他", Tag::Other), ("직장", Tag::Work), ("집", Tag::Home),
    ("weitere", Tag::Other), ("büro", Tag::Work), ("firma", Tag::Work), ("arbeit", Tag::Work), ("general", Tag::Untagged), ("person", Tag::Untagged),
    ("primary", Tag::Untagged), ("preferred", Tag::Untagged), ("main", Tag::Untagged), ("permanent", Tag::Home), ("personalhome", Tag::Home),
];

/// Parts of a postal address.
#[rustfmt::skip]
pub(super) const PARTS: &[(AddressPart, &[&str])] = &[
    (AddressPart::Street, &[
        "streetaddressline#", "mailingstreet", "adressepostale", "ruebureau", "calle", "calle#", "dirección", "direccion", "domicilio", "via", "indirizzo", "via#",
        "rua", "endereço", "morada", "rua#", "straat", "adres", "adres#", "straatnaam", "gata", "gatuadress", "adress", "adress#", "vej", "gade", "gateadresse", "vei",
        "katu", "katuosoite", "osoite", "ulica#", "ulice", "utca", "cím", "lakcím", "stradă", "strada", "sokak", "cadde", "улица", "адрес", "вулиця", "адреса", "οδός",
        "διεύθυνση", "街道", "地址", "住所", "番地", "주소", "rue#", "hausnummer", "voie",
    ]),
    (AddressPart::City, &[
        "localité", "commune", "población", "localidad", "localidade", "municipio", "località", "comune", "cittá", "citta", "woonplaats", "stad", "ort", "postort",
        "by", "poststed", "kaupunki", "miejscowość", "město", "mesto", "obec", "város", "település", "oraș", "localitate", "şehir", "il", "город", "місто", "πόλη",
        "城市", "市县", "市区町村", "도시", "cidade", "wohnort",
    ]),
    (AddressPart::Region, &[
        "département", "région", "depréf", "provincia", "estado", "provinciaestado", "estadooprovincia", "regione", "prov", "distrito", "provincie", "delstat", "län",
        "region", "osavaltio", "maakunta", "województwo", "kraj", "stát", "megye", "județ", "область", "регион", "край", "νομός", "省", "省市自治区", "都道府県", "시도",
        "bundeslandkanton", "kanton", "departmentregion",
    ]),
    (AddressPart::Postcode, &[
        "cp", "códigopostal", "codigopostal", "codicepostale", "cap", "cep", "postcode", "postnummer", "postnr", "postinumero", "kodpocztowy", "psč", "psc",
        "irányítószám", "codpoștal", "postakodu", "почтовыйиндекс", "индекс", "поштовийіндекс", "ταχυδρομικόςκώδικας", "邮政编码", "邮编", "郵便番号", "우편번호",
    ]),
    (AddressPart::Country, &[
        "paysrégion", "paísregión", "paese", "nazione", "stato", "paesearea", "paísregião", "landregio", "landregion", "land", "maa", "maaalue", "krajregion", "země",
        "zeměoblast", "krajina", "ország", "ţara", "țara", "ülke", "страна", "странарегион", "країна", "χώρα", "国家", "国家地区", "国", "국가", "countryregion",
    ]),
];

/// Kinds of phones beside a place; none: the place is the tag.
#[rustfmt::skip]
pub(super) const PHONES: &[(Option<Tag>, &[&str])] = &[
    (None, &[
        "téléphone", "téléphone#", "tél", "tél#", "teléfono", "teléfono#", "teléfonodel", "telefono", "telefono#", "tel#", "telefone", "telefone#", "telefoon", "telefoon#", "telefon", "telefon#",
        "tlf", "puhelin", "telefonsłużbowy", "телефон", "телефон#", "电话", "電話", "전화", "telefonnummer", "phonenumber", "telephonenumber", "phonenumber#",
    ]),
    (Some(Tag::Fax), &["télécopie", "télécopieur", "fax", "fax#", "faxdel", "faksi", "faks", "факс", "传真"]),
    (Some(Tag::Mobile), &["mobile", "mobile#", "mobil", "móvil", "cell", "cellphone", "handy", "portable", "cellulare", "celular", "mobiel", "mobilephone"]),
];
