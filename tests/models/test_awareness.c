/* The rule by hand, and the known limits of what it simulates: advertising as exponential reach, Bass's diffusion on
 * a complete network, independent cascades on random graphs, reachability. */
#include "one_rule.h"
#include "plain.h"
#include "sample.h"
#include "scratch.h"

#include "engine/worker.h"

#include <stdlib.h>

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("awareness");
}

static void test_off(void **state)
{
    (void)state;
    assert_off_is_absent("duel.yaml", (const char *const[]){"population.purchase_rate=30", "firms.us.advertising=100",
                                                            "network={complete: {}}", "horizon=10", NULL});
}

/* ---- By hand ----------------------------------------------------------------------------------------------- */

static const double week = 1.0 / 52.0;

static uint8_t *aware_of(struct one_rule *bench)
{
    return one_rule_column(bench, "aware");
}

static double luck(const struct one_rule *bench, uint32_t id, int firm)
{
    return (double)gw_uniform_group(&bench->block.key, id, bench->block.period, 1u + (uint32_t)firm, 0);
}

static struct one_rule *open_unaware(void)
{
    struct one_rule *bench = one_rule_open("awareness", 2);
    one_rule_set(bench, "aware_at_start", 0.0);
    one_rule_start(bench);
    return bench;
}

static void test_start(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("awareness", 2);
    one_rule_set_firm(bench, "aware_at_start", 0, 0.25);
    one_rule_set_firm(bench, "aware_at_start", 1, 0.0);
    one_rule_set_firm(bench, "initial_share", 0, 0.3);
    one_rule_set_firm(bench, "initial_share", 1, 0.2);
    one_rule_start(bench);
    const struct gw_key relation = gw_stream(&bench->block, 0);
    int64_t known[2] = {0, 0};
    for (uint32_t i = 0; i < GW_BLOCK; i++) {
        const double u = gw_uniform_start(&bench->block.key, i, 1, 0);
        const double v = gw_uniform_start(&relation, i, gw_name_hash("initial_share"), 0);
        assert_int_equal(aware_of(bench)[i], u < 0.25 || v < 0.3);
        assert_int_equal(aware_of(bench)[GW_BLOCK + i], v >= 0.3 && v < 0.5);
        known[0] += u < 0.25 || v < 0.3;
        known[1] += v >= 0.3 && v < 0.5;
    }
    assert_int_equal(bench->announcements.n, known[0] + known[1]);
    assert_int_equal(one_rule_tally(bench, "newly_aware", 0, 0), known[0]);
    assert_int_equal(one_rule_tally(bench, "unaware", 0, 1), GW_BLOCK - known[1]);
    one_rule_close(bench);
}

/* Reach, neighbours who know, news of them: each consumer's probability as the page has it. */
static void test_learning(void **state)
{
    (void)state;
    struct one_rule *bench = open_unaware();
    uint16_t *announced = (uint16_t *)(uintptr_t)bench->block.announced;
    uint64_t *arcs_before = (uint64_t *)(uintptr_t)bench->block.arcs_before;
    one_rule_set(bench, "passing", 0.1);
    one_rule_set(bench, "contagion", 8.0);
    ((double *)one_rule_read(bench, "reach"))[1] = 5.0;
    for (uint32_t i = 0; i < GW_BLOCK; i++) {
        arcs_before[i + 1] = arcs_before[i] + i % 7;
        announced[i] = (uint16_t)(i % 7 > 2 ? i % 3 : 0);
    }
    one_rule_run(bench, GW_HEAR);
    int64_t learned = 0;
    for (uint32_t i = 0; i < GW_BLOCK; i++) {
        const double share = i % 7 > 0 ? announced[i] / (double)(i % 7) : 0.0;
        const double first = 1.0 - pow(0.9, announced[i]) * exp(-8.0 * share * week);
        assert_int_equal(aware_of(bench)[i], luck(bench, i, 0) < first);
        assert_int_equal(aware_of(bench)[GW_BLOCK + i], luck(bench, i, 1) < 1.0 - exp(-5.0 * week));
        learned += aware_of(bench)[i] + aware_of(bench)[GW_BLOCK + i];
    }
    assert_true(learned > 100 && bench->announcements.n == (size_t)learned);
    assert_int_equal(one_rule_tally(bench, "newly_aware", 0, 0) + one_rule_tally(bench, "newly_aware", 0, 1),
                     learned);
    one_rule_close(bench);
}

