"""Words by which walls, error pages and parked domains give themselves away, in the main languages: the gate's data."""

from __future__ import annotations

import re


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE)


# Looked for in titles and headings only.
NOT_FOUND = _any(
    r"^\W*(?:error\s*)?4(?:04|10)\b(?!\s*(?:days|years|people|million|billion|km|miles))",
    r"\b(?:error|fehler|erreur|errore|erro|fout|fel|feil|ошибка|błąd|chyba|hata)\s*:?\s*4(?:04|10)\b",
    r"\b4(?:04|10)\s+(?:error|not found|gone|page|fehler|seite|erreur|errore|erro)\b",
    r"^\W*(?:page|article|story|content|document|file)?\s*(?:can(?:no|')t be|could not be|was not|not) found\b",
    r"^\W*(?:sorry|oops|uh[- ]oh)\W.{0,40}(?:page|found|exist|missing|gone)",
    r"\bpage (?:does ?n[o']t|no longer) exists?\b",
    r"^\W*(?:page|article|story) (?:is )?(?:no longer |un)available\b",
    r"\bseite (?:wurde )?(?:leider )?nicht gefunden\b",
    r"^\W*(?:artikel|seite|inhalt) (?:ist )?nicht (?:mehr )?(?:verfügbar|gefunden)",
    r"\bpage (?:introuvable|non trouvée|inexistante)\b",
    r"\bpágina (?:no|não) (?:se ha )?(?:fue )?(?:foi )?encontrada\b",
    r"\bpagina non trovata\b",
    r"\bpagina niet gevonden\b",
    r"\bsid(?:an|en) (?:kunde inte hittas|hittades inte|ble ikke funnet|blev ikke fundet|findes ikke|finnes ikke)\b",
    r"\bsivua ei löyt",
    r"\bnie znaleziono strony\b|\bstrona nie (?:została znaleziona|istnieje)\b",
    r"\bstránka (?:nebyla nalezena|nenalezena|neexistuje)\b",
    r"\bsayfa bulunamadı\b",
    r"страниц[аы] не (?:найдена|существует)",
    r"сторінк[ау] не знайдено",
    r"ページが見つかりません|お探しのページ",
    r"(?:页面|頁面|网页|網頁)(?:不存在|未找到|找不到)|找不到(?:页面|頁面|网页|網頁)",
    r"페이지를 찾을 수 없",
    r"الصفحة (?:المطلوبة |التي تبحث عنها )?غير موجودة|لم يتم العثور على (?:هذه )?الصفحة",
    r"(?:הדף|העמוד) (?:המבוקש )?לא נמצא",
    r"صفحه (?:مورد نظر )?(?:یافت|پیدا) نشد",
    r"\bη σελίδα δεν (?:βρέθηκε|υπάρχει)",
    r"\baz oldal nem található|\bpagina nu a fost găsită|\bstranica nije pronađena",
    r"पृष्ठ नहीं मिला|पेज नहीं मिला",
    r"halaman tidak ditemukan",
    r"không tìm thấy trang",
    r"ไม่พบหน้า",
)
CHALLENGE = _any(
    r"^\W*just a moment",
    r"^\W*attention required",
    r"\bare you (?:a )?(?:human|robot)\b",
    r"\bverify(?:ing)? (?:that )?you(?:'re| are) (?:a |not a )?(?:human|robot|bot)",
    r"\bchecking your browser\b",
    r"^\W*access (?:to this page has been )?denied",
    r"\bsecurity (?:check|verification)\b",
    r"^\W*(?:human )?verification\b",
    r"\bunusual traffic\b",
    r"^\W*pardon our interruption",
    r"^\W*one more step",
    r"\bbot (?:check|detection|protection)\b",
    r"^\W*(?:please )?enable (?:javascript|js) and cookies",
    r"\bddos[- ]?(?:protection|guard)\b",
    r"\bkein roboter\b|\bsicherheitsüberprüfung\b|\bzugriff verweigert\b",
    r"\bpas un robot\b|\bvérification de sécurité\b|\baccès refusé\b",
    r"\bno (?:eres|soy) un robot\b|\bacceso denegado\b",
    r"\bnão é um robô\b|\bacesso negado\b",
    r"\bnon sei un robot\b|\baccesso negato\b",
    r"вы не робот|проверка безопасности|доступ запрещ[её]н",
    r"ロボットでは(?:ありません|ない)|アクセスが(?:拒否|制限)|セキュリティ(?:チェック|の確認)",
    r"验证您是(?:真人|人类)|安全验证|人机验证|訪問被拒|访问被拒|安全驗證",
    r"로봇이 아닙니다|보안 확인|접근이 (?:거부|차단)",
    r"(?:أنك|إنك|أنني) لست روبوت|التحقق من الأمان|تم رفض الوصول",
    r"\brobot olmadığınızı\b|\berişim (?:engellendi|reddedildi)\b",
    r"\bnie jest(?:em|eś) robotem\b|\bodmowa dostępu\b|\bgeen robot\b|\btoegang geweigerd\b",
    r"\bpress (?:&|and) hold to confirm\b|^\W*(?:sorry, )?you have been blocked\b|^\W*request blocked\b",
    r"\benable js and disable any ad blocker\b|^\W*robot check\W*$|\bincapsula incident id\b",
)
CONSENT = _any(
    r"^\W*(?:before you continue|your (?:privacy|data) (?:choices|matters)|we (?:value|care about) your privacy)",
    r"^\W*(?:(?:cookie|privacy|consent) (?:consent|settings|preferences|wall)|manage (?:your )?consent)",
    r"^\W*accept (?:all )?cookies",
    r"^\W*(?:ihre privatsphäre|datenschutz-?einstellungen|(?:einwilligung|zustimmung) erforderlich)",
    r"^\W*(?:bevor (?:sie|du) fortf|mit werbung (?:und cookies )?weiterlesen|cookies zustimmen)",
    r"^\W*(?:avant de continuer|vos choix|(?:gestion|paramètres) (?:des|de) cookies)",
    r"^\W*(?:nous respectons )?votre vie privée",
    r"^\W*(?:antes de continuar|tu privacidad|su privacidad|sua privacidade|configuración de cookies)",
    r"^\W*(?:prima di continuare|la tua privacy|rispettiamo la tua privacy|gestisci (?:il )?consenso)",
    r"^\W*(?:voordat je verdergaat|jouw privacy|cookie-?instellingen|cookiemuur|privacy-?instellingen)",
    r"^\W*(?:innan du fortsätter|før du fortsetter|før du fortsætter|ennen kuin jatkat)",
    r"^\W*(?:zanim przejdziesz|twoja prywatność|szanujemy twoją prywatność)",
    r"^\W*(?:valoramos (?:su|tu) privacidad|valorizamos (?:a )?sua privacidade|nous accordons de l'importance)",
    r"^\W*(?:devam etmeden önce|gizliliğinize (?:değer|önem) veriyoruz|çerez (?:tercihleri|ayarları))",
    r"^\W*(?:мы ценим вашу (?:конфиденциальность|приватность)|ваша конфиденциальность|настройки файлов cookie)",
    r"^\W*(?:プライバシー(?:設定|の尊重)|クッキー(?:の使用|設定|に関する)|cookie\s?の(?:使用|設定)|続行する前に)",
    r"^\W*(?:我们(?:重视|尊重)您的隐私|隐私(?:设置|偏好)|cookie\s?(?:设置|偏好)|我們重視您的隱私|继续之前)",
    r"^\W*(?:쿠키 (?:설정|사용)|개인정보 (?:보호 )?설정|계속하기 전에)",
    r"^\W*(?:نحن نقدر خصوصيتك|خصوصيتك تهمنا|إعدادات ملفات تعريف الارتباط|قبل المتابعة)",
)
# Looked for in the extracted text: the sentence about storage that consent dialogues owe to the common framework.
STORAGE = _any(
    r"\bstore and/or access information on a device\b",
    r"\binformationen auf (?:einem|ihrem) gerät (?:zu )?speichern und/oder",
    r"\bstocker et/ou accéder à des informations (?:stockées )?sur un (?:appareil|terminal)\b",
    r"\balmacenar (?:la )?información en un dispositivo y/o acceder\b",
    r"\barchiviare (?:informazioni su (?:un )?dispositivo )?e/o acced",
    r"\binformatie op een apparaat op(?:slaan| te slaan) en/of\b",
    r"\barmazenar e/ou aceder a informações num dispositivo\b|\barmazenar e/ou acessar informações\b",
    r"\bprzechowyw(?:ać|anie) informacji na urządzeniu\b",
    r"\blagra och/eller få åtkomst till information på en enhet\b",
)
LOGIN = _any(
    r"^\W*(?:log ?in|sign ?in|log on|please (?:log|sign) in|member login|sign up|register)\b[^.]{0,40}$",
    r"^\W*create (?:an |your )?account\b[^.]{0,40}$",
    r"^\W*(?:anmelden|einloggen|anmeldung|login|registrieren)\b[^.]{0,40}$",
    r"^\W*(?:connexion|se connecter|identifiez-vous|connectez-vous)\b[^.]{0,40}$",
    r"^\W*(?:iniciar sesión|inicia sesión|iniciar sessão|entrar|accedi|inloggen|logga in|logg inn)\b[^.]{0,40}$",
    r"^\W*(?:log ind|kirjaudu|zaloguj|přihlášení|giriş yap|войти|вход|увійти)\b[^.]{0,40}$",
    r"^\W*(?:ログイン|サインイン|会員登録|登录|登入|用户登录|로그인|تسجيل الدخول|سجل الدخول|התחברות|เข้าสู่ระบบ)",
    r"^\W*(?:đăng nhập|masuk|ورود|σύνδεση|bejelentkezés|autentificare)\b[^.]{0,40}$",
)
PARKED = _any(
    r"\b(?:this )?domain (?:name )?(?:is|may be|might be) (?:available )?for sale\b",
    r"\bbuy this domain\b",
    r"\bdomain (?:is )?parked\b|\bparked (?:free|domain)\b",
    r"\bdiese domain (?:steht )?(?:zum verkauf|ist zu verkaufen)|\bdomain (?:steht zum verkauf|kaufen)\b",
    r"\bce (?:nom de )?domaine est (?:à vendre|en vente)",
    r"\beste dominio está (?:en|à) (?:venta|venda)",
    r"\bquesto dominio è in vendita\b",
    r"\bdit domein is te koop\b|\bdomein(?:naam)? te koop\b",
    r"\bta domena jest na sprzedaż\b|\bdomena na sprzedaż\b",
    r"домен (?:прода[её]тся|выставлен на продажу)",
    r"このドメインは(?:お名前|販売)|ドメイン.{0,6}販売中",
    r"(?:域名|網域).{0,6}出售",
    r"도메인.{0,8}판매|النطاق (?:معروض )?للبيع|\balan adı satılık",
)
# Looked for in the last paragraphs of a short text.
PAYWALL = _any(
    r"\b(?:subscribe|sign up|log ?in|sign in|register)\b.{0,60}\bto (?:continue|read|keep reading|unlock)",
    r"\b(?:subscribe|sign up|log ?in|sign in|register)\b.{0,60}\b(?:for full access|full (?:story|article))",
    r"\b(?:to continue reading|continue reading with|already a subscriber|subscribers? only|for subscribers)\b",
    r"\bthis (?:article|content|story) is (?:only|exclusively)? ?(?:for|available to) (?:subscribers|members)\b",
    r"\b(?:jetzt (?:abonnieren|weiterlesen|testen)|weiterlesen mit|nur für abonnent|exklusiv für abonnent)",
    r"\b(?:bereits abonnent|mit einem abo|lesen sie weiter mit)",
    r"\b(?:réservé aux abonnés|abonnez-vous|pour lire la suite|déjà abonné)",
    r"\bil vous reste .{1,20} de cet article",
    r"\b(?:suscríbete|solo para suscriptores|contenido exclusivo para suscriptores|para (?:seguir|continuar) leyendo)",
    r"\b(?:exclusivo para assinantes|assine para|conteúdo exclusivo)",
    r"\b(?:abbonati per|riservato agli abbonati|per continuare a leggere)",
    r"\b(?:alleen voor abonnees|verder lezen\?|word abonnee|lees verder met)",
    r"\b(?:för att läsa vidare|bli prenumerant|endast för prenumeranter|vain tilaajille)",
    r"\b(?:for abonnenter|bli abonnent|kun for abonnenter)",
    r"\b(?:dostęp dla subskrybentów|czytaj dalej z subskrypcją|artykuł dostępny tylko)",
    r"только для подписчиков|оформите подписку",
    r"有料会員|会員限定|この記事は有料",
    r"订阅后(?:阅读|继续)|付费阅读|訂閱後|(?:仅限|限)(?:会员|訂戶|订阅用户)",
    r"유료 (?:회원|구독)|구독자 전용",
    r"للمشتركين فقط|اشترك (?:الآن )?(?:لمتابعة|لمواصلة|لقراءة)",
    r"\babonelere özel|\bdevamını okumak için (?:abone|üye)",
)
# Header fields that a bot check alone sends, and what they then say.
CHALLENGE_HEADERS = (
    ("cf-mitigated", ("challenge",)),
    ("x-amzn-waf-action", ("challenge", "captcha")),
    ("x-vercel-mitigated", ("challenge", "deny")),
)
# Header fields of guards that send them with good pages too: they tell only with a page that shows next to nothing.
GUARDS = ("x-datadome", "x-iinfo", "x-kpsdk-ct", "x-sucuri-id")
# Looked for in the source of a page that shows little: the scripts of bot checks and of parking services. Plain
# strings, since a page's source is long and every page is searched.
CHALLENGE_CODE = (
    "/cdn-cgi/challenge-platform/h/",
    "__cf_chl_",
    "cf-browser-verification",
    "_Incapsula_Resource",
    "captcha-delivery.com",
    "px-captcha",
    "awsWafCookieDomainList",
    "sucuri_cloudproxy_js",
    "ddos-guard.net/check",
    "hcaptcha.com/captcha/v1",
    "validate.perfdrive.com",
    "sec-if-cpt-container",
    "errors.edgesuite.net",
    "_pxAppId",
    "ips.js?KP_UIDz",
    "/.well-known/vercel/security/",
)
PARKED_CODE = (
    "sedoparking.com",
    "parkingcrew.net",
    "bodiscdn.com",
    "hugedomains.com/domain_profile",
    "afternic.com/forsale",
    "dan.com/buy-domain",
    "window.park",
    "parklogic.com",
)

