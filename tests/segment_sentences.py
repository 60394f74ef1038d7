"""Descriptions of contacts in three languages, and beside each what plain SQL says of it.

The SQL was written by hand from docs/segments.md, without Rabta's own. It finds the numbers of
contacts of one workspace (``:space``); ``:d60`` is the day 60 days before today, ``:m60`` when it
begins.
"""

# ruff: noqa: E501, S608 - all words are our own, and a case is easier to read in a line

from __future__ import annotations

from dataclasses import dataclass

CALLED_OFF = "'cancelled', 'Returned'"
COLUMNS = "contact, what, id, minor"


def _whose(table: str, such: str) -> str:
    """Events of a table, one row for each contact that each belongs to."""
    minor = "0" if table == "activity" else "COALESCE(e.amount_minor, 0)"
    row = f"'{table}' AS what, e.id AS id, {minor} AS minor"
    of = f'FROM "{table}" e'
    here = f"e.workspace_id = :space AND {such}"
    return f"""
        SELECT e.contact_id AS contact, {row} {of} WHERE {here} AND e.contact_id IS NOT NULL
        UNION SELECT c.id, {row} {of} JOIN contact c
            ON c.workspace_id = :space AND c.company_id = e.company_id WHERE {here}
        UNION SELECT c.id, {row} {of}
            JOIN contact p ON p.workspace_id = :space AND p.id = e.contact_id
            JOIN contact c ON c.workspace_id = :space AND c.company_id = p.company_id
            WHERE {here} AND e.company_id IS NULL"""


def bought(order: str = "1 = 1", deal: str = "1 = 1") -> str:
    """Purchases: orders that were not called off, won deals that no order stands for."""
    such = f"""(e.status IS NULL OR e.status NOT IN ({CALLED_OFF}))
        AND (e.amount_minor IS NULL OR e.amount_minor >= 0) AND {order}"""
    won = f"""e.status = 'won' AND NOT EXISTS (SELECT 1 FROM "order" s
        WHERE s.workspace_id = :space AND s.deal_id = e.id) AND {deal}"""
    return f"{_whose('order', such)} UNION {_whose('deal', won)}"


def since(days: int) -> tuple[str, str]:
    return f"e.on_day >= :d{days}", f"e.closed_at >= :m{days}"


def done(such: str = "1 = 1") -> str:
    return _whose("activity", such)


def dealt(such: str) -> str:
    return _whose("deal", such)


def holds(column: str, name: str) -> tuple[str, str]:
    """Orders, and deals, with such a product."""
    lines = f"""(SELECT l.{{0}} FROM line_item l JOIN product g ON g.workspace_id = :space
        AND g.id = l.product_id WHERE l.workspace_id = :space AND l.{{0}} IS NOT NULL
        AND g.{column} = '{name}')"""
    return f"e.id IN {lines.format('order_id')}", f"e.id IN {lines.format('deal_id')}"


def any_of(events: str) -> str:
    return f"c.id IN (SELECT contact FROM ({events}) t)"


def none_of(events: str) -> str:
    """By EXCEPT: of NOT IN PostgreSQL looks through the whole list for each row, once it is long."""
    everybody = "SELECT id FROM contact WHERE workspace_id = :space"
    return f"c.id IN ({everybody} EXCEPT SELECT contact FROM ({events}) t)"


def having(events: str, such: str) -> str:
    return f"c.id IN (SELECT contact FROM ({events}) t GROUP BY contact HAVING {such})"


def helped(such: str) -> str:
    return _whose("ticket", such).replace("e.amount_minor", "0")


def to_do() -> str:
    return _whose("task", "e.status = 'open'").replace("e.amount_minor", "0")


UNSETTLED = "status <> 'resolved'"

_OPEN_TASK = (
    "NOT EXISTS (SELECT 1 FROM task k WHERE k.workspace_id = :space AND k.status = 'open' AND"
)
UNTOLD = f"""e.status = 'open' AND {_OPEN_TASK} k.deal_id = e.id)
    AND {_OPEN_TASK} k.deal_id IS NULL AND k.contact_id = e.contact_id)
    AND {_OPEN_TASK} k.deal_id IS NULL AND k.company_id = e.company_id
        AND (k.contact_id IS NULL OR e.contact_id IS NULL))"""
"""Of a deal that has no next step."""


