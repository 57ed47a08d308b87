/*
 * Six coupled processes behind the pillars, and a team that corrects them from delayed measurements.
 */
#include "rule.h"

enum { SHOCK, COUPLING, NOISE, TEAM, DELAY, MEASUREMENT };
enum { STATE, SHIFT };
enum { DEVIATION };

enum { PROCESSES = 6, MAX_DELAY = 26, MEMORY = MAX_DELAY + 1 };
#define LARGEST 20.0 /* logits; more makes no difference to quality */

static const struct gw_parameter parameters[] = {
    {.name = "process_shock",
     .scope = GW_LEVER,
     .unit = "logit per week",
     .value = 0.0,
     .low = -20.0,
     .high = 20.0,
     .plausible_low = -0.5,
     .plausible_high = 0.5,
     .off = 0.0,
     .doc = "What disturbs, or improves, every process each week.",
     .source = "[A]"},
    {.name = "process_coupling",
     .scope = GW_FIRM,
     .unit = "1",
     .value = 0.2,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 0.9,
     .off = GW_NO_OFF,
     .doc = "How much of the mean deviation of the processes reaches each of them in the next week; below 1.",
     .source = "[A] no measurement found"},
    {.name = "process_noise",
     .scope = GW_FIRM,
     .unit = "logit per week",
     .value = 0.0,
     .low = 0.0,
     .high = 20.0,
     .plausible_low = 0.0,
     .plausible_high = 0.2,
     .off = 0.0,
     .doc = "Standard deviation of a process's own chance in a week.",
     .source = "[A] 0.02 when on"},
    {.name = "process_team",
     .scope = GW_FIRM,
     .unit = "per week",
     .value = 0.0,
     .low = 0.0,
     .high = 10.0,
     .plausible_low = 0.0,
     .plausible_high = 0.3,
     .off = 0.0,
     .doc =
         "Share of a measured deviation by which the team changes its correction each week; too much of it swings.",
     .source = "[A]"},
    {.name = "process_delay",
     .scope = GW_FIRM,
     .kind = GW_INTEGER,
     .unit = "weeks",
     .value = 1.0,
     .low = 0.0,
     .high = MAX_DELAY,
     .plausible_low = 0.0,
     .plausible_high = 8.0,
     .off = GW_NO_OFF,
     .doc = "Age of what the team measures.",
     .source = "[A]"},
    {.name = "process_measurement",
     .scope = GW_FIRM,
     .unit = "logit",
     .value = 0.1,
     .low = 0.0,
     .high = 20.0,
     .plausible_low = 0.0,
     .plausible_high = 0.3,
     .off = GW_NO_OFF,
     .doc = "Standard deviation of the error of a measurement.",
     .source = "[A]"},
    {.name = NULL},
};

/* What a firm keeps: deviations, corrections, and deviations of past weeks by tick modulo MEMORY. */
struct processes {
    double deviation[PROCESSES];
    double correction[PROCESSES];
    double past[MEMORY][PROCESSES];
};

static const struct gw_column columns[] = {
    {.name = "processes",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0,
     .unit = "logit",
     .doc = "Deviations of the six processes, the team's corrections, and past deviations.",
     .width = sizeof(struct processes) / sizeof(double)},
    {.name = "process_shift",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0,
     .unit = "logit",
     .doc = "Mean deviation of the processes: shift of treatment quality."},
    {.name = NULL},
};

static const struct gw_tally tallies[] = {
    {.name = "process_shift",
     .measure = GW_SUM,
     .unit = "logit",
     .doc = "Mean deviation of the processes, summed over periods."},
    {.name = NULL},
};

/*
 * Largest gain k of the team at which the loop is stable: the roots of g(z) + k, g(z) = (z - 1)(z - c) z^d, lie in
 * the unit circle up to the first k > 0 with a root on it, k = -g(e^{ia}). The argument of g(e^{ia}) is pi / 2 + a /
 * 2 + arg(e^{ia} - c) + d a: it grows with a and passes pi once for t = tan(a / 2) below .87 / (d + 1.5), as
 * arg(e^{ia} - c) >= a. |g| grows with a, so that this is the smallest k; the same with 0 in place of c (the modes in
 * which processes deviate from their mean) is larger. For c = 0 it is 2 sin(pi / (2 (2 d + 3))). Points of the circle
 * are
 * ((1 - t^2) + 2 i t) / (1 + t^2).
 */
static double gain_limit(double coupling, int delay)
{
    double low = 0.0, high = 0.87 / (delay + 1.5), gain = 0.0;
    for (int step = 0; step < 60; step++) {
        const double t = 0.5 * (low + high);
        const double x = (1.0 - t * t) / (1.0 + t * t), y = 2.0 * t / (1.0 + t * t);
        double re = (x - 1.0) * (x - coupling) - y * y, im = y * (x - coupling) + y * (x - 1.0);
        for (int d = 0; d < delay; d++) {
            const double turned = re * x - im * y;
            im = re * y + im * x;
            re = turned;
        }
        gain = sqrt(re * re + im * im);
        *(im > 0.0 ? &low : &high) = t;
    }
    return gain;
}