# Words of addresses, in the languages that sites write them in; compared with whole steps of the path, PRESS and
# SERVICES also with the words of short steps.
SECTIONS = frozenset((
    "category", "categories", "tag", "tags", "topic", "topics", "archive", "archives", "section", "sections", "search",
    "event", "events", "upcoming", "news", "blog", "blogs", "latest", "page", "author", "authors", "list", "directory",
    "rankings", "awards", "all", "home", "index", "stories", "articles", "magazine", "press", "videos", "kategorie",
    "kategorien", "kategori", "kategoria", "categorie", "categoria", "categorias", "tema", "temas", "thema", "themen",
    "rubrique", "rubriques", "rubrik", "rubriken", "rubrica", "suche", "nachrichten", "actualites", "actualite",
    "noticias", "notizie", "nieuws", "nyheter", "nyheder", "uutiset", "wiadomosci", "aktualnosci", "zpravy", "haberler",
    "novosti", "berita", "tin-tuc", "artikel", "articulos", "artigos", "articoli", "veranstaltungen", "evenements",
    "eventos", "eventi", "evenementen",
))  # fmt: skip
SHOPS = frozenset((
    "product", "products", "shop", "store", "cart", "itm", "item", "items", "dp", "gp", "collection", "collections",
    "product-category", "browse", "catalog", "catalogue", "brand", "brands", "gifts", "deals", "sale", "buy", "produkt",
    "produkte", "produkty", "produit", "produits", "producto", "productos", "produto", "produtos", "prodotto",
    "prodotti", "producten", "produk", "katalog", "boutique", "tienda", "loja", "negozio", "winkel", "sklep", "obchod",
    "kauppa", "butik", "butikk", "urun", "urunler", "tovar", "warenkorb", "panier", "carrito",
))  # fmt: skip
SERVICES = frozenset((
    "service", "services", "solution", "solutions", "pricing", "feature", "features", "consulting", "platform",
    "location", "locations", "program", "programs", "course", "courses", "degree", "degrees", "industry", "industries",
    "customers", "software", "portfolio", "template", "templates", "job", "jobs", "career", "careers", "cases", "about",
    "contact", "leistung", "leistungen", "dienstleistungen", "loesungen", "preise", "standorte", "karriere", "kontakt",
    "tarifs", "emplois", "carrieres", "servicio", "servicios", "soluciones", "precios", "empleos", "servico",
    "servicos", "solucoes", "precos", "servizio", "servizi", "soluzioni", "prezzi", "diensten", "oplossingen",
    "vacatures", "uslugi", "rozwiazania", "cennik", "kariera", "tjenester", "tjanster", "palvelut", "hizmetler",
    "fiyatlar", "layanan",
))  # fmt: skip
# Only what no paper calls a section ("community" and "discussion" are sections).
FORUMS = frozenset(
    ("forum", "forums", "thread", "threads", "viewtopic", "viewforum", "showthread", "bbs", "foro", "foros", "foren")
)
PRESS = frozenset((
    "blog", "blogs", "news", "article", "articles", "story", "stories", "post", "posts", "guide", "guides", "resource",
    "resources", "learn", "learning", "knowledge", "insight", "insights", "magazine", "magazin", "journal", "opinion",
    "recipe", "recipes", "tips", "review", "reviews", "ratgeber", "nachrichten", "artikel", "meldung", "beitrag",
    "actualite", "actualites", "noticia", "noticias", "articulo", "articulos", "artigo", "artigos", "articolo",
    "articoli", "notizia", "notizie", "nieuws", "artykul", "artykuly", "wiadomosci", "nyhet", "nyheter", "nyheder",
    "uutiset", "zpravy", "clanek", "haber", "haberler", "makale", "berita", "novosti", "statya", "stati", "recept",
    "rezepte", "recette", "recettes", "receta", "recetas",
))  # fmt: skip
FORUM_HOST = re.compile(r"(?:^|[.-])(?:forums?|bbs|foren|foro)[.-]")
SHOP_HOST = re.compile(r"(?:^|[.-])(?:shop|store|buy|boutique|tienda|loja)[.-]")
# Pieces of addresses that the links of forums and of papers have.
FORUM_LINKS = (
    "viewtopic", "viewforum", "showthread", "memberlist", "member.php", "action=profile", "/threads/", "/forum",
    "/discussion", "/u/", "/topic/", "/questions/",
)  # fmt: skip
SHARE_LINKS = (
    "facebook.com/sharer", "/intent/", "linkedin.com/share", "pin/create", "wa.me/", "api.whatsapp", "t.me/share",
    "mailto:?", "service.weibo.com/share", "vk.com/share", "line.me/r/", "b.hatena.ne.jp/add", "sharer.php",
)  # fmt: skip
