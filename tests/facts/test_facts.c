/*
 * Facts that are known of real markets, asked of scenarios/market.yaml: one set of behaviour parameters, structure
 * and shocks as overlays. The intervals stand in `accepted`; they were fixed before the first run. Facts 16 and 18
 * were fitted (their parameters are named in the scenario), the others were not.
 *
 * Each fact prints what was measured; docs/facts.md holds it.
 */
#include "close.h"

#include "engine/worker.h"
#include "experiment/compare.h"
#include "outcome/expression.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char scenario[] = GOODWILL_SCENARIOS "/market.yaml";

enum { FIRMS = 4, FOCAL = 1 };
static const char *const firm_names[FIRMS] = {"leader", "us", "third", "small"};

/* ---- Accepted ---------------------------------------------------------------------------------------------- */

static const struct {
    double own_low, own_high, cross_low, cross_high; /* 16: Bijmolt et al. 2005; Auer & Papies 2019 */
    double buys_low, buys_high;                      /* 17: purchases per buyer, smallest over largest brand */
    double duplication;                              /* 17: spread of coefficients around their mean */
    double top_low, top_high;                        /* 18: McCarthy & Winer */
    double skew;                                     /* 19: of what customers remember */
    double dissatisfied;                             /* 23: loss of value from 2% dissatisfied, more than */
} accepted = {-3.5, -2.0, 0.1, 0.3, 0.75, 0.99, 0.15, 0.60, 0.75, 1.0, 0.02};

/* ---- Runs -------------------------------------------------------------------------------------------------- */

struct run {
    struct gw_scenario *scenario;
    struct gw_dataset *dataset;
};

static void must(int status, const struct gw_error *error)
{
    if (status != GW_OK) {
        fail_msg("%s", error->text);
    }
}

static void start(struct run *run, const char *const *overrides)
{
    struct gw_error error = {0};
    struct gw_compare compare = {.threads = omp_get_num_procs()};
    size_t n = 0;
    while (overrides[n] != NULL) {
        n++;
    }
    must(gw_scenario_load(&run->scenario, scenario, overrides, n, &error), &error);
    must(gw_compare_run(&compare, run->scenario, &run->dataset, &error), &error);
}

static void leave(struct run *run)
{
    gw_dataset_free(run->dataset);
    gw_scenario_free(run->scenario);
}

static struct gw_estimate measure(const struct run *run, const char *expression)
{
    struct gw_estimate e;
    struct gw_error error = {0};
    const struct gw_expression_place nowhere = {GW_NO_STRATEGY, -1};
    must(gw_expression_estimate(expression, run->dataset, nowhere, 0.95, &e, &error), &error);
    return e;
}

static bool is_surely_above(const struct gw_estimate *e, double x)
{
    return gw_probability_between(e, x, INFINITY) >= 0.95;
}

/* ---- 16: elasticities -------------------------------------------------------------------------------------- */

/* Strategies up_F and down_F: the price of firm F 5% higher, 5% lower. */
static void price_strategies(char *out, size_t size)
{
    size_t at = (size_t)snprintf(out, size, "strategies={");
    for (int f = 0; f < FIRMS; f++) {
        at +=
            (size_t)snprintf(out + at, size - at, "up_%d: {firms.%s.price: 1.05}, down_%d: {firms.%s.price: 0.95}%s",
                             f, firm_names[f], f, firm_names[f], f + 1 < FIRMS ? ", " : "}");
    }
}

/* Of the purchases of `seller` to the price of `changer`, half a year on. */
static double elasticity(const struct run *run, int seller, int changer)
{
    char expression[300];
    (void)snprintf(expression, sizeof expression,
                   "ln(up_%d.firms_purchases.%s.total / down_%d.firms_purchases.%s.total) / ln(1.05 / 0.95)", changer,
                   firm_names[seller], changer, firm_names[seller]);
    return measure(run, expression).mean;
}

