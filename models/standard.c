/*
 * The service standard follows practice down fast and up slowly.
 */
#include "rule.h"

enum { CORNER_CUTTING, NORMAL_LOAD, STANDARD_DOWN, STANDARD_UP };
enum { STANDARD, SERVICE_PRACTICE };
enum { EROSION };
enum { UTILISATION };

static const struct gw_parameter parameters[] = {
    {.name = "corner_cutting",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.0,
     .low = 0.0,
     .high = 10.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = 0.0,
     .doc = "Elasticity of the service that is practised with respect to work pressure above 1.",
     .source = "[A] 0.6 when on; staff cut corners under pressure: Oliva & Sterman 2001, Management Science [S]"},
    {.name = "normal_load",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.95,
     .low = 0.01,
     .high = 10.0,
     .plausible_low = 0.6,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Utilisation of the staff up to which the full standard is practised.",
     .source = "[A]"},
    {.name = "standard_down",
     .scope = GW_MARKET,
     .unit = "weeks",
     .value = 19.0,
     .low = 0.1,
     .high = 1.0e9,
     .plausible_low = 5.0,
     .plausible_high = 60.0,
     .off = GW_NO_OFF,
     .doc = "Mean time in which the standard follows a practice below it.",
     .source = "[R] Oliva & Sterman 2001, Management Science"},
    {.name = "standard_up",
     .scope = GW_MARKET,
     .unit = "weeks",
     .value = 150.0,
     .low = 0.1,
     .high = 1.0e9,
     .plausible_low = 19.0,
     .plausible_high = 1.0e6,
     .off = GW_NO_OFF,
     .doc = "Mean time in which a lowered standard returns to 1 when it is kept; 1000000 is never.",
     .source = "[A] slow; Oliva & Sterman 2001, Management Science, find hardly any return [S]"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "service_standard",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 1,
     .unit = "1",
     .doc = "Service standard s that staff hold themselves to; 1 is the firm's own."},
    {.name = "service_practice",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 1,
     .unit = "1",
     .doc = "Service as practised this period: factor on treatment quality."},
    {.name = NULL},
};

static const struct gw_tally tallies[] = {
    {.name = "erosion",
     .measure = GW_SUM,
     .unit = "1",
     .doc = "How far the service standard is below 1, summed over periods."},
    {.name = NULL},
};

static const char *const reads[] = {"utilisation", NULL};

/* s min(1, press^-e). */
static double practise(double standard, double press, double elasticity)
{
    return press > 1.0 ? standard * gw_exp(-elasticity * gw_log(press)) : standard;
}

static void act(const struct gw_firms *f)
{
    const double *utilisation = gw_firm_read(f, UTILISATION);
    const double down = 1.0 - gw_exp(-52.0 * f->years / gw_firm_market(f, STANDARD_DOWN));
    const double up = 1.0 - gw_exp(-52.0 * f->years / gw_firm_market(f, STANDARD_UP));
    double *standard = gw_firm_column(f, STANDARD), *practice = gw_firm_column(f, SERVICE_PRACTICE);
    for (int firm = 0; firm < f->firms; firm++) {
        const double s = standard[firm], press = utilisation[firm] * s / gw_firm_market(f, NORMAL_LOAD);
        const double done = practise(s, press, gw_firm_market(f, CORNER_CUTTING));
        practice[firm] = done;
        standard[firm] = done < s ? s + (done - s) * down : s + (1.0 - s) * up;
        gw_firm_tally(f, EROSION, 0, firm, gw_micro(1.0 - standard[firm]));
    }
}

static const struct gw_step steps[] = {
    {.phase = GW_ACT, .kind = GW_FIRMS_STEP, .act = act},
    {.act = NULL},
};

GW_RULE(standard) = {
    .name = "standard",
    .doc =
        "Where the work asked for by the standard s exceeds the normal load, press = utilisation s / normal_load > "
        "1, staff practise s press^-corner_cutting; else s. The standard follows a lower practice with mean time "
        "standard_down, and returns to 1 with mean time standard_up when it is kept: a ratchet, if returning takes "
        "longer.",
    .reference = "Oliva & Sterman 2001, Management Science 47(7)",
    .parameters = parameters,
    .columns = columns,
    .tallies = tallies,
    .reads = reads,
    .steps = steps,
};