/* The share is of all announcements ever, news only of the last period. */
static void test_announcements_add_up(void **state)
{
    (void)state;
    struct one_rule *bench = open_unaware();
    uint16_t *announced = (uint16_t *)(uintptr_t)bench->block.announced;
    ((uint64_t *)(uintptr_t)bench->block.arcs_before)[4] = 10;
    announced[3] = 4;
    one_rule_run(bench, GW_HEAR);
    announced[3] = 2;
    one_rule_run(bench, GW_HEAR);
    announced[3] = 0;
    assert_int_equal(((const int32_t *)one_rule_column(bench, "informed"))[3], 6);
    assert_int_equal(aware_of(bench)[3], 0); /* passing and contagion are 0 */
    one_rule_set(bench, "contagion", 100.0);
    for (bench->block.period = 2; aware_of(bench)[3] == 0; bench->block.period++) {
        const double u = luck(bench, 3, 0);
        one_rule_run(bench, GW_HEAR);
        assert_int_equal(aware_of(bench)[3], u < 1.0 - exp(-100.0 * 0.6 * week));
    }
    one_rule_close(bench);
}

static void test_messages_make_known_and_keep_known(void **state)
{
    (void)state;
    struct one_rule *bench = open_unaware();
    uint8_t *aware = aware_of(bench), *relation = one_rule_read(bench, "relation_state");
    one_rule_heard(bench, true)[2] = one_rule_heard(bench, false)[GW_BLOCK + 5] = 1;
    one_rule_run(bench, GW_HEAR);
    assert_int_equal(one_rule_tally(bench, "newly_aware", 0, 0), 1);
    assert_true(aware[2] == 1 && aware[GW_BLOCK + 5] == 1);
    one_rule_set(bench, "forgetting", 1000.0); /* 1 - exp(-1000/52): all but 4e-9 */
    memset(aware, 1, (size_t)2 * GW_BLOCK);
    relation[7] = GW_CUSTOMER;
    relation[8] = GW_FORMER;
    one_rule_run(bench, GW_HEAR);
    for (int at = 0; at < 2 * GW_BLOCK; at++) {
        assert_int_equal(aware[at], at == 2 || at == GW_BLOCK + 5 || at == 7);
    }
    assert_int_equal(one_rule_tally(bench, "forgot", 0, 0), GW_BLOCK - 2);
    one_rule_close(bench);
}

/* Neighbours are told once, however often a firm is forgotten and learned again; but anew if it takes a slot again.
 */
static void test_announced_once(void **state)
{
    (void)state;
    struct one_rule *bench = open_unaware();
    one_rule_heard(bench, false)[4] = 1;
    for (int again = 0; again < 3; again++) {
        aware_of(bench)[4] = 0;
        one_rule_run(bench, GW_HEAR);
        assert_int_equal(aware_of(bench)[4], 1);
    }
    assert_int_equal(bench->announcements.n, 1);
    assert_int_equal(bench->announcements.list[0].id, 4);
    assert_int_equal(bench->announcements.list[0].firm, 0);
    assert_int_equal(one_rule_tally(bench, "newly_aware", 0, 0), 3);
    one_rule_close(bench);
}

/* Where slots hold different firms, draws and counts go by the firm. A firm that takes a slot is known. */
static void test_slots(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("awareness", 20);
    one_rule_set(bench, "aware_at_start", 0.0);
    one_rule_start(bench);
    int32_t *firm_at = (int32_t *)(uintptr_t)bench->block.firm_at;
    double *reach = one_rule_read(bench, "reach");
    for (int firm = 0; firm < 20; firm++) {
        reach[firm] = firm;
    }
    ((int32_t *)one_rule_column(bench, "informed"))[GW_BLOCK + 9] = 3;
    one_rule_enter(bench, 9, 1, 17);
    assert_int_equal(aware_of(bench)[GW_BLOCK + 9], 1);
    assert_int_equal(((const int32_t *)one_rule_column(bench, "informed"))[GW_BLOCK + 9], 0);
    assert_int_equal(bench->announcements.n, 0);
    for (int row = 0; row < GW_BLOCK; row++) {
        firm_at[row] = row % 20;
    }
    firm_at[40] = -1;
    one_rule_run(bench, GW_HEAR);
    int64_t learned[20] = {0};
    for (uint32_t i = 0; i < GW_BLOCK; i++) {
        const int firm = (int)(i % 20);
        const bool learns = i != 40 && luck(bench, i, firm) < 1.0 - exp(-firm * week);
        assert_int_equal(aware_of(bench)[i], learns);
        learned[firm] += learns;
    }
    for (int firm = 8; firm < 20; firm++) { /* those that are in the first slot only */
        assert_int_equal(one_rule_tally(bench, "newly_aware", 0, firm), learned[firm]);
    }
    assert_true(learned[19] > 20);
    one_rule_close(bench);
}