static int check(const struct gw_firms *f, char *message, size_t room)
{
    for (int firm = 0; firm < f->firms; firm++) {
        const double coupling = gw_firm_levers(f, COUPLING)[firm], team = gw_firm_levers(f, TEAM)[firm];
        const int delay = (int)gw_firm_levers(f, DELAY)[firm];
        const double limit = gain_limit(coupling, delay);
        if (coupling >= 1.0) {
            (void)snprintf(message, room,
                           "firms.%s.process_coupling is %g: processes drive each other ever further unless it is "
                           "below 1",
                           f->name[firm], coupling);
            return 1;
        }
        if (team > limit) {
            (void)snprintf(message, room,
                           "firms.%s.process_team is %g: corrections swing ever wider above %.4g, the limit with "
                           "process_coupling %g and process_delay %d",
                           f->name[firm], team, limit, coupling, delay);
            return 1;
        }
    }
    return 0;
}

/* Chance of a tick: standard normal, of the process itself [0] and of its measurement [1]. */
static void draw(const struct gw_firms *f, int firm, uint32_t tick, double z[2][PROCESSES])
{
    for (int p = 0; p < PROCESSES; p++) {
        uint32_t x[4];
        gw_threefry(&f->key, (uint32_t)(PROCESSES * firm + p), 0, tick, GW_DRAW_SINGLE, x);
        z[0][p] = (double)gw_normal_quantilef(gw_uniform_of(x[0]));
        z[1][p] = (double)gw_normal_quantilef(gw_uniform_of(x[1]));
    }
}

static double held(double x)
{
    return x > LARGEST ? LARGEST : x < -LARGEST ? -LARGEST : x;
}

/* x' = c mean(x) + shock + noise + u, then u' = u - k (x of `delay` ticks before + error). */
static void tick(const struct gw_firms *f, int firm, uint32_t number, struct processes *s)
{
    const double noise = gw_firm_levers(f, NOISE)[firm], team = gw_firm_levers(f, TEAM)[firm];
    const double error = gw_firm_levers(f, MEASUREMENT)[firm];
    const uint32_t delay = (uint32_t)gw_firm_levers(f, DELAY)[firm];
    const double *seen = s->past[(number + MEMORY - delay) % MEMORY];
    double z[2][PROCESSES] = {{0.0}}, sum = 0.0;
    if (noise > 0.0 || (team > 0.0 && error > 0.0)) {
        draw(f, firm, number, z);
    }
    memcpy(s->past[number % MEMORY], s->deviation, sizeof s->deviation);
    for (int p = 0; p < PROCESSES; p++) {
        sum += s->deviation[p];
    }
    const double common = gw_firm_levers(f, COUPLING)[firm] * sum / PROCESSES + gw_firm_levers(f, SHOCK)[firm];
    for (int p = 0; p < PROCESSES; p++) {
        const double x = common + noise * z[0][p] + s->correction[p];
        s->deviation[p] = held(x);
        s->correction[p] -= team * (seen[p] + error * z[1][p]);
    }
}

/* Whole weeks that have passed when period t begins. */
static uint32_t weeks(const struct gw_firms *f, uint32_t period)
{
    return (uint32_t)(period * 52.0 * f->years + 1e-9);
}

static void act(const struct gw_firms *f)
{
    struct processes *processes = (struct processes *)(void *)gw_firm_column(f, STATE);
    double *shift = gw_firm_column(f, SHIFT);
    for (int firm = 0; firm < f->firms; firm++) {
        struct processes *s = &processes[firm];
        double sum = 0.0;
        for (uint32_t n = weeks(f, f->period); n < weeks(f, f->period + 1); n++) {
            tick(f, firm, n, s);
        }
        for (int p = 0; p < PROCESSES; p++) {
            sum += s->deviation[p];
        }
        shift[firm] = sum / PROCESSES;
        gw_firm_tally(f, DEVIATION, 0, firm, gw_micro(shift[firm]));
    }
}

static const struct gw_step steps[] = {
    {.phase = GW_ACT, .kind = GW_FIRMS_STEP, .act = act},
    {.act = NULL},
};

GW_RULE(process) = {
    .name = "process",
    .doc =
        "Deviations x of six processes, in logits of treatment quality, are coupled: each week x' = process_coupling "
        "mean(x) + process_shock + noise + u. A team changes its correction u by -process_team times what it "
        "measured process_delay weeks ago, with an error. Without a team a lasting shock is amplified "
        "1 / (1 - process_coupling) times; too eager a team makes the loop unstable, which is refused with the "
        "largest gain that is not.",
    .reference =
        "Leontief 1936, Review of Economics and Statistics 18(3), for the amplification; Astrom & Murray 2008, "
        "Feedback Systems, for the loop",
    .parameters = parameters,
    .columns = columns,
    .tallies = tallies,
    .check = check,
    .steps = steps,
};