static void elasticities(void **state)
{
    (void)state;
    char strategies[1000];
    struct run run = {0};
    price_strategies(strategies, sizeof strategies);
    start(&run, (const char *const[]){strategies, "horizon=26 weeks", "replications=12", NULL});
    double cross = 0.0;
    int bad = 0;
    for (int f = 0; f < FIRMS; f++) {
        const double own = elasticity(&run, f, f);
        printf("16 own elasticity of %s: %.2f\n", firm_names[f], own);
        bad += !(own >= accepted.own_low && own <= accepted.own_high);
        for (int g = 0; g < FIRMS; g++) {
            cross += g == f ? 0.0 : elasticity(&run, g, f) / (FIRMS * (FIRMS - 1));
        }
    }
    printf("16 mean cross elasticity: %.3f\n", cross);
    assert_true(bad == 0 && cross >= accepted.cross_low && cross <= accepted.cross_high);
    leave(&run);
}

/* ---- 17, 18: who buys what in a year, from the postings ----------------------------------------------------- */

struct panel {
    uint32_t consumers;
    double *spent; /* [consumer][firm] money in the year */
    int32_t *buys; /* [consumer][firm] purchases */
};

static void watch_year(struct panel *p, struct gw_worker *worker)
{
    struct gw_error error = {0};
    struct gw_trace trace = {.room = 4000000};
    trace.event = malloc(trace.room * sizeof *trace.event);
    assert_non_null(trace.event);
    must(gw_worker_use(worker, 0, &error), &error);
    gw_worker_trace(worker, &trace);
    for (int week = 0; week < 52; week++) {
        trace.n = 0;
        must(gw_worker_period(worker, &error), &error);
        assert_true(trace.n <= trace.room);
        for (size_t i = 0; i < trace.n; i++) {
            const struct gw_trace_event *e = &trace.event[i];
            if (e->posting->credit == GW_REVENUE && e->consumer != GW_NOBODY) {
                const size_t at = (size_t)e->consumer * FIRMS + (size_t)e->firm;
                p->spent[at] += (double)e->micro / GW_MICRO;
                p->buys[at]++;
            }
        }
    }
    gw_worker_trace(worker, NULL);
    free(trace.event);
}

static void warm_up(struct gw_worker *worker, const struct gw_plan *plan, uint32_t replication)
{
    struct gw_error error = {0};
    must(gw_worker_start(worker, replication, &error), &error);
    must(gw_worker_use(worker, plan->scenario->strategies, &error), &error);
    for (uint32_t t = 0; t < plan->scenario->warm_up; t++) {
        must(gw_worker_period(worker, &error), &error);
    }
}

static void make_panel(struct panel *p, uint32_t replication)
{
    struct gw_error error = {0};
    struct gw_scenario *s = NULL;
    struct gw_plan *plan = NULL;
    struct gw_worker *worker = NULL;
    must(gw_scenario_load(&s, scenario, NULL, 0, &error), &error);
    must(gw_plan_create(&plan, s, (struct gw_plan_options){.isa = gw_isa_best()}, &error), &error);
    must(gw_worker_create(&worker, plan, 1, &error), &error);
    *p = (struct panel){s->population, calloc((size_t)s->population * FIRMS, sizeof *p->spent),
                        calloc((size_t)s->population * FIRMS, sizeof *p->buys)};
    assert_true(p->spent != NULL && p->buys != NULL);
    warm_up(worker, plan, replication);
    watch_year(p, worker);
    gw_worker_free(worker);
    gw_plan_free(plan);
    gw_scenario_free(s);
}

static void forget(struct panel *p)
{
    free(p->spent);
    free(p->buys);
}

static void add_buyers(const struct panel *p, double both[FIRMS][FIRMS], double bought[FIRMS])
{
    for (uint32_t i = 0; i < p->consumers; i++) {
        for (int f = 0; f < FIRMS; f++) {
            const int32_t own = p->buys[(size_t)i * FIRMS + (size_t)f];
            bought[f] += own;
            for (int g = 0; g < FIRMS; g++) {
                both[f][g] += own > 0 && p->buys[(size_t)i * FIRMS + (size_t)g] > 0;
            }
        }
    }
}