/* ---- Advertising alone ------------------------------------------------------------------------------------- */

enum { CROWD = 20000 };

/* After T years 1 - (1 - a) exp(-reach T) know the firm, whatever the period; the seed makes the luck. */
static void test_reach(void **state)
{
    (void)state;
    static const char *const period[] = {"period=day", "period=week", "period=month"};
    for (int k = 0; k < 3; k++) {
        struct lab *lab = run_plain(period[k], "horizon=1 year", "firms.us.aware_at_start=0.2",
                                    "firms.us.advertising=100", "firms.us.reach_ceiling=1.6");
        const double unaware = at(lab, "unaware", lab->layout.periods - 1, US) / CROWD;
        const double start = unaware + total(lab, "newly_aware", US) / CROWD;
        assert_share(start * CROWD, CROWD, 0.8);
        assert_share(unaware * CROWD, CROWD, 0.8 * exp(-0.8));
        lab_free(lab);
    }
}

/* With forgetting, everybody is a chain that learns with l = 1 - exp(-reach dt) and forgets with f a period: the
 * share approaches l / (l + f) by the factor 1 - l - f a period. */
static void test_reach_and_forgetting(void **state)
{
    (void)state;
    struct lab *lab =
        run_plain("horizon=1 year", "market.forgetting=4", "firms.us.advertising=100", "firms.us.reach_ceiling=4");
    const double l = 1.0 - exp(-2.0 * week), f = 1.0 - exp(-4.0 * week), settled = l / (l + f);
    for (uint32_t t = 0; t < 52; t += 17) {
        const double share = settled + (1.0 - settled) * pow(1.0 - l - f, t + 1.0);
        assert_share(CROWD - at(lab, "unaware", t, US), CROWD, share);
    }
    lab_free(lab);
    lab = run_plain("horizon=1 week", "warm_up=4 years", "market.forgetting=4", "firms.us.advertising=100",
                    "firms.us.reach_ceiling=4");
    assert_share(CROWD - at(lab, "unaware", 0, US), CROWD, settled);
    lab_free(lab);
}

/* Who does not know a firm does not buy from it; who hears of it may. */
static void test_unknown_firms_sell_nothing(void **state)
{
    (void)state;
    struct lab *lab = run_duel("population.purchase_rate=26", "horizon=20", "firms.us.aware_at_start=0");
    assert_close(total(lab, "purchases", US), 0.0, 0.0, 0.0);
    assert_true(total(lab, "purchases", RIVAL) > 0.9 * CROWD * 10.0);
    lab_free(lab);
    lab = run_duel("population.purchase_rate=26", "horizon=20", "firms.us.aware_at_start=0",
                   "firms.us.advertising=500");
    assert_true(total(lab, "purchases", US) > 0.02 * CROWD * 10.0);
    lab_free(lab);
}

/* ---- Bass -------------------------------------------------------------------------------------------------- */

static const double p = 0.03, q = 0.38; /* Sultan, Farley & Lehmann 1990, Journal of Marketing Research */

/* F(t) = (1 - e^-(p+q)t) / (1 + q/p e^-(p+q)t) (Bass 1969). */
static double bass(double t)
{
    const double e = exp(-(p + q) * t);
    return (1.0 - e) / (1.0 + q / p * e);
}

/* Its discrete counterpart, in which all of a period see those of the last one: the share after n periods. */
static double recursion(int n, double dt)
{
    double share = 0.0;
    for (int t = 0; t < n; t++) {
        share += (1.0 - share) * (1.0 - exp(-(p + q * share) * dt));
    }
    return share;
}

/*
 * How far it stays behind, to first order in dt. A step that freezes the share loses (1 - F) q F' dt^2 / 2; what is
 * lost at s grows until t like F' itself, by F'(t) / F'(s), as F' solves the equation of small changes. The sum of
 * both is dt F'(t) q/2 times the integral of 1 - F = F' / (p + q F), which is ln(1 + q F / p) / q.
 */