def city(*keys: str) -> str:
    """By its sound, theirs or else their company's."""
    said = ", ".join(f"'{key}'" for key in keys)
    return f"""((c.city_key IS NOT NULL AND c.city_key IN ({said}))
        OR (c.city_key IS NULL AND c.company_id IS NOT NULL AND c.company_id IN (
        SELECT f.id FROM company f WHERE f.workspace_id = :space AND f.city_key IN ({said}))))"""


def tag(name: str) -> str:
    return f"""c.id IN (SELECT contact_id FROM contact_tag WHERE workspace_id = :space
        AND tag = '{name}')"""


def point(kind: str) -> str:
    return f"""EXISTS (SELECT 1 FROM contact_point k WHERE k.workspace_id = :space
        AND k.contact_id = c.id AND k.kind = '{kind}')"""


def silent(days: int) -> str:
    """No activity and no purchase for so long; of whom there never was one, since they came."""
    day, moment = f":d{days}", f":m{days - 1}"
    lately = f"{done(f'e.on_day > {day}')} UNION {bought(f'e.on_day > {day}', f'e.closed_at >= {moment}')}"
    ever = f"{done()} UNION {bought()}"
    return f"{none_of(lately)} AND (c.created_at < {moment} OR {any_of(ever)})"


def said(channel: str, granted: str) -> str:
    """Whose last word on a channel is yes (true), or no."""
    return f"""EXISTS (SELECT 1 FROM consent k WHERE k.workspace_id = :space
        AND k.contact_id = c.id AND k.channel LIKE '{channel}' AND k.granted = {granted}
        AND k.id = (SELECT l.id FROM consent l WHERE l.workspace_id = :space
            AND l.contact_id = c.id AND l.channel = k.channel
            ORDER BY l.at DESC, l.id DESC LIMIT 1))"""


def lead(such: str) -> str:
    return f"""c.id IN (SELECT s.contact_id FROM lead_score s WHERE s.workspace_id = :space
        AND s.score IS NOT NULL AND {such})"""


def outlook(such: str) -> str:
    return f"""((c.company_id IS NOT NULL AND c.company_id IN (SELECT o.company_id FROM outlook o
        WHERE o.workspace_id = :space AND o.company_id <> 0 AND {such}))
        OR (c.company_id IS NULL AND c.id IN (SELECT o.contact_id FROM outlook o
        WHERE o.workspace_id = :space AND o.contact_id <> 0 AND {such})))"""


def field(name: str, such: str) -> str:
    """A value in a field, the contact's or its company's."""
    here = f"""v.workspace_id = :space AND v.field_id = (SELECT id FROM custom_field
        WHERE workspace_id = :space AND name = '{name}') AND {such}"""
    return f"""(c.id IN (SELECT v.contact_id FROM custom_value v WHERE {here}
        AND v.contact_id IS NOT NULL) OR c.company_id IN (SELECT v.company_id FROM custom_value v
        WHERE {here} AND v.company_id IS NOT NULL))"""


def owner(name: str) -> str:
    return f"""c.owner_id = (SELECT id FROM member WHERE workspace_id = :space
        AND name = '{name}')"""


CUSTOMER = any_of(bought())
OPEN = dealt("e.status = 'open'")
CALLED = done("e.kind = 'call' AND e.on_day >= :d30")
AT_RISK = outlook("o.state = 'risk'")
LOYAL = outlook("o.orders >= 3 AND o.state NOT IN ('risk', 'lost')")
TEXTILE = field("Industry", "v.value = 'Textile'")
LARGE = bought("e.amount_minor > 6000000", "e.amount_minor > 6000000")
LAHORE, KARACHI, MULTAN = "lhr", "krC", "mltn"


@dataclass(frozen=True)
class Case:
    """``where``: what holds of contact ``c``."""

    where: str
    en: str
    roman: str
    ur: str

    @property
    def sql(self) -> str:
        return f"SELECT c.id FROM contact c WHERE c.workspace_id = :space AND {self.where}"


