"""Names nobody may take as an address: ours, those of protocols and offices, and offensive ones."""

RESERVED = frozenset(
    """
    about abuse accessibility account accounts admin administration administrator affiliate affiliates
    alert alerts analytics api apis app apple apps archive assets atrium atriumcrm auth authentication
    autoconfig autodiscover backup backups beta billing blog board bot bots broadcasthost business
    calendar careers cdn chat checkout client clients cloud code community config console contact
    contacts copyright crm customer customers dashboard data database demo deploy dev developer
    developers dns doc docs domain domains download downloads email emails enterprise error errors
    event events example examples faq feed feedback file files finance forum forums ftp git global
    google group groups guest health hello help helpdesk home host hosting hostmaster hosts http https
    image images imap import inbox info internal intranet invite invoice invoices ipv4 ipv6 irc isatap
    jobs knowledge launch ldap legal license live local localdomain localhost log login logout logs
    mail mailer mailer-daemon manage marketing master media member members metrics microsoft mobile
    monitor monitoring mx mysql network news newsletter nobody noc noreply no-reply ns ns1 ns2 ns3 ntp
    oauth official ops order orders outbox owner partner partners password passwords pay payment
    payments phishing platform pop pop3 portal postgres postmaster press preview pricing privacy
    private prod production profile proxy public queue redis register registration reports root rss
    sales sandbox scam search secure security sentry server service services session settings shop
    sign-in sign-up signin signup sip site sites smtp spam sql ssh ssl sso staff stage staging start
    static stats status store stripe subdomain subscribe superuser support survey svn sync sysadmin
    system systems team teams telnet template templates tenant tenants terms test testing tests ticket
    tickets tls tools trial trust undefined update updates upload uploads usenet user users uucp vault
    verify video vpn web webhook webhooks webmail webmaster website wiki workspace workspaces wpad www
    www1 www2 xmpp your-company yourcompany
    """.split()
)
# Matched anywhere in the address, so only roots that no company's name contains by chance.
PROFANE_ROOTS = (
    "fuck",
    "nigger",
    "nigga",
    "faggot",
    "cunt",
    "motherf",
    "whore",
    "porn",
    "hitler",
    "caonima",
    "shabi",
)


def is_reserved(slug: str) -> bool:
    return slug in RESERVED or slug.removesuffix("s") in RESERVED or slug.isdigit()


def is_profane(slug: str) -> bool:
    letters = slug.replace("-", "").translate(str.maketrans("013457", "oieast"))
    return any(root in letters for root in PROFANE_ROOTS) or slug in {"shit", "sex", "nazi", "rape"}