static double behind(double t, double dt)
{
    const double share = bass(t), slope = (1.0 - share) * (p + q * share);
    return 0.5 * dt * slope * log(1.0 + q * share / p);
}

static void test_recursion_converges_to_bass(void **state)
{
    (void)state;
    assert_close(bass(5.0), 0.331, 0.0, 5e-4);
    assert_close(bass(10.0), 0.813, 0.0, 5e-4);
    assert_close(bass(log(q / p) / (p + q)), 0.461, 0.0, 5e-4);
    for (int t = 1; t <= 20; t++) {
        for (int n = 52; n <= 52 * 49; n *= 7) {
            const double error = bass(t) - recursion(n * t, 1.0 / n);
            assert_close(error / behind(t, 1.0 / n), 1.0, 0.0, 2.0 / n); /* what is left is of second order */
        }
    }
}

static struct lab *run_bass(const char *period, const char *horizon, const char *people, const char *worlds)
{
    return run_file("plain.yaml",
                    (const char *const[]){period, horizon, people, worlds, "network={complete: {}}",
                                          "firms.us.aware_at_start=0", "firms.us.advertising=100",
                                          "firms.us.reach_ceiling=0.06", "market.contagion=0.38", NULL},
                    (struct lab_options){.threads = 2});
}

/* Over replications, the share that knows the firm after so many periods. */
static struct sample share_after(const struct lab *lab, int periods)
{
    struct sample s = {0};
    const double people = (double)lab->scenario->population;
    for (uint32_t r = 0; r < lab->scenario->replications; r++) {
        sample_add(&s, 1.0 - (double)lab_cell(lab, 0, r, (uint32_t)periods - 1, "unaware", 0, US) / people);
    }
    return s;
}

static void check_bass(const char *period, int periods_a_year, double years)
{
    char horizon[40];
    snprintf(horizon, sizeof horizon, "horizon=%g years", years);
    struct lab *lab = run_bass(period, horizon, "population.size=16384", "replications=12");
    for (int t = 2; t <= (int)years; t++) {
        const struct sample s = share_after(lab, t * periods_a_year);
        const double se = sample_mean_se(&s);
        assert_within_4_se(sample_mean(&s), recursion(t * periods_a_year, 1.0 / periods_a_year), se);
        assert_close(sample_mean(&s), bass(t), 0.0, 4.0 * se + 1.05 * behind(t, 1.0 / periods_a_year));
    }
    lab_free(lab);
}

static void test_bass_by_the_week(void **state)
{
    (void)state;
    check_bass("period=week", 52, 10.0);
}

static void test_bass_by_the_day(void **state)
{
    (void)state;
    check_bass("period=day", 364, 5.0);
}

/* Where a parabola through the numbers per period, fitted to n of them by least squares, has its top. With x counted
 * from the middle, sums of odd powers vanish: top = -b/2c of a + b x + c x^2. */
static double top_of(const double *y, int n)
{
    double xy = 0.0, xxy = 0.0, sy = 0.0, xx = 0.0, xxxx = 0.0;
    for (int k = 0; k < n; k++) {
        const double x = k - 0.5 * (n - 1);
        xy += x * y[k];
        xxy += x * x * y[k];
        sy += y[k];
        xx += x * x;
        xxxx += x * x * x * x;
    }
    const double b = xy / xx, c = (xxy - sy * xx / n) / (xxxx - xx * xx / n);
    return -0.5 * b / c + 0.5 * (n - 1);
}

/* The most learn of it 6.19 years on, when .461 know it; years 4.5 to 8 of weekly numbers against the recursion's. */
static void test_peak_of_bass(void **state)
{
    (void)state;
    enum { FROM = 234, WEEKS = 182 };
    struct lab *lab = run_bass("period=week", "horizon=8 years", "population.size=16384", "replications=16");
    struct sample peak = {0};
    double y[WEEKS];
    for (uint32_t r = 0; r < lab->scenario->replications; r++) {
        for (uint32_t k = 0; k < WEEKS; k++) {
            y[k] = (double)lab_cell(lab, 0, r, FROM + k, "newly_aware", 0, US);
        }
        sample_add(&peak, top_of(y, WEEKS));
    }
    for (int k = 0; k < WEEKS; k++) {
        y[k] = recursion(FROM + k + 1, week) - recursion(FROM + k, week);
    }
    const double top = top_of(y, WEEKS);
    assert_within_4_se(sample_mean(&peak), top, sample_mean_se(&peak));
    assert_close((FROM + top) * week, log(q / p) / (p + q), 0.0, 0.1); /* the curve is no parabola */
    const struct sample s = share_after(lab, (int)(0.5 + 52.0 * log(q / p) / (p + q)));
    assert_close(sample_mean(&s), 0.461, 0.0, 4.0 * sample_mean_se(&s) + 1.05 * behind(6.19, week) + 1e-3);
    lab_free(lab);
}

