/*
 * Rivals that react: a firm follows, late and in part, the lowest price and the largest spend on experience.
 */
#include "rule.h"

enum { FOLLOW_PRICE, FOLLOW_EXPERIENCE, FOLLOW_WEEKS };
enum { STATE };
enum { PRICE_FOLLOWED, SPEND_FOLLOWED };
enum { READ_OPEN };
enum { PILLARS = 6, LEVERS = 1 + PILLARS }; /* price, then spend on each pillar: the order of `steers` */

static const struct gw_parameter parameters[] = {
    {.name = "follow_price",
     .scope = GW_LEVER,
     .unit = "1",
     .value = 0.0,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = 0.0,
     .doc = "Share of the way to the lowest price of a rival that the firm goes where it is dearer.",
     .source = "[R] no reaction is the commonest: Steenkamp, Nijs, Hanssens & Dekimpe 2005, Marketing Science; size "
               "when on [A]"},
    {.name = "follow_experience",
     .scope = GW_LEVER,
     .unit = "1",
     .value = 0.0,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = 0.0,
     .doc = "Share of the way to a rival's largest spend on a pillar that the firm goes where it spends less.",
     .source = "[A]"},
    {.name = "follow_weeks",
     .scope = GW_FIRM,
     .unit = "weeks",
     .value = 13.0,
     .low = 0.1,
     .high = 1040.0,
     .plausible_low = 1.0,
     .plausible_high = 104.0,
     .off = GW_NO_OFF,
     .doc = "Mean delay with which the firm takes in what rivals do.",
     .source = "[A] a quarter; months are usual: Bowman & Gatignon 1995, J. Marketing Research [R]"},
    {.name = NULL},
};

/* Of a firm, by lever: what the scenario has it do, and the best of its rivals as taken in so far. */
struct view {
    double own[LEVERS], seen[LEVERS];
};

static const struct gw_column columns[] = {
    {.name = "rivals_seen",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0.0,
     .unit = "1 and money per week",
     .doc = "Price and spends by the scenario, and the lowest price and the largest spends of rivals as taken in.",
     .width = sizeof(struct view) / sizeof(double)},
    {.name = NULL},
};

static const struct gw_tally tallies[] = {
    {.name = "price_followed",
     .measure = GW_SUM,
     .unit = "1",
     .doc = "How far the firm is below its own price because of rivals, summed over periods."},
    {.name = "spend_followed",
     .measure = GW_SUM,
     .unit = "money per week",
     .doc = "Spend above the firm's own because of rivals, summed over periods."},
    {.name = NULL},
};

/* The best number of its own that a firm has for a lever, and the best without that firm; a low price, a large spend.
 * Not what it has come to by following: two firms that follow each other would never go back. */
struct best {
    double first, second;
    int who; /* of the first; -1: there is none */
    int firms;
};

static bool better(int lever, double a, double b)
{
    return lever == 0 ? a < b : a > b;
}

static struct best best_of(int lever, const struct view *view, const double *open, int firms)
{
    struct best best = {.who = -1};
    for (int firm = 0; firm < firms; firm++) {
        const double own = view[firm].own[lever];
        if (open[firm] <= 0.0) {
            continue;
        }
        if (best.firms == 0 || better(lever, own, best.first)) {
            best.second = best.first;
            best.first = own;
            best.who = firm;
        } else if (best.firms == 1 || better(lever, own, best.second)) {
            best.second = own;
        }
        best.firms++;
    }
    return best;
}

/* The firm's own number, moved towards what it has seen where that is better. */
static double followed(int lever, double own, double seen, double strength)
{
    return better(lever, seen, own) ? own + strength * (seen - own) : own;
}

static void follow(const struct gw_firms *f)
{
    struct view *view = (struct view *)(void *)gw_firm_column(f, STATE);
    for (int firm = 0; firm < f->firms; firm++) {
        double spend = 0.0;
        for (int lever = 0; lever < LEVERS; lever++) {
            double *number = &gw_steered(f, lever)[firm];
            const double own = *number;
            view[firm].own[lever] = own;
            view[firm].seen[lever] = f->first_period ? own : view[firm].seen[lever];
            const double strength = gw_firm_levers(f, lever == 0 ? FOLLOW_PRICE : FOLLOW_EXPERIENCE)[firm];
            *number = followed(lever, own, view[firm].seen[lever], strength);
            spend += lever == 0 ? 0.0 : *number - own;
        }
        gw_firm_tally(f, PRICE_FOLLOWED, 0, firm, gw_micro(view[firm].own[0] - gw_steered(f, 0)[firm]));
        gw_firm_tally(f, SPEND_FOLLOWED, 0, firm, gw_micro(spend));
    }
}

/* Of what rivals do in this period a firm takes in the share 1 - exp(-weeks / follow_weeks); without rivals there is
 * nothing to follow but its own number. */
static void look(const struct gw_firms *f)
{
    struct view *view = (struct view *)(void *)gw_firm_column(f, STATE);
    const double *open = gw_firm_read(f, READ_OPEN);
    for (int lever = 0; lever < LEVERS; lever++) {
        const struct best best = best_of(lever, view, open, f->firms);
        for (int firm = 0; firm < f->firms; firm++) {
            const bool leads = firm == best.who;
            const bool alone = best.firms == 0 || (leads && best.firms == 1);
            const double rival = alone ? view[firm].own[lever] : leads ? best.second : best.first;
            double *seen = &view[firm].seen[lever];
            *seen += (1.0 - gw_exp(-52.0 * f->years / gw_firm_levers(f, FOLLOW_WEEKS)[firm])) * (rival - *seen);
        }
    }
}

static const char *const reads[] = {"open", NULL};
static const char *const steers[] = {"price",
                                     "spend.personalisation",
                                     "spend.integrity",
                                     "spend.expectations",
                                     "spend.resolution",
                                     "spend.time_effort",
                                     "spend.empathy",
                                     NULL};
static const struct gw_step steps[] = {
    {.phase = GW_OPEN, .kind = GW_FIRMS_STEP, .act = follow},
    {.phase = GW_ACT, .kind = GW_FIRMS_STEP, .act = look},
    {.act = NULL},
};

GW_RULE(reaction) = {
    .name = "reaction",
    .doc =
        "A firm sees the lowest price and the largest spend on each pillar that rivals who are open set by "
        "themselves with a mean delay of follow_weeks. Where it is dearer it moves its price by follow_price of the "
        "way to that price; where it spends less, its spend by follow_experience of the way to that spend. Dearer "
        "or stingier rivals it does not follow.",
    .reference =
        "Sweezy 1939, Journal of Political Economy 47(4), for cuts that are followed and rises that are not; "
        "Leeflang & Wittink 1992, International Journal of Research in Marketing 9(1)",
    .parameters = parameters,
    .columns = columns,
    .tallies = tallies,
    .reads = reads,
    .steers = steers,
    .steps = steps,
};
