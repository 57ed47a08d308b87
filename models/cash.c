/*
 * Which firms are there: the date of opening, the money in hand, and the end when it is gone.
 */
#include "rule.h"

enum { OPENS, INITIAL_CASH, CASH_CEILING, CAN_CLOSE };
enum { CASH, OPEN, CLOSED };
enum { FIRMS_CLOSED, CLOSURES };

static const struct gw_parameter parameters[] = {
    {.name = "opens",
     .scope = GW_FIRM,
     .unit = "years",
     .value = -1000.0,
     .low = -1000.0,
     .high = 1000.0,
     .plausible_low = -2.0,
     .plausible_high = 10.0,
     .off = -1000.0,
     .doc = "When the firm opens, counted from the start of the strategies; before, nobody can choose it.",
     .source = "[A] -1000: it has always been there"},
    {.name = "initial_cash",
     .scope = GW_FIRM,
     .unit = "money",
     .value = 0.0,
     .low = -1.0e12,
     .high = 1.0e12,
     .plausible_low = 0.0,
     .plausible_high = 1.0e7,
     .off = GW_NO_OFF,
     .doc = "Money in hand when the strategies start, or when the firm opens later.",
     .source = "[A]"},
    {.name = "cash_ceiling",
     .scope = GW_FIRM,
     .unit = "money",
     .value = 1.0e12,
     .low = 0.0,
     .high = 1.0e12,
     .plausible_low = 0.0,
     .plausible_high = 1.0e12,
     .off = GW_NO_OFF,
     .doc = "Money that stays in the firm at most; owners draw what is above.",
     .source = "[A] 1e12: owners draw nothing"},
    {.name = "can_close",
     .scope = GW_FIRM,
     .kind = GW_FLAG,
     .unit = "1",
     .value = 0.0,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = 0.0,
     .doc = "Whether the firm closes for ever when its money is gone.",
     .source = "[A]"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "cash",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0.0,
     .unit = "money",
     .doc = "Money in hand, from the start of the strategies or the opening on."},
    {.name = "open",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 1.0,
     .unit = "1",
     .doc = "1 for a firm that is there, else 0."},
    {.name = "closed",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0.0,
     .unit = "1",
     .doc = "1 for a firm that has closed for ever."},
    {.name = NULL},
};

static const struct gw_tally tallies[] = {
    {.name = "firms_closed",
     .measure = GW_COUNT,
     .unit = "firms",
     .doc = "1 in a period in which the firm is not there."},
    {.name = "closures", .measure = GW_COUNT, .unit = "firms", .doc = "1 in the period in which the firm closes."},
    {.name = NULL},
};

static double less(double a, double b)
{
    return a < b ? a : b;
}

/* Money in hand of a firm that is there; `opened` if it was not in the last period. */
static double cash_of(const struct gw_firms *f, int firm, bool opened)
{
    const double before = gw_firm_column(f, CASH)[firm];
    if (f->period < f->origin) {
        return 0.0;
    }
    if (f->period == f->origin || opened) {
        return gw_firm_levers(f, INITIAL_CASH)[firm];
    }
    return less(before + gw_firm_cash_flow(f, firm), gw_firm_levers(f, CASH_CEILING)[firm]);
}

static void open_firm(const struct gw_firms *f, int firm)
{
    double *cash = gw_firm_column(f, CASH), *open = gw_firm_column(f, OPEN), *closed = gw_firm_column(f, CLOSED);
    const double years = ((double)f->period - (double)f->origin) * f->years;
    if (closed[firm] > 0.0) {
        return;
    }
    if (years < gw_firm_levers(f, OPENS)[firm]) {
        open[firm] = cash[firm] = 0.0;
        return;
    }
    cash[firm] = cash_of(f, firm, open[firm] <= 0.0);
    open[firm] = 1.0;
    if (gw_firm_levers(f, CAN_CLOSE)[firm] > 0.0 && f->period > f->origin && cash[firm] < 0.0) {
        open[firm] = 0.0;
        closed[firm] = 1.0;
        gw_firm_tally(f, CLOSURES, 0, firm, 1);
    }
}

static void open_firms(const struct gw_firms *f)
{
    const double *open = gw_firm_column(f, OPEN);
    for (int firm = 0; firm < f->firms; firm++) {
        open_firm(f, firm);
        gw_firm_tally(f, FIRMS_CLOSED, 0, firm, open[firm] <= 0.0);
    }
}

static const struct gw_step steps[] = {
    {.phase = GW_OPEN, .kind = GW_FIRMS_STEP, .act = open_firms},
    {.act = NULL},
};

GW_RULE(cash) = {
    .name = "cash",
    .doc =
        "A firm is there from `opens` on. Its money in hand starts at initial_cash, with the strategies or when it "
        "opens later, and moves with the account cash; what is above cash_ceiling is drawn by the owners. A firm "
        "that can close does so for ever once its money is below 0. A firm that is not there is not chosen, and "
        "pays nothing.",
    .reference =
        "Gupta, Lehmann & Stuart 2004, Journal of Marketing Research 41(1), for flows as the value of a firm",
    .parameters = parameters,
    .columns = columns,
    .tallies = tallies,
    .steps = steps,
};