/* The error of one world against the recursion falls as N^-1/2: its logarithm has a standard deviation of some
 * (2 R)^-1/2 over R worlds. */
static void test_error_of_bass_falls_with_the_root_of_n(void **state)
{
    (void)state;
    enum { WORLDS = 48 };
    static const char *const people[] = {"population.size=1024", "population.size=4096", "population.size=16384"};
    double rms[3];
    for (int k = 0; k < 3; k++) {
        struct lab *lab = run_bass("period=month", "horizon=6 years", people[k], "replications=48");
        const double want = recursion(72, 1.0 / 12.0);
        double square = 0.0;
        for (uint32_t r = 0; r < WORLDS; r++) {
            const double got =
                1.0 - (double)lab_cell(lab, 0, r, 71, "unaware", 0, US) / (double)lab->scenario->population;
            square += (got - want) * (got - want) / WORLDS;
        }
        rms[k] = sqrt(square);
        lab_free(lab);
    }
    const double se = sqrt(2.0 / (2.0 * WORLDS));
    assert_within_4_se(log(rms[0] / rms[1]), log(2.0), se);
    assert_within_4_se(log(rms[1] / rms[2]), log(2.0), se);
    assert_within_4_se(log(rms[0] / rms[2]), log(4.0), se);
}

/* ---- Independent cascades ---------------------------------------------------------------------------------- */

/* On a Poisson random graph of mean degree c, with every acquaintance passed on to with probability p, the final
 * share x from seeds s solves 1 - x = (1 - s) exp(-R x), R = c p (percolation: Newman 2002, Physical Review E 66). */
static double final_share(double reproduction, double seeds)
{
    double x = 1.0;
    for (int k = 0; k < 10000; k++) {
        x = 1.0 - (1.0 - seeds) * exp(-reproduction * x);
    }
    return x;
}

/* Over replications, of the share that knows the firm in the end, less what its own seeds lead to. */
static struct sample cascade(const char *passing, double reproduction, double *seeds, double *reached)
{
    struct lab *lab = run_file("plain.yaml",
                               (const char *const[]){"network={configuration: {poisson: {mean: 10}, per_replication: "
                                                     "true}}",
                                                     "horizon=60", "replications=24", "population.size=20000",
                                                     "firms.us.aware_at_start=0.002", passing, NULL},
                               (struct lab_options){.threads = 2});
    struct sample error = {0};
    *seeds = *reached = 0.0;
    for (uint32_t r = 0; r < 24; r++) {
        const double end = 1.0 - (double)lab_cell(lab, 0, r, 59, "unaware", 0, US) / CROWD;
        const double start = end - (double)lab_sum(lab, 0, r, "newly_aware", 0, US) / CROWD;
        sample_add(&error, end - final_share(reproduction, start));
        *seeds += start / 24.0;
        *reached += end / 24.0;
    }
    assert_int_equal(lab_cell(lab, 0, 0, 59, "newly_aware", 0, US), 0); /* it has come to its end */
    lab_free(lab);
    return error;
}

static void test_small_cascades(void **state)
{
    (void)state;
    double seeds, reached;
    struct sample error = cascade("market.passing=0.05", 0.5, &seeds, &reached);
    assert_within_4_se(sample_mean(&error), 0.0, sample_mean_se(&error));
    assert_close(final_share(0.5, 1e-6) / 1e-6, 2.0, 1e-4, 0.0); /* mean size of a cascade, 1 / (1 - R) */
    assert_close(reached / seeds, 2.0, 0.0, 4.0 * sample_mean_se(&error) / seeds + 0.01);
    error = cascade("market.passing=0.08", 0.8, &seeds, &reached); /* below 1 none is large */
    assert_within_4_se(sample_mean(&error), 0.0, sample_mean_se(&error));
    assert_true(reached < 6.0 * seeds);
}

