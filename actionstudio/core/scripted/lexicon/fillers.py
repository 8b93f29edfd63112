"""Words that say nothing of what is wanted, and what small words mean: yes, no, numbers, months; in four languages."""

# ruff: noqa: E501  a line is an entry

STOPS = """
a an the of to for in on at by with and or but is are was were be been am do does did can could would will shall should
may might must you me my i mine we us our it its it's this that these those they them their he she his her him please what whats
which who whom whose how there here have has had having any some if then so as just want wants need needs like let
lets let's up out off from about into over than too also very really right hi hey hello dear ok okay yes no not don't
i'm i'd i'll i've you're that's there's what's who's only one ones thing things sort more much go going got know
think kindly quickly us could've would've again back s t re ve ll d m don doesn isn aren take use using per via once
last next quick bit lot way while anything something everything nothing anyone anybody nobody left still euro euros dollar dollars eur usd
le la les l un une des du de d au aux et ou mais est sont etait etre ete suis es sommes ai as a avons avez ont avoir
je j tu il elle on nous vous ils elles me m te t se s ce c cet cette ces mon ma mes ton ta tes son sa ses notre nos
votre vos leur leurs que qu quoi quel quelle quels quelles qui dont ou comment pour par sur sous dans en avec sans
chez vers entre si y ne n pas plus peux peut peuvent pouvez pourrais pourriez voudrais veux veut voulez aimerais faut
faire fais fait faites svp stp plait sil merci bonjour salut ca cela ici la-bas donc alors puis aussi tres bien
existe existent exister exist exists existing besoin dois doit aller va vais vas vont moi toi lui eux quelque quelques jusqu lorsqu aujourd hui
"""
CJK_STOPS = """
的 了 吗 呢 吧 啊 呀 请 帮 我 你 您 他 她 它 们 是 在 有 和 与 及 或 把 被 给 对 为 从 到 也 都 就 还 要 想 能 会 可以 可 这 那 哪
什么 怎么样 怎么 怎样 如何 为什么 谁 一下 一个 个 些 一些 这个 那个 这些 那些 哪些 哪个 现在 需要 想要 帮我 请问 麻烦 您好 你好 谢谢
上 下 里 中 内 用 让 去 来 做 所 其 之 并 且 以 于 如果 因 但 而 里面 关于 有关 想知道 知道 么 嘛 位 名 条 只 本 份 再 又 很 太 吧 能否
是否 存在 有没有 没有 没 不 别 多 少 我们 你们 他们 我的 你的 您的 他的 她的 元 块
"""
KO_ENDS = """
은 는 이 가 을 를 의 에 에서 에게 한테 께 으로 로 와 과 랑 이랑 도 만 까지 부터 처럼 보다 이나 나 이라도 라도 마다 조차 밖에 이야 야 요 이요
줘 주세요 주십시오 줄래 주실 줄 줘요 해 해줘 해주세요 해줘요 하고 하는 하다 한 할 하기 합니다 해요 했어 하면 하세요 하려고 하고싶어 싶어 싶어요
인 인가 인가요 인지 이에요 예요 입니다 이다 니 니까 어 아 어요 아요 었어 았어 겠어 습니다 ㅂ니다 네 군 구나 지 지요 죠 는지 은지 을지 들 들을 들이
들의 들은 들도 라고 이라고 라는 이라는 님 씨 좀 때 것 거 게 걸 건 수 번 번째 개 명 건을 개를 에는 에선 에서는 으로는 로는 와는 에도 에서의 어줘 어주세요 아줘 아주세요
여줘 여주세요 려줘 려주세요 줘라 다오 어야 된 되는 되나 되나요 될까 될까요 할까요 할까 있어 있나요 있는지 있는 있습니까 없어 습니까 나요 가요
"""
KO_STOPS = """
그 이 저 제 내 나 너 우리 당신 그것 이것 저것 무엇 무슨 뭐 뭐가 뭐야 어떤 어떻게 어디 왜 누구 누가 좀 제발 부탁 부탁해 부탁해요 부탁합니다 안녕 안녕하세요 감사 고마워
있어 있나요 있는 있습니까 있니 없어 하고 그리고 또는 또 및 혹은 그럼 그런데 지금 현재 싶어 싶어요 원해 원해요 필요 필요해 해줘 해주세요 해 주세요 줘 줄래 하나 것 거 수 때 좀 더 다시
어때 어때요 어떄 어떤가요 인가요 뭔가요 뭔지 알고 되나요 대해 대해서 관해 관련 관한 대한
"""
YES = "yes y yep yeah sure ok okay right correct do_it go_ahead please_do | oui ouais d'accord vas-y | 是 是的 好 好的 对 可以 行 确认 | 네 예 응 그래 좋아 맞아"
NO = "no n nope cancel never_mind nevermind forget_it stop don't not_now | non annule laisse oublie tant_pis | 不 不要 不用 不用了 算了 取消 别 | 아니 아니요 아니오 됐어 취소 그만"
NEGATION = "no not don't without never dont doesn't | ne pas sans aucun jamais non | 不 不要 别 不用 无需 不必 没 勿 | 안 말고 없이 않 마세요 말아 지_마"
ANY = "any anything whatever example you_choose doesn't_matter default | importe peu_importe n'importe exemple au_choix comme_tu_veux | 随便 任意 都行 都可以 随意 示例 例子 | 아무거나 아무 상관없어 예시 알아서"
GREETING = "hi hello hey good_morning good_evening | bonjour salut bonsoir coucou | 你好 您好 嗨 早上好 晚上好 | 안녕 안녕하세요 반가워"
THANKS = "thanks thank_you thank cheers | merci | 谢谢 多谢 感谢 | 고마워 고맙 감사"
HELP = "help what_can_you_do can_you_do abilities capabilities | aide que_peux_tu que_sais_tu_faire | 帮助 你能做什么 你会什么 能做什么 | 도움말 뭘_할_수 무엇을_할_수 할 수 있는"
NUMBERS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "dozen": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "fifty": 50,
    "hundred": 100, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9, "dix": 10,
    "onze": 11, "douze": 12, "douzaine": 12, "quinze": 15, "vingt": 20, "trente": 30, "cinquante": 50, "cent": 100,
}  # fmt: skip
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "premier": 1, "premiere": 1, "deuxieme": 2, "seconde": 2, "troisieme": 3, "quatrieme": 4,
    "cinquieme": 5, "sixieme": 6, "septieme": 7, "huitieme": 8, "neuvieme": 9, "dixieme": 10,
    "첫": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10,
    "last": -1, "dernier": -1, "derniere": -1, "마지막": -1, "最后": -1,
}  # fmt: skip
HAN_DIGITS = {
    "零": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}