/* Buyers of one brand who also buy another, over what its penetration alone would give. */
static bool duplication_is_alike(double both[FIRMS][FIRMS], double consumers)
{
    double coefficient[FIRMS * FIRMS], mean = 0.0, widest = 0.0;
    int n = 0;
    for (int f = 0; f < FIRMS; f++) {
        for (int g = 0; g < FIRMS; g++) {
            if (f != g) {
                coefficient[n] = both[f][g] / both[f][f] / (both[g][g] / consumers);
                mean += coefficient[n++] / (FIRMS * (FIRMS - 1));
            }
        }
    }
    for (int k = 0; k < n; k++) {
        widest = fmax(widest, fabs(coefficient[k] / mean - 1.0));
    }
    printf("17 duplication coefficient: mean %.2f, largest deviation %.1f%%\n", mean, 100.0 * widest);
    return widest <= accepted.duplication;
}

static void double_jeopardy(void **state)
{
    (void)state;
    double both[FIRMS][FIRMS] = {{0}}, bought[FIRMS] = {0}, consumers = 0.0;
    for (uint32_t r = 0; r < 6; r++) {
        struct panel p;
        make_panel(&p, r);
        add_buyers(&p, both, bought);
        consumers += p.consumers;
        forget(&p);
    }
    bool falls = true;
    for (int f = 0; f < FIRMS; f++) {
        printf("17 %s: penetration %.3f, purchases per buyer %.2f\n", firm_names[f], both[f][f] / consumers,
               bought[f] / both[f][f]);
        falls = falls && (f == 0 || (both[f][f] < both[f - 1][f - 1] &&
                                     bought[f] / both[f][f] <= bought[f - 1] / both[f - 1][f - 1]));
    }
    const double ratio = (bought[FIRMS - 1] / both[FIRMS - 1][FIRMS - 1]) / (bought[0] / both[0][0]);
    printf("17 purchases per buyer, smallest over largest: %.3f\n", ratio);
    const bool alike = duplication_is_alike(both, consumers);
    assert_true(falls && alike && ratio >= accepted.buys_low && ratio <= accepted.buys_high);
}

static int descending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

/* Share of a firm's revenue that its best fifth of buyers brings. */
static double top_fifth(const struct panel *p, int firm)
{
    double *spent = calloc(p->consumers, sizeof *spent), all = 0.0, top = 0.0;
    size_t n = 0;
    assert_non_null(spent);
    for (uint32_t i = 0; i < p->consumers; i++) {
        const double x = p->spent[(size_t)i * FIRMS + (size_t)firm];
        all += x;
        if (x > 0.0) {
            spent[n++] = x;
        }
    }
    qsort(spent, n, sizeof *spent, descending);
    for (size_t i = 0; i < n / 5; i++) {
        top += spent[i];
    }
    free(spent);
    return top / all;
}

static void concentration(void **state)
{
    (void)state;
    struct panel p;
    make_panel(&p, 0);
    for (int f = 0; f < FIRMS; f++) {
        printf("18 top fifth of the buyers of %s: %.3f of its revenue in a year\n", firm_names[f], top_fifth(&p, f));
    }
    const double top = top_fifth(&p, FOCAL);
    forget(&p);
    assert_true(top >= accepted.top_low && top <= accepted.top_high);
}

/* ---- 19: reviews ------------------------------------------------------------------------------------------- */

static double star(const struct run *run, const char *array, int stars)
{
    char expression[200];
    (void)snprintf(expression, sizeof expression, "status_quo.firms_%s.%d.total / status_quo.firms_%s.total", array,
                   stars, array);
    return measure(run, expression).mean;
}