CASES = (
    Case(f"{CUSTOMER} AND {city(LAHORE)} AND {having(bought(), 'COUNT(*) >= 2')} AND {silent(60)}",
         "customers in Lahore who bought twice and were silent for 60 days",
         "lahore ke woh gahak jinhon ne 2 dafa kharida aur 60 din se khamosh hain",
         "لاہور کے وہ گاہک جنہوں نے دو بار خریدا اور 60 دن سے خاموش ہیں"),
    Case(f"{CUSTOMER} AND {city(LAHORE)} AND {silent(61)}",
         "Lahore customers silent for more than 60 days",
         "lahore ke gahak jo 60 din se zyada se khamosh hain",
         "لاہور کے گاہک جو 60 دن سے زیادہ سے خاموش ہیں"),
    Case(f"{CUSTOMER} AND {city(KARACHI)} AND {having(bought(), 'COUNT(*) >= 3')} AND {tag('vip')}",
         "customers in Karachi who ordered at least 3 times and are tagged vip",
         "karachi ke woh customers jinhon ne 3 dafa kharida aur tag vip hai",
         "کراچی کے وہ کسٹمر جنہوں نے 3 دفعہ خریدا اور ٹیگ vip ہے"),
    Case(f"{city(LAHORE, KARACHI)} AND NOT {point('phone')}",
         "contacts in Lahore or Karachi without a phone number",
         "lahore ya karachi ke log jin ke paas phone nahi",
         "لاہور یا کراچی کے لوگ جن کے پاس فون نہیں"),
    Case(f"NOT {city(LAHORE)} AND {tag('vip')}",
         "people tagged vip who are not in Lahore",
         "vip tag wale log jo lahore mein nahi",
         "vip ٹیگ والے لوگ جو لاہور میں نہیں"),
    Case(f"{tag('vip')} AND {tag('retail')} AND {point('email')}",
         "contacts tagged vip and retail with an email address",
         "woh log jin ka tag vip aur retail hai aur email hai",
         "وہ لوگ جن کا ٹیگ vip اور retail ہے اور ای میل ہے"),
    Case(f"({tag('vip')} OR {tag('retail')}) AND NOT {point('email')}",
         "contacts tagged vip or retail with no email",
         "vip ya retail tag wale log jin ki email nahi",
         "vip یا retail ٹیگ والے لوگ جن کی ای میل نہیں"),
    Case(f"{CUSTOMER} AND {none_of(bought(*since(90)))}",
         "customers who have not bought anything in the last 90 days",
         "jin gahakon ne pichle 90 din mein kuch nahi kharida",
         "وہ گاہک جنہوں نے پچھلے 90 دن میں کچھ نہیں خریدا"),
    Case(f"{CUSTOMER} AND {none_of(bought(*holds('name', 'Denim')))}",
         "customers who never bought Denim",
         "woh gahak jinhon ne kabhi denim nahi kharida",
         "وہ گاہک جنہوں نے کبھی Denim نہیں خریدا"),
    Case(f"{CUSTOMER} AND {any_of(bought(*holds('name', 'Denim')))} AND {none_of(bought(*holds('name', 'Zipper')))}",
         "customers who bought Denim but not Zipper",
         "woh gahak jinhon ne denim kharida magar zipper nahi",
         "وہ گاہک جنہوں نے Denim خریدا مگر Zipper نہیں"),
    Case(f"{CUSTOMER} AND {having(bought(*holds('category', 'Fabric')), 'COUNT(*) >= 2')}",
         "customers who bought Fabric at least 2 times",
         "woh gahak jinhon ne fabric kam az kam 2 dafa kharida",
         "وہ گاہک جنہوں نے Fabric کم از کم 2 بار خریدا"),
    Case(f"{none_of(bought())}",
         "contacts who never bought anything",
         "woh log jinhon ne kabhi kuch nahi kharida",
         "وہ لوگ جنہوں نے کبھی کچھ نہیں خریدا"),
    Case(f"{CUSTOMER} AND {having(bought(), 'SUM(minor) > 10000000')}",
         "customers who spent more than 1 lakh",
         "woh gahak jinhon ne 1 lakh se zyada ka maal kharida",
         "وہ گاہک جنہوں نے 1 لاکھ سے زیادہ کا مال خریدا"),
    Case(f"{CUSTOMER} AND {having(bought(*since(90)), 'SUM(minor) >= 5000000')}",
         "customers who spent at least 50,000 in the last 90 days",
         "woh gahak jinhon ne pichle 90 din mein kam az kam 50000 kharch kiye",
         "وہ گاہک جنہوں نے پچھلے 90 دن میں کم از کم 50000 خرچ کیے"),
    Case(f"{CUSTOMER} AND {city(LAHORE)} AND NOT {having(bought(), 'SUM(minor) >= 10000000')}",
         "Lahore customers who spent less than 100,000",
         "lahore ke gahak jinhon ne 100000 se kam kharch kiya",
         "لاہور کے گاہک جنہوں نے 100000 سے کم خرچ کیا"),
    Case(f"{CUSTOMER} AND {having(bought(), 'COUNT(*) = 1')}",
         "customers who bought only once",
         "woh gahak jinhon ne sirf aik dafa kharida",
         "وہ گاہک جنہوں نے صرف ایک بار خریدا"),
    Case(f"{CUSTOMER} AND {having(bought(), 'COUNT(*) > 2')} AND {point('phone')} AND {point('email')}",
         "customers who bought more than 2 times and have a phone and an email",
         "woh gahak jinhon ne 2 dafa se zyada kharida aur phone aur email hai",
         "وہ گاہک جنہوں نے 2 بار سے زیادہ خریدا اور فون اور ای میل ہے"),
    Case(f"{CUSTOMER} AND {any_of(bought('e.on_day < :d60', 'e.closed_at < :m60'))} AND {none_of(bought('e.on_day >= :d60', 'e.closed_at >= :m60'))}",
         "customers whose last order was more than 60 days ago",
         "woh gahak jin ka aakhri order 60 din se zyada pehle tha",
         "وہ گاہک جن کا آخری آرڈر 60 دن سے زیادہ پہلے تھا"),
    Case(f"{CUSTOMER} AND {any_of(bought(*since(30)))} AND {none_of(bought('e.on_day < :d30', 'e.closed_at < :m30'))}",
         "customers whose first order was in the last 30 days",
         "woh gahak jin ka pehla order pichle 30 din mein tha",
         "وہ گاہک جن کا پہلا آرڈر پچھلے 30 دن میں تھا"),
    Case(f"{CUSTOMER} AND {any_of(helped(f'e.{UNSETTLED}'))}",
         "customers with an open ticket",
         "woh gahak jin ki shikayat khuli hai",
         "وہ گاہک جن کی شکایت کھلی ہے"),
    Case(f"{any_of(helped(f'e.{UNSETTLED} AND COALESCE(e.waiting_since, :now) > e.due_at'))} AND {city(KARACHI)}",
         "contacts in Karachi who have a late ticket",
         "karachi ke log jin ki shikayat late hai",
         "کراچی کے لوگ جن کی شکایت لیٹ ہے"),
    Case(f"{CUSTOMER} AND {none_of(helped('e.created_at >= :m30'))}",
         "customers without a complaint in the last 30 days",
         "woh gahak jin ki pichle 30 din mein koi shikayat nahi",
         "وہ گاہک جن کی پچھلے 30 دن میں کوئی شکایت نہیں"),
    Case(any_of(dealt(UNTOLD)),
         "contacts who have an open deal without a next step",
         "woh log jin ki khuli deal ka koi agla qadam nahi",
         "وہ لوگ جن کی کھلی ڈیل کا کوئی اگلا قدم نہیں"),
    Case(f"{CUSTOMER} AND {none_of(to_do())}",
         "customers without a next step",
         "woh gahak jin ka koi agla qadam nahi",
         "وہ گاہک جن کا کوئی اگلا قدم نہیں"),
    Case(f"{any_of(OPEN)} AND {city(MULTAN)}",
         "contacts in Multan who have an open deal",
         "multan ke log jin ki khuli deal hai",
         "ملتان کے لوگ جن کی کھلی ڈیل ہے"),
    Case(any_of(dealt("e.status = 'open' AND e.amount_minor > 50000000")),
         "contacts who have open deals over 5 lakh",
         "woh log jin ki 5 lakh se zyada ki khuli deals hain",
         "وہ لوگ جن کی 5 لاکھ سے زیادہ کی کھلی ڈیلز ہیں"),
    Case(any_of(dealt("e.status = 'open' AND e.stage = 'proposal'")) + f" AND {point('email')}",
         "contacts in the proposal stage who have an email",
         "woh log jo proposal stage mein hain aur email hai",
         "وہ لوگ جو proposal مرحلے میں ہیں اور ای میل ہے"),
    Case(having(dealt("e.status = 'lost'"), "COUNT(*) >= 2"),
         "contacts who lost at least 2 deals",
         "woh log jin ki kam az kam 2 deals haari hui hain",
         "وہ لوگ جن کی کم از کم 2 ڈیلز ہاری ہوئی ہیں"),
    Case(f"{CUSTOMER} AND {none_of(OPEN)}",
         "customers without open deals",
         "woh gahak jin ki koi khuli deal nahi",
         "وہ گاہک جن کی کوئی کھلی ڈیل نہیں"),
    Case(f"{none_of(CALLED)} AND {city(KARACHI)}",
         "contacts in Karachi not called in the last 30 days",
         "karachi ke log jin ko pichle 30 din mein call nahi ki",
         "کراچی کے لوگ جن کو پچھلے 30 دن میں کال نہیں کی"),
    Case(any_of(done("e.kind = 'meeting' AND e.on_day >= :d60")),
         "people whom we met in the last 60 days",
         "woh log jin se pichle 60 din mein mulaqat hui",
         "وہ لوگ جن سے پچھلے 60 دن میں ملاقات ہوئی"),
    Case(f"{CUSTOMER} AND {none_of(done())}",
         "customers who were never contacted",
         "woh gahak jin se kabhi rabta nahi hua",
         "وہ گاہک جن سے کبھی رابطہ نہیں ہوا"),
    Case(f"c.created_at >= :m60 AND NOT {point('email')}",
         "contacts added in the last 60 days who have no email",
         "woh log jo pichle 60 din mein shamil hue aur email nahi",
         "وہ لوگ جو پچھلے 60 دن میں شامل ہوئے اور ای میل نہیں"),
    Case(f"{CUSTOMER} AND {AT_RISK} AND {tag('vip')}",
         "vip customers who are at risk",
         "vip gahak jo khatre mein hain",
         "vip گاہک جو خطرے میں ہیں"),
    Case(f"{CUSTOMER} AND NOT {AT_RISK} AND {city(LAHORE)}",
         "customers in Lahore who are not at risk",
         "lahore ke gahak jo khatre mein nahi",
         "لاہور کے گاہک جو خطرے میں نہیں"),
    Case(f"{CUSTOMER} AND {outlook('o.p_buy < 0.3')}",
         "customers with a chance of an order under 30%",
         "woh gahak jin ke order ka imkan 30% se kam hai",
         "وہ گاہک جن کے آرڈر کا امکان 30% سے کم ہے"),
    Case(f"{CUSTOMER} AND {outlook('o.value_minor > 30000000')}",
         "customers with a lifetime value above 3 lakh",
         "woh gahak jin ki lifetime value 3 lakh se zyada hai",
         "وہ گاہک جن کی لائف ٹائم ویلیو 3 لاکھ سے زیادہ ہے"),
    Case(f"{CUSTOMER} AND {LOYAL} AND {none_of(bought(*since(30)))}",
         "loyal customers who bought nothing in the last 30 days",
         "wafadar gahak jinhon ne pichle 30 din mein kuch nahi kharida",
         "وفادار گاہک جنہوں نے پچھلے 30 دن میں کچھ نہیں خریدا"),
    Case(f"LOWER(c.title) LIKE '%manager%' AND {city(LAHORE)} AND {any_of(bought())}",
         "managers in Lahore who have bought",
         "lahore ke manager jinhon ne kharida hai",
         "لاہور کے manager جنہوں نے خریدا ہے"),
    Case(f"{CUSTOMER} AND {owner('Bilal Ahmed')} AND {silent(30)}",
         "Bilal's customers who were silent for 30 days",
         "bilal ke gahak jo 30 din se khamosh hain",
         "بلال کے گاہک جو 30 دن سے خاموش ہیں"),
    Case(f"{CUSTOMER} AND {TEXTILE} AND {having(bought(), 'COUNT(*) >= 2')}",
         "customers in the textile industry who bought twice",
         "textile industry ke gahak jinhon ne do dafa kharida",
         "textile صنعت کے گاہک جنہوں نے دو بار خریدا"),
    Case(f"({city(LAHORE)} OR {having(bought(), 'COUNT(*) >= 3')}) AND {point('phone')}",
         "contacts who are in Lahore or bought 3 times, who have a phone",
         "woh log jo lahore mein hain ya 3 dafa kharida, jin ke paas phone hai",
         "وہ لوگ جو لاہور میں ہیں یا 3 بار خریدا، جن کے پاس فون ہے"),
    Case(f"{city(LAHORE)} AND ({having(bought(), 'COUNT(*) >= 2')} OR {any_of(OPEN)})",
         "contacts in Lahore who bought twice or have an open deal",
         "lahore ke log jinhon ne 2 dafa kharida ya khuli deal hai",
         "لاہور کے لوگ جنہوں نے 2 بار خریدا یا کھلی ڈیل ہے"),
    Case(f"{CUSTOMER} AND {having(bought(), 'COUNT(*) >= 2')} AND NOT {having(bought(), 'COUNT(*) >= 5')}",
         "customers with between 2 and 4 orders",
         "woh gahak jin ke 2 se 4 ke darmiyan orders hain",
         "وہ گاہک جن کے 2 سے 4 کے درمیان آرڈر ہیں"),
    Case(f"{CUSTOMER} AND {none_of(bought('e.on_day >= :d60', 'e.closed_at >= :m60'))} AND {any_of(done('e.on_day >= :d60'))}",
         "customers who did not buy in the last 60 days although contacted in the last 60 days",
         "woh gahak jinhon ne pichle 60 din mein nahi kharida magar pichle 60 din mein rabta hua",
         "وہ گاہک جنہوں نے پچھلے 60 دن میں نہیں خریدا مگر پچھلے 60 دن میں رابطہ ہوا"),
    Case(f"{any_of(LARGE)}",
         "contacts who have orders over 60,000",
         "woh log jin ke 60000 se zyada ke orders hain",
         "وہ لوگ جن کے 60000 سے زیادہ کے آرڈرز ہیں"),
    Case(f"c.company_id IS NULL AND {point('phone')} AND NOT {tag('left')}",
         "contacts without a company who have a phone and are not tagged left",
         "baghair company ke log jin ka phone hai aur tag left nahi",
         "وہ لوگ جن کی کمپنی نہیں اور فون ہے اور ٹیگ left نہیں"),
    Case(f"{CUSTOMER} AND {said('email', 'true')}",
         "customers who agreed to e-mails",
         "woh gahak jinhon ne email ki ijazat di",
         "وہ گاہک جنہوں نے ای میل کی اجازت دی ہے"),
    Case(f"{said('whatsapp', 'true')} AND {city(LAHORE)}",
         "people in Lahore who opted in to WhatsApp",
         "lahore ke woh log jo whatsapp par raazi hain",
         "لاہور کے وہ لوگ جو واٹس ایپ پر راضی ہیں"),
    Case(f"({said('email', 'true')} OR {said('sms', 'true')})",
         "contacts who consented to email or sms",
         "woh log jinhon ne email ya sms ki ijazat di hai",
         "وہ لوگ جنہوں نے ای میل یا ایس ایم ایس کی اجازت دی ہے"),
    Case(f"NOT {said('%', 'true')}",
         "people without consent",
         "woh log jinhon ne ijazat nahi di",
         "وہ لوگ جنہوں نے اجازت نہیں دی"),
    Case(f"{said('email', 'false')}",
         "contacts who unsubscribed from emails",
         "woh log jinhon ne email se mana kar diya",
         "وہ لوگ جنہوں نے ای میل سے منع کر دیا"),
    Case(f"{CUSTOMER} AND c.language = 'ur'",
         "Urdu speaking customers",
         "urdu bolne wale gahak",
         "اردو بولنے والے گاہک"),
    Case(f"c.language = 'en' AND {said('email', 'true')} AND {silent(60)}",
         "people who speak English, agreed to mail and were silent for 60 days",
         "woh log jo english bolte hain, email par raazi hain aur 60 din se khamosh hain",
         "وہ لوگ جو انگریزی بولتے ہیں، ای میل پر راضی ہیں اور 60 دن سے خاموش ہیں"),
    Case(f"{lead('s.score > 70')}",
         "leads with a score over 70",
         "leads jin ka score 70 se zyada hai",
         "لیڈز جن کا سکور 70 سے زیادہ ہے"),
    Case(f"{lead('s.score >= 60')} AND {city(KARACHI)}",
         "Karachi leads scoring at least 60",
         "karachi ki leads jin ka score kam az kam 60 hai",
         "کراچی کی لیڈز جن کا سکور کم از کم 60 ہے"),
)  # fmt: skip
"""Forty and more, each with its equals in Roman Urdu and Urdu."""