KO_DIGITS = {"한": 1, "하나": 1, "두": 2, "둘": 2, "세": 3, "셋": 3, "네": 4, "넷": 4, "다섯": 5, "여섯": 6, "열": 10}
MONTHS = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9,
    "october": 10, "november": 11, "december": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7,
    "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12, "janvier": 1, "fevrier": 2, "mars": 3, "avril": 4,
    "mai": 5, "juin": 6, "juillet": 7, "aout": 8, "septembre": 9, "octobre": 10, "novembre": 11, "decembre": 12,
}  # fmt: skip
DAYS = {
    "today": 0, "yesterday": -1, "tomorrow": 1, "last night": -1, "tonight": 0, "aujourd'hui": 0, "hier": -1, "demain": 1, "今天": 0, "昨天": -1,
    "明天": 1, "昨晚": -1, "今晚": 0, "어젯밤": -1, "오늘밤": 0, "오늘": 0, "어제": -1, "내일": 1,
}  # fmt: skip
ENGLISH = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "to",
        "is",
        "are",
        "what",
        "which",
        "who",
        "how",
        "show",
        "list",
        "get",
        "my",
        "me",
        "for",
        "with",
        "and",
        "i",
        "you",
        "please",
        "it",
        "this",
        "that",
        "do",
        "does",
        "can",
        "hello",
        "hi",
        "thanks",
        "yes",
        "create",
        "add",
        "delete",
        "remove",
        "find",
        "give",
        "tell",
        "in",
        "on",
        "at",
        "by",
        "all",
        "any",
        "from",
    ]
)
FRENCH = frozenset(
    [
        "le",
        "la",
        "les",
        "un",
        "une",
        "des",
        "du",
        "de",
        "et",
        "est",
        "sont",
        "je",
        "tu",
        "il",
        "vous",
        "nous",
        "mon",
        "ma",
        "mes",
        "pour",
        "avec",
        "dans",
        "sur",
        "qui",
        "que",
        "quel",
        "quelle",
        "quels",
        "quelles",
        "moi",
        "au",
        "aux",
        "en",
        "ce",
        "cette",
        "ces",
        "pas",
        "ne",
        "si",
        "ou",
        "bonjour",
        "merci",
        "oui",
        "combien",
        "donne",
        "montre",
        "cree",
        "ajoute",
        "supprime",
        "fait",
        "affiche",
        "liste",
        "cherche",
        "trouve",
        "annule",
        "c",
        "l",
        "d",
        "qu",
        "j",
    ]
)