/* Skewness of what the customers of all firms remember, in the last week of the warm-up. */
static double memory_skew(void)
{
    struct gw_error error = {0};
    struct gw_scenario *s = NULL;
    struct gw_plan *plan = NULL;
    struct gw_worker *worker = NULL;
    double n = 0.0, sum = 0.0, squares = 0.0, cubes = 0.0;
    must(gw_scenario_load(&s, scenario, NULL, 0, &error), &error);
    must(gw_plan_create(&plan, s, (struct gw_plan_options){.isa = gw_isa_best()}, &error), &error);
    must(gw_worker_create(&worker, plan, 1, &error), &error);
    warm_up(worker, plan, 0);
    const int remembered = gw_plan_column_find(plan, "remembered"),
              state = gw_plan_column_find(plan, "relation_state");
    for (uint32_t i = 0; i < s->population; i++) {
        for (int slot = 0; slot < s->relations; slot++) {
            if (gw_worker_firm(worker, i, slot) >= 0 &&
                gw_worker_value(worker, state, i, slot) == (double)GW_CUSTOMER) {
                const double x = gw_worker_value(worker, remembered, i, slot);
                n += 1.0;
                sum += x;
                squares += x * x;
                cubes += x * x * x;
            }
        }
    }
    gw_worker_free(worker);
    gw_plan_free(plan);
    gw_scenario_free(s);
    const double mean = sum / n, variance = squares / n - mean * mean;
    return (cubes / n - 3.0 * mean * variance - mean * mean * mean) / pow(variance, 1.5);
}

static void reviews(void **state)
{
    (void)state;
    struct run run = {0};
    double published[6], experienced[6];
    start(&run, (const char *const[]){"horizon=2 years", "replications=8", NULL});
    for (int s = 1; s <= 5; s++) {
        published[s] = star(&run, "reviews", s);
        experienced[s] = star(&run, "experienced_stars", s);
        printf("19 %d stars: published %.3f, experienced %.3f\n", s, published[s], experienced[s]);
    }
    leave(&run);
    const double skew = memory_skew();
    printf("19 skewness of what customers remember: %.2f\n", skew);
    const bool j = published[5] > published[4] && published[4] > published[3] && published[1] > published[2];
    assert_true(j && fabs(skew) <= accepted.skew);
}

/* ---- 21: a crisis, fully repaired --------------------------------------------------------------------------- */

/* Thirteen weeks in which treatment is about a quarter worse. */
#define CRISIS                                                                                                       \
    "strategies={status_quo: {}, crisis: {firms.us.channel_quality.phone: {schedule: [{at: week 8, to: -1.05}, "     \
    "{at: week 21, to: 0}]}}}"

/* Satisfaction in all, losses weighted, crisis minus none, over the experiences without a crisis: with weights of the
 * level and the expectation and the zone of tolerance at 0 it is the sum of disconfirmation, which a crisis leaves at
 * 0 without loss aversion, for what disappoints on the way down delights on the way up. Behaviour is held fixed, and
 * everybody buys from the firm some four times a year for years after, without tastes and habits of their own: of
 * what was got used to in the crisis a customer still has (1 - adaptation)^visits, e^(-.3 * 4.6 * years) on average,
 * 3% after two and a half years and nothing to speak of after six. */
static struct gw_estimate net_satisfaction(double loss_aversion)
{
    char measured[400];
    struct run run = {0};
    start(&run, (const char *const[]){CRISIS, "horizon=7 years", "replications=12", "population.purchase_rate=44",
                                      "population.taste_sd=0", "population.inertia=0", "population.stop_base=-40",
                                      "population.attitude_weight=0", "market.climb=0", "market.review_weight=0",
                                      "market.tell_power=1", "market.trust_start=0", "market.contact_wake=0", NULL});
    (void)snprintf(measured, sizeof measured,
                   "(crisis.disconfirmation.positive.total - %g * crisis.disconfirmation.negative.total - "
                   "status_quo.disconfirmation.positive.total + %g * status_quo.disconfirmation.negative.total) / "
                   "status_quo.experiences.total",
                   loss_aversion, loss_aversion);
    const struct gw_estimate e = measure(&run, measured);
    leave(&run);
    return e;
}

