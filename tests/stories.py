"""Invented news stories in six languages with the words that stand around them on a page, for tests of extraction."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """One article, and what its site writes around it."""

    language: str
    headline: str
    deck: str
    author: str
    byline: str
    caption: str
    subhead: str
    quote: str
    parts: tuple[str, ...]
    menu: tuple[str, ...]
    related: str  # heading of the teasers
    teasers: tuple[tuple[str, str], ...]
    newsletter: tuple[str, str]
    bio: str
    comment: str
    rights: str


ENGLISH = Story(
    "en",
    "Harbour council backs a longer pier after two years of argument",
    "Fishermen in Ostrel get forty metres more, but will pay part of the bill through mooring fees.",
    "Ada Roe",
    "By Ada Roe",
    "The old pier at Ostrel, closed to lorries since the storm of last winter",
    "What happens next",
    "“We have been waiting for this since my father held my licence,” said Tomas Veld, who runs two trawlers.",
    (
        "The harbour council of Ostrel voted on Tuesday night to extend the town's fishing pier by forty metres, "
        "ending a dispute that had split the small port for more than two years.",
        "Nine of thirteen councillors supported the plan, which will cost 6.4 million crowns and is due to be "
        "finished before the herring season opens next autumn. Three voted against it and one was absent.",
        "Fishermen had long complained that the pier, built half a century ago for boats of twelve metres, was too "
        "short for the vessels that now unload there, and that crews had to queue for hours in bad weather.",
        "“We have been waiting for this since my father held my licence,” said Tomas Veld, who runs two trawlers and "
        "chairs the local association. “Every hour in the queue is an hour in which the catch gets worse.”",
        "Residents of the streets behind the harbour opposed the extension because they expect more lorries at "
        "night. A petition signed by about eight hundred people was handed to the mayor in March.",
        "Under the compromise reached on Tuesday, lorries may not enter the quay between ten in the evening and five "
        "in the morning, and the council will measure noise at four houses for the first three years.",
        "Part of the money comes from a regional fund for small ports, which has promised 2.1 million crowns. The "
        "rest is to be borrowed and repaid through mooring fees, which will rise by a tenth in each of four years.",
        "Marine biologists from the university in Kelm asked the council to keep the piles clear of the eelgrass "
        "beds to the north, where young cod shelter in summer. The engineers have moved the line of the pier.",
        "Work is to begin in April with the removal of the old planks, some of which were torn off by the storm of "
        "last winter. Nobody will lose a berth during the works, a spokeswoman said.",
        "The opponents have four weeks to appeal to the regional court. Their lawyer, Ines Marrow, said on Wednesday "
        "that she would read the minutes first and then decide whether a complaint had any chance.",
    ),
    ("Home", "Local", "Business", "Sport", "Culture", "Opinion", "Weather", "Jobs"),
    "More from Local",
    (
        ("Ferry to Kelm cancelled again as crews fall ill", "The operator blames a wave of flu for the cuts"),
        ("Town library to open on Sundays from May", "A trial last year drew twice as many visitors as planned"),
        ("Police find stolen outboard motors in a barn", "Two men from a neighbouring village were questioned"),
        ("School kitchen wins a prize for its fish soup", "The recipe is older than the school"),
    ),
    ("Sign up for our morning newsletter", "The most important stories from the coast in your inbox at six every day."),
    "Ada Roe has covered the harbour and the council for The Ostrel Courier since 2014. She grew up on the coast, "
    "and before that she worked for a radio station in Kelm.",
    "I do not believe a word of it, they said the same ten years ago and nothing was built then either.",
    "© The Ostrel Courier. All rights reserved.",
)

GERMAN = Story(
    "de",
    "Stadtwerke Brennau stellen Fernwärme auf Flusswasser um",
    "Eine Großwärmepumpe soll ab 2028 ein Drittel der Haushalte versorgen. Die Kosten sind umstritten.",
    "Jonas Hellweg",
    "Von Jonas Hellweg",
    "Das Wehr am Oberlauf der Brenne, an dem die Pumpe entstehen soll",
    "Kritik aus dem Stadtrat",
    "„Der Fluss heizt künftig mit, und zwar auch im Januar“, sagte Werkleiterin Petra Sonnau.",
    (
        "Die Stadtwerke Brennau wollen ihre Fernwärme künftig zu einem großen Teil aus dem Wasser der Brenne "
        "gewinnen. Der Aufsichtsrat stimmte am Montagabend dem Bau einer Großwärmepumpe am alten Wehr zu.",
        "Die Anlage soll 38 Millionen Euro kosten und ab dem Winter 2028 rund elftausend Haushalte versorgen. Das "
        "wäre etwa ein Drittel der Wohnungen, die heute an das Netz angeschlossen sind.",
        "„Der Fluss heizt künftig mit, und zwar auch im Januar“, sagte Werkleiterin Petra Sonnau. Selbst bei vier "
        "Grad Wassertemperatur lasse sich genug Wärme entziehen, wenn die Entnahme groß genug sei.",
        "Bislang stammt die Wärme überwiegend aus einem Gaskraftwerk, das Anfang der neunziger Jahre gebaut wurde "
        "und dessen Genehmigung in sechs Jahren ausläuft. Eine Verlängerung hatte das Land abgelehnt.",
        "Im Stadtrat stößt das Vorhaben auf geteilte Meinungen. Die Fraktion der Freien Wähler bezweifelt, dass die "
        "Strompreise so niedrig bleiben, wie es die Wirtschaftlichkeitsrechnung annimmt.",
        "Auch der Anglerverein meldete Bedenken an. Das zurückgeleitete Wasser sei im Winter um bis zu zwei Grad "
        "kälter, und niemand wisse, wie die Äschen unterhalb des Wehrs darauf reagierten.",
        "Ein Gutachten der Technischen Hochschule, das die Stadtwerke in Auftrag gegeben hatten, kommt zu dem "
        "Schluss, dass die Abkühlung schon nach vierhundert Metern nicht mehr messbar sei.",
        "Für die Kunden soll sich zunächst nichts ändern. Der Arbeitspreis werde bis 2030 nur mit der allgemeinen "
        "Teuerung steigen, versprach Sonnau, danach entscheide der Strommarkt mit.",
        "Die Bauarbeiten sollen im kommenden Frühjahr mit der Sanierung des Wehrs beginnen. Während der Arbeiten "
        "wird der Uferweg zwischen Mühlenbrücke und Freibad für gut ein Jahr gesperrt.",
    ),
    ("Startseite", "Politik", "Wirtschaft", "Sport", "Kultur", "Lokales", "Wetter", "Anzeigen"),
    "Das könnte Sie auch interessieren",
    (
        ("Freibad öffnet erst im Juni", "Die Sanierung der Becken dauert länger als gedacht"),
        ("Neue Buslinie zum Klinikum", "Der Takt wird werktags auf zehn Minuten verkürzt"),
        ("Bäckerei schließt nach neunzig Jahren", "Ein Nachfolger fand sich trotz langer Suche nicht"),
        ("Chor sucht Tenöre für das Herbstkonzert", "Geprobt wird jeden Donnerstag im Pfarrsaal"),
    ),
    ("Newsletter abonnieren", "Jeden Morgen um sechs Uhr das Wichtigste aus Brennau und Umgebung in Ihrem Postfach."),
    "Jonas Hellweg schreibt seit 2017 für den Brennauer Boten über Energie und Verkehr. Er studierte Physik und lebt "
    "mit seiner Familie am Oberlauf der Brenne.",
    "Das wird am Ende doch wieder doppelt so teuer, so wie damals beim Hallenbad, und wir dürfen es bezahlen.",
    "© Brennauer Bote. Alle Rechte vorbehalten.",
)

RUSSIAN = Story(
    "ru",
    "В Заречинске запустили первый троллейбус без водителя",
    "До осени машина будет ходить с инженером в салоне. Жители спорят, нужна ли городу такая новинка.",
    "Анна Лугова",
    "Автор: Анна Лугова",
    "Новый троллейбус на конечной остановке у речного вокзала",
    "Что будет дальше",
    "«Машина видит дорогу лучше человека, но пока мы всё равно держим руку на кнопке», — сказал инженер Павел Кротов.",
    (
        "В Заречинске в понедельник вышел на линию первый троллейбус, который едет без участия водителя. Он "
        "связывает речной вокзал с университетом и проходит маршрут длиной семь километров за двадцать две минуты.",
        "Пока в салоне постоянно находится инженер, который может остановить машину в любую секунду. Испытания "
        "продлятся до середины октября, после чего комиссия решит, можно ли перевозить пассажиров без него.",
        "«Машина видит дорогу лучше человека, но пока мы всё равно держим руку на кнопке», — сказал инженер Павел "
        "Кротов, который два года руководил разработкой системы управления на местном заводе.",
        "По словам городских властей, проект обошёлся в сто сорок миллионов рублей. Больше половины этой суммы "
        "выделил областной бюджет, остальное вложили завод и университет.",
        "Первые пассажиры отнеслись к новинке по-разному. Пенсионерка Вера Степанова рассказала, что троллейбус "
        "тормозит мягче обычного, а студент Олег Дымов пожаловался, что тот слишком долго стоит на перекрёстках.",
        "Профсоюз водителей опасается сокращений. Его председатель напомнил, что в депо и без того не хватает сорока "
        "человек, и предложил сначала поднять зарплаты тем, кто уже работает на линии.",
        "В мэрии ответили, что увольнять никого не собираются. Водителей, чьи маршруты станут беспилотными, обещают "
        "переучить на диспетчеров, которые будут следить сразу за несколькими машинами.",
        "Если испытания пройдут успешно, к следующей весне на линию выйдут ещё шесть таких троллейбусов. Контактную "
        "сеть на улице Мостовой для этого придётся заменить, и движение там перекроют на два месяца.",
    ),
    ("Главная", "Политика", "Экономика", "Спорт", "Культура", "Город", "Погода", "Вакансии"),
    "Читайте также",
    (
        ("Мост через Заречку закроют на ремонт", "Объезд займёт до получаса"),
        ("В парке посадили триста лип", "Саженцы привезли из соседней области"),
        ("Библиотека продлила часы работы", "Теперь читальный зал открыт до десяти вечера"),
        ("Хоккеисты проиграли третий матч подряд", "Тренер обещает перемены в составе"),
    ),
    ("Подпишитесь на рассылку", "Главные новости города каждое утро в вашем почтовом ящике."),
    "Анна Лугова пишет для «Заречинского вестника» о транспорте и городской среде с 2016 года. Раньше она работала "
    "на областном радио.",
    "Лучше бы дороги сначала отремонтировали, а потом уже роботов по ним пускали, смех да и только.",
    "© «Заречинский вестник». Все права защищены.",
)

CHINESE = Story(
    "zh",
    "临江老茶厂改建社区图书馆年底开放",
    "这座停产十二年的厂房将保留原有的烘茶车间，居民可以在旧机器旁边读书喝茶。",
    "林晓舟",
    "记者 林晓舟",
    "茶厂烘茶车间的旧机器将原地保留",
    "居民怎么看",
    "“机器不搬走，味道就还在。”曾在厂里工作三十年的周桂兰说。",
    (
        "临江市文化部门星期三宣布，位于城东的老茶厂将改建成一座社区图书馆，预计今年年底向公众开放。这座厂房建于上世纪五十年代，十二年前停产后一直闲置。",
        "根据设计方案，图书馆总面积约四千二百平方米，分为阅览区、儿童区和茶文化展区三个部分。原有的烘茶车间会完整保留，读者可以在旧机器旁边看书。",
        "“机器不搬走，味道就还在。”曾在厂里工作三十年的周桂兰说。她今年七十一岁，听说要改建以后，把自己保存的工作证和老照片都捐给了筹备组。",
        "改建工程总投资三千六百万元，其中一半来自市财政，其余由两家本地企业捐助。负责施工的公司表示，屋顶的木结构已经加固完毕，墙体清洗正在进行。",
        "附近居民对这个项目大多表示欢迎，不过也有人担心停车问题。厂区门前的小路只有六米宽，每天早晚高峰都会堵车，救护车曾经因此耽误了十多分钟。",
        "对此，市交通部门回应说，将在厂区西侧新建一个有一百二十个车位的停车场，并把两条公交线路延长到图书馆门口，方便老人和孩子出行。",
        "图书馆首批藏书约八万册，其中三千册与茶叶种植和制作有关，一部分来自老厂的技术资料室。筹备组还在向社会征集和茶厂有关的日记、信件和录音。",
        "设计师陈一鸣介绍，展区里会放一台修复好的揉捻机，每个周末由退休工人现场演示。他说，这样做不是为了怀旧，而是想让年轻人知道一杯茶是怎么来的。",
    ),
    ("首页", "时政", "财经", "体育", "文化", "本地", "天气", "招聘"),
    "相关阅读",
    (
        ("城东公交线路下月调整", "三条线路改走滨江大道"),
        ("中学生发明节水装置获奖", "作品将参加全国比赛"),
        ("老城区路灯全部换新", "每年可省电四成"),
        ("周末有雨气温下降", "出行请带好雨具"),
    ),
    ("订阅早报", "每天早上六点，把临江最重要的新闻发到您的邮箱。"),
    "林晓舟，《临江晚报》记者，二〇一五年起报道城市建设和文化新闻，曾在省广播电台工作。",
    "希望别像上次那个公园一样，说好年底开放，结果拖了整整三年都没有消息，大家都等得没脾气了。",
    "临江晚报社版权所有，未经授权不得转载。",
)

ARABIC = Story(
    "ar",
    "بلدية رأس الزيتون تعيد افتتاح السوق القديم بعد ترميم استمر ثلاث سنوات",
    "عاد نحو مئة وعشرين تاجرا إلى محالهم، فيما يشكو آخرون من ارتفاع الإيجارات.",
    "سلمى الحداد",
    "بقلم سلمى الحداد",
    "المدخل الشرقي للسوق القديم بعد انتهاء أعمال الترميم",
    "ماذا بعد",
    "«عدت إلى الدكان الذي ولدت فوقه»، قال بائع التوابل كريم الناصر.",
    (
        "أعادت بلدية رأس الزيتون يوم الأحد افتتاح السوق القديم في وسط المدينة، بعد أعمال ترميم استمرت ثلاث سنوات "
        "وشملت الأسقف الخشبية والواجهات الحجرية وشبكات الماء والكهرباء.",
        "وقال رئيس البلدية في كلمة أمام التجار والسكان إن المشروع كلف نحو تسعة ملايين دينار، جاء ثلثها من صندوق خاص "
        "بالمدن التاريخية والباقي من موازنة البلدية ومن تبرعات الأهالي.",
        "«عدت إلى الدكان الذي ولدت فوقه»، قال بائع التوابل كريم الناصر، الذي ورث المحل عن جده قبل أربعين عاما. وأضاف "
        "أن رائحة المكان لم تتغير رغم أن كل شيء حوله أصبح جديدا.",
        "وعاد إلى السوق حتى الآن نحو مئة وعشرين تاجرا من أصل مئتين كانوا يعملون فيه قبل الإغلاق. ويقول الباقون إن "
        "الإيجارات الجديدة، التي ارتفعت بمقدار الربع، لا تناسب تجارتهم الصغيرة.",
        "وردت البلدية بأن الزيادة ستطبق تدريجيا على مدى خمس سنوات، وأن الحرفيين الذين يعملون بأيديهم سيدفعون نصف "
        "الإيجار فقط، بشرط أن يدربوا شابا واحدا على الأقل من أبناء المدينة.",
        "وكان السوق قد أغلق بعد انهيار جزء من سقفه في شتاء ماطر، من دون أن يصاب أحد. وكشفت الدراسات التي أجريت بعد "
        "ذلك أن الجذوع التي تحمل السقف لم تستبدل منذ أكثر من مئة عام.",
        "واستعان المهندسون بنجارين من القرى المجاورة يعرفون الطريقة القديمة في تعشيق الخشب من دون مسامير. وقالت "
        "المهندسة المشرفة إن العثور على الخشب المناسب استغرق وقتا أطول من العمل نفسه.",
        "ومن المقرر أن تبدأ في الربيع المقبل المرحلة الثانية التي تشمل الخان المجاور، حيث سيقام متحف صغير لتاريخ "
        "التجارة في المدينة وقاعة للحرف تستقبل طلاب المدارس مرتين في الأسبوع.",
    ),
    ("الرئيسية", "سياسة", "اقتصاد", "رياضة", "ثقافة", "محليات", "الطقس", "وظائف"),
    "اقرأ أيضا",
    (
        ("إغلاق جسر الميناء للصيانة", "يستمر الإغلاق أسبوعين"),
        ("موسم الزيتون يبدأ مبكرا", "المزارعون يتوقعون محصولا جيدا"),
        ("مكتبة متنقلة تزور القرى", "ثلاث زيارات كل شهر"),
        ("فوز جديد لفريق المدينة", "المدرب يشيد باللاعبين الشباب"),
    ),
    ("اشترك في النشرة اليومية", "أهم أخبار المدينة في بريدك كل صباح عند الساعة السادسة."),
    "سلمى الحداد صحفية تكتب في جريدة المرفأ عن المدينة والتراث منذ عام ٢٠١٥، وعملت قبل ذلك في الإذاعة المحلية.",
    "كنت أتمنى أن يهتموا بالشوارع المحيطة أولا، فالوصول إلى السوق بالسيارة أصبح مستحيلا كل يوم جمعة.",
    "جميع الحقوق محفوظة لجريدة المرفأ",
)

THAI = Story(
    "th",
    "ชาวเกาะลำพูทดลองเรือโดยสารไฟฟ้าลำแรกของจังหวัด",
    "เรือวิ่งได้วันละแปดเที่ยวและเงียบกว่าเดิม แต่ค่าโดยสารยังเป็นเรื่องที่ต้องตกลงกัน",
    "มาลี สุขใจ",
    "โดย มาลี สุขใจ",
    "เรือไฟฟ้าลำใหม่จอดชาร์จที่ท่าเรือบ้านหาดทราย",
    "ก้าวต่อไป",
    "“ลูกค้าคุยกันรู้เรื่องแล้ว ไม่ต้องตะโกนแข่งกับเครื่องยนต์” ลุงสมพงษ์กล่าว",
    (
        "ชาวบ้านบนเกาะลำพูเริ่มทดลองใช้เรือโดยสารไฟฟ้าลำแรกของจังหวัดเมื่อวันจันทร์ที่ผ่านมา "
        "เรือลำนี้รับผู้โดยสารได้หกสิบคน และใช้เวลาข้ามฟากประมาณยี่สิบนาที ใกล้เคียงกับเรือดีเซลที่ใช้กันมานานกว่าสามสิบปี",
        "องค์การบริหารส่วนตำบลลงทุนร่วมกับสหกรณ์ประมงเป็นเงินสิบแปดล้านบาท ครึ่งหนึ่งเป็นค่าแบตเตอรี่และสถานีชาร์จ "
        "ที่สร้างขึ้นใหม่บริเวณท่าเรือบ้านหาดทราย ส่วนตัวเรือต่อโดยช่างในพื้นที่ทั้งหมด",
        "“ลูกค้าคุยกันรู้เรื่องแล้ว ไม่ต้องตะโกนแข่งกับเครื่องยนต์” ลุงสมพงษ์กล่าว "
        "เขาขับเรือข้ามฟากมาตั้งแต่อายุสิบเก้า และเป็นหนึ่งในคนขับสี่คนที่ผ่านการอบรมการใช้ระบบไฟฟ้าเมื่อเดือนที่แล้ว",
        "เรือลำใหม่วิ่งได้วันละแปดเที่ยวต่อการชาร์จหนึ่งครั้ง หากลมแรงหรือคลื่นสูงจะวิ่งได้น้อยลงเหลือประมาณหกเที่ยว "
        "ทางสหกรณ์จึงยังเก็บเรือดีเซลไว้หนึ่งลำเพื่อใช้ในยามฉุกเฉินและในฤดูมรสุม",
        "เรื่องที่ยังตกลงกันไม่ได้คือค่าโดยสาร ปัจจุบันคนบนเกาะจ่ายเที่ยวละยี่สิบบาท ส่วนนักท่องเที่ยวจ่ายสี่สิบบาท "
        "สหกรณ์เสนอให้ขึ้นอีกห้าบาทเพื่อเก็บเงินไว้เปลี่ยนแบตเตอรี่ในอีกสิบปีข้างหน้า",
        "ครูใหญ่ของโรงเรียนบนเกาะกล่าวว่าเด็กมัธยมกว่าร้อยคนต้องข้ามฟากไปเรียนทุกวัน "
        "ถ้าค่าเรือแพงขึ้นครอบครัวชาวประมง ที่มีลูกหลายคนจะเดือดร้อน เธอขอให้ทางตำบลช่วยจ่ายส่วนต่างให้กับนักเรียน",
        "นักวิจัยจากมหาวิทยาลัยกำลังติดตามคุณภาพน้ำและเสียงใต้น้ำรอบเกาะ เพราะบริเวณนี้มีพะยูนเข้ามากินหญ้าทะเลทุกปี "
        "ผลเบื้องต้นพบว่าเสียงใต้น้ำลดลงอย่างเห็นได้ชัดในช่วงที่เรือไฟฟ้าวิ่งแทนเรือเดิม",
        "หากการทดลองหกเดือนได้ผลดี สหกรณ์จะต่อเรือเพิ่มอีกสองลำภายในปีหน้า และจะติดตั้งแผงโซลาร์เซลล์บนหลังคาท่าเรือ "
        "เพื่อให้ใช้ไฟฟ้าจากแสงอาทิตย์อย่างน้อยหนึ่งในสามของทั้งหมด",
    ),
    ("หน้าแรก", "การเมือง", "เศรษฐกิจ", "กีฬา", "วัฒนธรรม", "ท้องถิ่น", "อากาศ", "สมัครงาน"),
    "ข่าวที่เกี่ยวข้อง",
    (
        ("ปิดถนนเลียบหาดซ่อมสองสัปดาห์", "ให้ใช้เส้นทางเลี่ยงด้านหลังตลาด"),
        ("โรงเรียนเปิดสวนผักหลังห้องเรียน", "นักเรียนปลูกเองขายเอง"),
        ("ตลาดปลาย้ายที่ใหม่เดือนหน้า", "แม่ค้ากว่าร้อยรายเตรียมตัว"),
        ("ทีมเรือพายคว้าแชมป์จังหวัด", "ซ้อมกันทุกเย็นตลอดทั้งปี"),
    ),
    ("สมัครรับจดหมายข่าว", "รับข่าวสำคัญของจังหวัดทางอีเมลทุกเช้าเวลาหกนาฬิกา"),
    "มาลี สุขใจ เป็นผู้สื่อข่าวของข่าวเกาะลำพู ทำข่าวท้องถิ่นและสิ่งแวดล้อมมาตั้งแต่ปี 2558 ก่อนหน้านั้นทำงานวิทยุชุมชน",
    "อยากให้ซ่อมท่าเรือฝั่งโน้นก่อน ฝนตกทีไรลื่นล้มกันทุกคน ไม่เห็นมีใครมาดูแลเลยสักครั้ง",
    "สงวนลิขสิทธิ์ ข่าวเกาะลำพู",
)

STORIES = (ENGLISH, GERMAN, RUSSIAN, CHINESE, ARABIC, THAI)

# Another article of the same site: headline and text.
NEXT = {
    "en": (
        "Ferry to Kelm cancelled again as crews fall ill",
        (
            "Passengers between Ostrel and Kelm will have to take the bus for the rest of the week, after the ferry "
            "operator cancelled all sailings but one because too many of its deckhands are in bed with flu.",
            "The company said on Thursday that eleven of its twenty-six crew members had called in sick, and that it "
            "could not hire replacements with the licence required for the strait at such short notice.",
            "Shopkeepers on the island of Lunde, which has no bridge, said they had been told that bread and milk "
            "would come with the remaining boat, but that parcels would have to wait until Monday at the earliest.",
            "It is the third time this winter that the line has been interrupted. The county is considering whether "
            "to put the contract out to tender again before it ends in three years.",
        ),
    ),
    "ru": (
        "Мост через Заречку закроют на ремонт",
        (
            "Старый мост через Заречку закроют для автомобилей с пятнадцатого апреля. Рабочим предстоит заменить "
            "деформационные швы и часть опор, которые не ремонтировали с конца семидесятых годов.",
            "Пешеходам оставят узкий проход с верхней стороны. Автобусы пойдут в объезд через посёлок Кирпичный, и "
            "дорога до вокзала, по расчётам перевозчика, станет дольше примерно на полчаса.",
            "Подрядчик обещает закончить работы к началу учебного года. За каждый день просрочки по договору он "
            "заплатит городу двести тысяч рублей.",
        ),
    ),
    "zh": (
        "城东公交线路下月调整",
        (
            "市公交公司昨天公布了城东地区的线路调整方案，从下月一日起，三条线路改走滨江大道，不再经过正在施工的东风路，沿途新增五个站点。",
            "调整以后，从火车站到大学城的时间预计缩短十分钟左右，不过住在东风路两侧的居民需要多走三百米才能坐上车，一些老人对此提出了意见。",
            "公交公司表示，东风路施工预计持续十四个月，完工以后会根据客流情况恢复其中一条线路，并增加两辆适合轮椅上下的低地板车。",
        ),
    ),
}