static void test_giant_cascades(void **state)
{
    (void)state;
    static const struct {
        const char *passing;
        double reproduction, giant;
    } cases[] = {{"market.passing=0.15", 1.5, 0.583}, {"market.passing=0.2", 2.0, 0.797}};
    for (int k = 0; k < 2; k++) {
        double seeds, reached;
        const struct sample error = cascade(cases[k].passing, cases[k].reproduction, &seeds, &reached);
        assert_within_4_se(sample_mean(&error), 0.0, sample_mean_se(&error));
        assert_close(final_share(cases[k].reproduction, 0.0), cases[k].giant, 0.0, 5e-4);
        assert_close(reached, cases[k].giant, 0.0, 4.0 * sample_mean_se(&error) + 2.0 * seeds);
    }
}

/* ---- Reachability ------------------------------------------------------------------------------------------ */

enum { RINGS = 400, RING = 10 };

static void write_rings(void)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    for (int i = 0; i < RINGS * RING; i++) {
        fprintf(out, "%d %d\n", i, i / RING * RING + (i + 1) % RING);
    }
    fclose(out);
    scratch_write("rings.txt", text, length);
    free(text);
}

static void must(int status, const struct gw_error *error)
{
    if (status != GW_OK) {
        fail_msg("status %d: %s", status, error->text);
    }
}

static int ring_knows(const struct gw_worker *worker, int column, int ring)
{
    int known = 0;
    for (int k = 0; k < RING; k++) {
        known += gw_worker_value(worker, column, (uint32_t)(ring * RING + k), 0) > 0.0;
    }
    return known;
}

/* Where everything is passed on, a part of the network knows a firm in the end exactly if somebody in it did at the
 * start; without a customer and without advertising it never does. */
static void test_news_does_not_leave_its_part_of_the_network(void **state)
{
    (void)state;
    static const char text[] = "goodwill: 1\nhorizon: 20\nwarm_up: 0\nnetwork: {edge_list: rings.txt}\n"
                               "population: {purchase_rate: 20, tells_per_experience: 1}\n"
                               "firms: {us: {aware_at_start: 0, initial_share: 0.02}}\n"
                               "market: {passing: 1, contagion: 5}\n";
    struct gw_error error = {0};
    struct gw_scenario *scenario;
    struct gw_plan *plan;
    struct gw_worker *worker;
    int before[RINGS], silent = 0;
    write_rings();
    must(gw_scenario_parse(&scenario, text, strlen(text), "rings.yaml", NULL, NULL, 0, &error), &error);
    must(gw_world_size(scenario, &error), &error);
    must(gw_plan_create(&plan, scenario, (struct gw_plan_options){.isa = gw_isa_best()}, &error), &error);
    must(gw_worker_create(&worker, plan, 1, &error), &error);
    must(gw_worker_start(worker, 0, &error), &error);
    const int aware = gw_plan_column_find(plan, "aware");
    for (int ring = 0; ring < RINGS; ring++) {
        before[ring] = ring_knows(worker, aware, ring);
        silent += before[ring] == 0;
    }
    assert_in_range(silent, RINGS / 2, RINGS - 20);
    for (int t = 0; t < 20; t++) {
        must(gw_worker_period(worker, &error), &error);
    }
    for (int ring = 0; ring < RINGS; ring++) {
        assert_int_equal(ring_knows(worker, aware, ring), before[ring] > 0 ? RING : 0);
    }
    gw_worker_free(worker);
    gw_plan_free(plan);
    gw_scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_off),
        cmocka_unit_test(test_start),
        cmocka_unit_test(test_learning),
        cmocka_unit_test(test_announcements_add_up),
        cmocka_unit_test(test_messages_make_known_and_keep_known),
        cmocka_unit_test(test_announced_once),
        cmocka_unit_test(test_slots),
        cmocka_unit_test(test_reach),
        cmocka_unit_test(test_reach_and_forgetting),
        cmocka_unit_test(test_unknown_firms_sell_nothing),
        cmocka_unit_test(test_recursion_converges_to_bass),
        cmocka_unit_test(test_bass_by_the_week),
        cmocka_unit_test(test_bass_by_the_day),
        cmocka_unit_test(test_peak_of_bass),
        cmocka_unit_test(test_error_of_bass_falls_with_the_root_of_n),
        cmocka_unit_test(test_small_cascades),
        cmocka_unit_test(test_giant_cascades),
        cmocka_unit_test(test_news_does_not_leave_its_part_of_the_network),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