static void crisis(void **state)
{
    (void)state;
    struct run run = {0};
    const struct gw_estimate plain = net_satisfaction(1.0), averse = net_satisfaction(2.0);
    printf(
        "21 net satisfaction after a crisis: %.5f (%.5f to %.5f) without, %.5f (%.5f to %.5f) with loss aversion\n",
        plain.mean, plain.low, plain.high, averse.mean, averse.low, averse.high);
    start(&run, (const char *const[]){CRISIS, "horizon=3 years", "replications=12", NULL});
    const struct gw_estimate value =
        measure(&run, "(crisis.gross_value - status_quo.gross_value) / status_quo.gross_value");
    printf("21 gross value lost in the crisis: %.4f (%.4f to %.4f)\n", value.mean, value.low, value.high);
    leave(&run);
    const double slack = 4.0 * plain.sd / sqrt((double)plain.n);
    assert_true(fabs(plain.mean) <= slack && averse.high < 0.0 && value.high < 0.0);
}

/* ---- 22: interior optima, and who wins --------------------------------------------------------------------- */

/* The best of a row of strategies s_0 ... s_(n-1) is neither the first nor the last, and surely better than both. */
static bool peaks_inside(const struct run *run, const char *fact, int n)
{
    int best = 0;
    double most = -INFINITY;
    for (int k = 0; k < n; k++) {
        char expression[100];
        (void)snprintf(expression, sizeof expression, "s_%d.company_value", k);
        const double value = measure(run, expression).mean;
        printf("22 %s, step %d: %.0f\n", fact, k, value);
        best = value > most ? k : best;
        most = fmax(most, value);
    }
    char below[100], above[100];
    (void)snprintf(below, sizeof below, "s_%d.company_value - s_0.company_value", best);
    (void)snprintf(above, sizeof above, "s_%d.company_value - s_%d.company_value", best, n - 1);
    if (best == 0 || best == n - 1) {
        return false;
    }
    const struct gw_estimate low = measure(run, below), high = measure(run, above);
    return is_surely_above(&low, 0.0) && is_surely_above(&high, 0.0);
}

static void contacts(void **state)
{
    (void)state;
    struct run run = {0};
    start(&run,
          (const char *const[]){"strategies={s_0: {firms.us.contacts: 0}, s_1: {firms.us.contacts: 2}, s_2: "
                                "{firms.us.contacts: 4}, s_3: {firms.us.contacts: 6}, s_4: {firms.us.contacts: 8}, "
                                "s_5: {firms.us.contacts: 11}}",
                                NULL});
    const bool inside = peaks_inside(&run, "contacts", 6);
    leave(&run);
    assert_true(inside);
}

/* All six pillars at so much money a week. */
static size_t put_effort(char *out, size_t size, const char *name, double each)
{
    static const char *const pillars[] = {"personalisation", "integrity",   "expectations",
                                          "resolution",      "time_effort", "empathy"};
    size_t at = (size_t)snprintf(out, size, "%s: {", name);
    for (int p = 0; p < 6; p++) {
        at += (size_t)snprintf(out + at, size - at, "%sfirms.us.spend.%s: %.6g", p > 0 ? ", " : "", pillars[p], each);
    }
    at += (size_t)snprintf(out + at, size - at, "}");
    return at;
}

static void effort(void **state)
{
    (void)state;
    static const double times[] = {0.5, 1.0, 2.0, 3.0, 5.0, 9.0};
    char strategies[4000] = "strategies={";
    struct run run = {0};
    for (int k = 0; k < 6; k++) {
        char name[16];
        (void)snprintf(name, sizeof name, "s_%d", k);
        const size_t at = strlen(strategies),
                     put = put_effort(strategies + at, sizeof strategies - at, name, 60.0 * times[k]);
        (void)snprintf(strategies + at + put, sizeof strategies - at - put, k < 5 ? ", " : "}");
    }
    start(&run, (const char *const[]){strategies, NULL});
    const bool inside = peaks_inside(&run, "effort", 6);
    leave(&run);
    assert_true(inside);
}

/* Effort that costs what a price cut of 3% costs at first, against that cut. */
static struct gw_estimate experience_over_price(const char *const overrides[3])
{
    char strategies[1500] = "strategies={price: {firms.us.price: 0.97}, ";
    struct run now = {0}, run = {0};
    start(&now, (const char *const[]){"horizon=26 weeks", "replications=4", overrides[0], overrides[1], overrides[2],
                                      NULL});
    const double weekly = -measure(&now, "status_quo.ledger.revenue.mean").mean; /* a credit */
    leave(&now);
    const size_t at = strlen(strategies),
                 put = put_effort(strategies + at, sizeof strategies - at, "experience", 60.0 + 0.03 * weekly / 6.0);
    (void)snprintf(strategies + at + put, sizeof strategies - at - put, "}");
    start(&run, (const char *const[]){strategies, overrides[0], overrides[1], overrides[2], NULL});
    const struct gw_estimate e = measure(&run, "experience.company_value - price.company_value");
    leave(&run);
    return e;
}

static void price_or_experience(void **state)
{
    (void)state;
    const struct gw_estimate flat = experience_over_price((const char *const[]){
        "population.attitude_weight=0.5", "firms.us.treatment_floor=0.62", "firms.us.treatment_ceiling=0.76"});
    const struct gw_estimate steep = experience_over_price((const char *const[]){
        "population.attitude_weight=3", "firms.us.treatment_floor=0.52", "firms.us.treatment_ceiling=0.86"});
    printf("22 experience over price: %.0f (%.0f to %.0f) where it matters little, %.0f (%.0f to %.0f) where much\n",
           flat.mean, flat.low, flat.high, steep.mean, steep.low, steep.high);
    assert_true(flat.high < 0.0 && steep.low > 0.0);
}

/* ---- 23: a few dissatisfied -------------------------------------------------------------------------------- */

#define SEGMENTS "population.segments={unlucky: {share: 0.02}, others: {share: 0.98}}"
#define UNLUCKY "strategies={well: {}, badly: {population.segments.unlucky.failure_factor: 1000}}"

static void few_dissatisfied(void **state)
{
    (void)state;
    static const char loss[] = "(well.gross_value - badly.gross_value) / well.gross_value";
    struct run talk = {0}, silence = {0};
    start(&talk, (const char *const[]){SEGMENTS, UNLUCKY, "replications=40", NULL});
    start(&silence, (const char *const[]){SEGMENTS, UNLUCKY, "replications=40", "population.tells_per_experience=0",
                                          "population.tells_always=0", "market.review_rate=0", NULL});
    const struct gw_estimate with = measure(&talk, loss), without = measure(&silence, loss);
    leave(&talk);
    leave(&silence);
    const double difference = with.mean - without.mean;
    const double error = sqrt(with.sd * with.sd / (double)with.n + without.sd * without.sd / (double)without.n);
    printf("23 loss from 2%% dissatisfied: %.4f (%.4f to %.4f), without talk %.4f (%.4f to %.4f); difference %.4f, "
           "standard error %.4f\n",
           with.mean, with.low, with.high, without.mean, without.low, without.high, difference, error);
    /* Not reached: docs/facts.md says by how much and why. Once it is, this line and that page have to change. */
    assert_false(is_surely_above(&with, accepted.dissatisfied) && difference > 1.645 * error);
    assert_true(is_surely_above(&with, 0.0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elasticities),     cmocka_unit_test(double_jeopardy),
        cmocka_unit_test(concentration),    cmocka_unit_test(reviews),
        cmocka_unit_test(crisis),           cmocka_unit_test(contacts),
        cmocka_unit_test(effort),           cmocka_unit_test(price_or_experience),
        cmocka_unit_test(few_dissatisfied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
