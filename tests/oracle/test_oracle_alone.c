/*
 * The oracle on its own: closed forms of models it contains, and bookkeeping.
 *
 * Tests of chance: fixed seed, theory's mean, 4 standard errors.
 */
#include "life.h"
#include "oracle_internal.h"

#include "close.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_hyperg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const signs[] = {"positive", "negative"};
static const char *const causes[] = {"service", "failure",  "price", "fatigue",   "renewal",
                                     "dropout", "lifetime", "fired", "forgotten", "closure"};

/* Runs `periods` and adds each consumer's revenue. */
static void earn(struct oracle *o, uint32_t periods, double *revenue)
{
    for (uint32_t t = 0; t < periods; t++) {
        size_t n;
        life_period(o, 0);
        const struct oracle_event *event = oracle_events(o, &n);
        for (size_t k = 0; k < n; k++) {
            if (event[k].credit == GW_REVENUE) {
                revenue[event[k].consumer] += 1e-6 * (double)event[k].micro;
            }
        }
    }
}

/* ------------------------------------------------------------------ models in closed form */

enum { MANY = 40000 };

static double *purchases_of(struct gw_scenario *s)
{
    double *purchases = calloc(s->population, sizeof *purchases);
    assert_non_null(purchases);
    struct life w = life_begin(s, 0);
    earn(w.oracle, s->horizon, purchases);
    life_finish(&w);
    return purchases;
}

/* Ehrenberg 1959: Poisson purchases with gamma rates. */
static void test_nbd(void **state)
{
    (void)state;
    struct gw_scenario *s = life_one_firm(MANY, 24);
    by_hand_vary(s, "purchase_rate", (struct gw_distribution){GW_GAMMA, 0.8, 0.4, 0.0});
    double *purchases = purchases_of(s);
    life_mean(purchases, MANY, 0.8 / 0.4 * 2.0);
    int64_t none = 0;
    for (int i = 0; i < MANY; i++) {
        none += purchases[i] == 0.0;
    }
    life_share(none, MANY, pow(0.4 / (0.4 + 2.0), 0.8));
    free(purchases);
}

/* Fader, Hardie & Lee 2005, Marketing Science 24(2), equation 9. */
static void test_bg_nbd(void **state)
{
    (void)state;
    const double r = 1.2, alpha = 0.5, a = 1.8, b = 4.0, t = 2.0;
    struct gw_scenario *s = life_one_firm(MANY, 24);
    by_hand_vary(s, "purchase_rate", (struct gw_distribution){GW_GAMMA, r, alpha, 0.0});
    by_hand_vary(s, "dropout", (struct gw_distribution){GW_BETA, a, b, 0.0});
    double *purchases = purchases_of(s);
    const double hypergeometric = gsl_sf_hyperg_2F1(r, b, a + b - 1.0, t / (alpha + t));
    life_mean(purchases, MANY, (a + b - 1.0) / (a - 1.0) * (1.0 - pow(alpha / (alpha + t), r) * hypergeometric));
    free(purchases);
}

/* Schmittlein, Morrison & Colombo 1987, Management Science 33(1), equation 17. */
static void test_pareto_nbd(void **state)
{
    (void)state;
    const double r = 1.2, alpha = 0.5, shape = 2.5, beta = 3.0, t = 2.0;
    struct gw_scenario *s = life_one_firm(MANY, 24);
    by_hand_vary(s, "purchase_rate", (struct gw_distribution){GW_GAMMA, r, alpha, 0.0});
    by_hand_vary(s, "lifetime_rate", (struct gw_distribution){GW_GAMMA, shape, beta, 0.0});
    double *purchases = purchases_of(s);
    life_mean(purchases, MANY, r * beta / (alpha * (shape - 1.0)) * (1.0 - pow(beta / (beta + t), shape - 1.0)));
    free(purchases);
}

/* Lifetimes end on time: those alive after t years are the Pareto survivors. */
static void test_pareto_survival(void **state)
{
    (void)state;
    struct gw_scenario *s = life_one_firm(MANY, 24);
    by_hand_vary(s, "lifetime_rate", (struct gw_distribution){GW_GAMMA, 2.5, 3.0, 0.0});
    struct life w = life_begin(s, 0);
    int64_t left = 0;
    for (int t = 0; t < 24; t++) {
        life_period(w.oracle, 0);
        left += oracle_tally(w.oracle, "left", "lifetime", 0);
    }
    life_share(MANY - left, MANY, pow(3.0 / (3.0 + 2.0), 2.5));
    assert_int_equal(oracle_tally(w.oracle, "active", "", 0), MANY - left);
    life_finish(&w);
}

/* Fader & Hardie 2007, J. Interactive Marketing 21(1): S(k) = B(a, b + k) / B(a, b). */
static void test_sbg(void **state)
{
    (void)state;
    const double a = 0.7, b = 2.2;
    struct gw_scenario *s = life_one_firm(MANY, 61);
    s->contractual = true;
    by_hand_set(s, "market", "contract_years", 1.0);
    by_hand_vary(s, "churn", (struct gw_distribution){GW_BETA, a, b, 0.0});
    struct life w = life_begin(s, 0);
    for (int t = 0; t < 61; t++) {
        life_period(w.oracle, 0);
        const double truth = exp(gsl_sf_lnbeta(a, b + t / 12) - gsl_sf_lnbeta(a, b));
        const int64_t active = oracle_tally(w.oracle, "active", "", 0);
        if (t < 12) {
            assert_int_equal(active, MANY);
        } else {
            life_share(active, MANY, truth);
        }
        assert_int_equal(oracle_tally(w.oracle, "purchases", "", 0), t % 12 == 0 ? active : 0);
    }
    life_finish(&w);
}

/* Fader, Hardie & Lee 2005, J. Marketing Research 42(4): mean spend per order is gamma p / (q - 1) with p absorbed.
 */
static void test_gamma_gamma(void **state)
{
    (void)state;
    struct gw_scenario *s = life_one_firm(MANY, 12);
    by_hand_set(s, "population", "purchase_rate", 3.0);
    by_hand_set(s, "market", "order_shape", 2.0);
    by_hand_vary(s, "order_value", (struct gw_distribution){GW_INVERSE_GAMMA, 5.0, 8.0, 0.0});
    double *revenue = purchases_of(s);
    life_mean(revenue, MANY, 3.0 * 8.0 / (5.0 - 1.0));
    free(revenue);
}

/* Luce 1959: shares are logit. Those whom the first choice does not answer take the second, by Plackett & Luce the
 * logit without the first. */
static void test_choice_and_second_choice(void **state)
{
    (void)state;
    struct gw_scenario *s = by_hand(MANY, 2, 2);
    by_hand_set(s, "population", "purchase_rate", 12.0 * 40.0); /* P(no occasion) = e^-40 */
    by_hand_set(s, "population", "category_appeal", 0.2);
    by_hand_set(s, "population", "taste_sd", 0.0);
    by_hand_set(s, "population", "question_rate", 1.0);
    by_hand_set(s, "population", "give_up", 1.0);
    by_hand_firm(s, 0, "initial_share", 0.0);
    by_hand_firm(s, 1, "initial_share", 0.0);
    by_hand_firm(s, 0, "appeal", 0.5);
    by_hand_firm(s, 1, "appeal", -0.3);
    by_hand_firm(s, 0, "handling_minutes", 5.0); /* and no agents: once there is a load, nobody is answered */
    by_hand_firm(s, 1, "agents.phone", 1.0);
    const double e0 = exp(0.7), e1 = exp(-0.1), p0 = e0 / (1.0 + e0 + e1), p1 = e1 / (1.0 + e0 + e1);
    struct life w = life_begin(s, 0);
    life_period(w.oracle, 0);
    life_share(oracle_tally(w.oracle, "joined", "", 0), MANY, p0);
    life_share(oracle_tally(w.oracle, "joined", "", 1), MANY, p1);
    assert_int_equal(oracle_tally(w.oracle, "given_up", "phone", 0), 0);
    life_period(w.oracle, 0);
    int64_t at_second = 0;
    for (uint32_t i = 0; i < MANY; i++) {
        at_second += oracle_column(w.oracle, "last_purchase", i, 1) == 1.0;
    }
    /* n = Poisson(40) times or never: of n I the second moment is (1600 + 40) p */
    const double given_up = (double)oracle_tally(w.oracle, "given_up", "phone", 0) / (40.0 * MANY);
    assert_within_4_se(given_up, p0, sqrt((p0 * (1.0 + 1.0 / 40.0) - p0 * p0) / MANY));
    assert_int_equal(oracle_tally(w.oracle, "questions", "phone", 0), oracle_tally(w.oracle, "given_up", "phone", 0));
    life_share(at_second, MANY, p1 + p0 * p1 / (1.0 - p0));
    assert_int_equal(oracle_tally(w.oracle, "purchases", "", 0), 0);
    life_finish(&w);
}

/* Impatience beyond measure turns the queue into Erlang's loss system; patience as long as service makes the
 * number in the system Poisson, as with infinitely many agents. */
static void test_erlang_limits(void **state)
{
    (void)state;
    const double contacts = 30.0, service = 4.0, load = contacts / service;
    for (unsigned agents = 1; agents < 20; agents++) {
        const struct served loss = oracle_erlang_a((struct line){contacts, service, 1e12, 0.0}, agents);
        const struct served many = oracle_erlang_a((struct line){contacts, service, service, 0.0}, agents);
        double waiting = 0.0;
        for (unsigned k = agents + 1; k < agents + 100; k++) {
            waiting += (k - agents) * gsl_ran_poisson_pdf(k, load);
        }
        assert_close(loss.unanswered, gsl_ran_poisson_pdf(agents, load) / gsl_cdf_poisson_P(agents, load), 1e-8, 0.0);
        assert_close(loss.wait, 0.0, 0.0, 1e-9);
        assert_close(many.unanswered, service * waiting / contacts, 1e-10, 0.0);
    }
    const struct line line = {contacts, service, 1.0, 0.0}, busy = {1e5, 4.0, 1.0, 0.0};
    assert_close(oracle_erlang_a(line, 0).unanswered, 1.0, 0.0, 0.0);
    /* Overload: what cannot be served is abandoned. */
    assert_close(oracle_erlang_a(busy, 2000).unanswered, 1.0 - 2000 * 4.0 / 1e5, 1e-9, 0.0);
}

/* With a patience that nobody exhausts, the wait is that of the queue in which all are served. */
static void test_erlang_waits(void **state)
{
    (void)state;
    for (unsigned agents = 1; agents < 6; agents++) {
        const struct line line = {3.5, 4.0, 1e-7, 1e9};
        const struct served a = oracle_erlang_a(line, agents), c = oracle_erlang_c(line, agents);
        assert_close(a.wait, c.wait, 1e-5, 0.0);
    }
}

/* ------------------------------------------------------------------ chance */

static void test_inversion(void **state)
{
    (void)state;
    for (int k = 1; k < 1000; k++) {
        const double u = k / 1000.0;
        const unsigned x = oracle_poisson(u, 3.7), many = oracle_poisson(u, 900.0), y = oracle_binomial(u, 9, 0.3);
        assert_true(u < gsl_cdf_poisson_P(x, 3.7) && (x == 0 || u >= gsl_cdf_poisson_P(x - 1, 3.7)));
        assert_true(u < gsl_cdf_poisson_P(many, 900.0) && u >= gsl_cdf_poisson_P(many - 1, 900.0));
        assert_true(u < gsl_cdf_binomial_P(y, 0.3, 9) && (y == 0 || u >= gsl_cdf_binomial_P(y - 1, 0.3, 9)));
    }
    assert_int_equal(oracle_binomial(0.999, 5, 1.0), 5);
    assert_int_equal(oracle_binomial(0.999, 5, 0.0), 0);
}

static void test_quantiles_solve_their_distribution(void **state)
{
    (void)state;
    const double shapes[] = {0.06, 0.3, 1.0, 4.0, 250.0};
    for (size_t a = 0; a < 5; a++) {
        for (int k = 1; k < 100; k++) {
            const double u = k / 100.0;
            const double g = oracle_quantile((struct gw_distribution){GW_GAMMA, shapes[a], 3.0, 0.0}, u);
            assert_close(gsl_cdf_gamma_P(g, shapes[a], 1.0 / 3.0), u, 1e-8, 0.0);
            const double h = oracle_quantile((struct gw_distribution){GW_INVERSE_GAMMA, shapes[a], 3.0, 0.0}, u);
            assert_close(gsl_cdf_gamma_Q(1.0 / h, shapes[a], 1.0 / 3.0), u, 1e-8, 0.0);
            for (size_t b = 0; b < 5; b++) {
                const double x = oracle_quantile((struct gw_distribution){GW_BETA, shapes[a], shapes[b], 0.0}, u);
                if (x < 0.999999) { /* nearer to 1 doubles are too far apart */
                    assert_close(gsl_cdf_beta_P(x, shapes[a], shapes[b]), u, 1e-8, 0.0);
                }
            }
            const double t = oracle_quantile((struct gw_distribution){GW_TRIANGULAR, 1.0, 5.0, 2.0}, u);
            const double below = (t - 1.0) * (t - 1.0) / 4.0, above = 1.0 - (5.0 - t) * (5.0 - t) / 12.0;
            assert_close(t < 2.0 ? below : above, u, 1e-12, 0.0);
        }
    }
}

/* Lanes and words are laid out as the page says: no two consumers share a draw, and all draws look uniform. */
static void test_uniforms(void **state)
{
    (void)state;
    struct life w = life_begin(life_one_firm(4096, 1), 0);
    double *group = calloc(4096, sizeof *group), *single = calloc(4096, sizeof *single);
    assert_true(group != NULL && single != NULL);
    for (uint32_t i = 0; i < 4096; i++) {
        group[i] = oracle_group(w.oracle, OCCASIONS, i, 0, 0);
        single[i] = oracle_single(w.oracle, OCCASIONS, i, 1, 5);
        assert_true(i == 0 || (group[i] != group[i - 1] && single[i] != single[i - 1]));
        assert_true(i < 128 || group[i] != group[i - 128]);
    }
    life_mean(group, 4096, 0.5);
    life_mean(single, 4096, 0.5);
    free(group);
    free(single);
    life_finish(&w);
}

/* ------------------------------------------------------------------ bookkeeping */

/* Two firms and every behaviour at work. */
static struct gw_scenario *everything_on(bool contractual)
{
    static const struct {
        const char *area, *name;
        double value;
    } numbers[] = {
        {"firms", "initial_share", 0.3},
        {"firms", "price", 1.05},

        {"firms", "wage", 20.0},
        {"firms", "handling_minutes", 12.0},
        {"firms", "patience_minutes", 3.0},
        {"firms", "hours_per_week", 20.0},
        {"firms", "failure_rate", 0.2},
        {"firms", "repair_share", 0.5},
        {"firms", "repair_cost", 0.3},
        {"firms", "spend.empathy", 100.0},
        {"firms", "treatment_floor", 0.4},
        {"firms", "treatment_ceiling", 0.9},
        {"firms", "half_spend", 80.0},
        {"firms", "response_curve", 1.5},
        {"firms", "stage_spread", 0.6},
        {"firms", "common_share", 0.4},
        {"firms", "product_quality", 0.65},
        {"firms", "product_spread", 0.5},
        {"firms", "survey_rate", 0.3},
        {"firms", "unit_cost", 0.4},
        {"firms", "serve_cost", 0.1},
        {"firms", "fixed_cost", 33.333333},
        {"population", "purchase_rate", 10.0},
        {"population", "price_sensitivity", 2.0},
        {"population", "inertia", 1.0},
        {"population", "category_appeal", 1.0},
        {"population", "taste_sd", 0.7},
        {"population", "question_rate", 0.4},
        {"population", "give_up", 0.5},
        {"population", "complaint_rate", 0.5},
        {"population", "order_value", 3.3},
        {"population", "tells_always", 0.2},
        {"population", "tells_per_experience", 0.4},
        {"population", "gain_weight", 1.0},
        {"population", "loss_aversion", 2.0},
        {"population", "adaptation", 0.2},
        {"population", "stop_base", -4.0},
        {"population", "attitude_weight", 1.0},
        {"population", "dropout", 0.02},
        {"population", "lifetime_rate", 0.1},
        {"population", "churn", 0.2},
        {"market", "avoidance", 0.3},
        {"market", "reference_price", 1.0},
        {"market", "hearing_up", 0.1},
        {"market", "hearing_down", 0.2},
        {"market", "experience_pull", 0.2},
        {"market", "memory_take_up", 1.0},
        {"market", "order_shape", 2.0},
        {"market", "contract_years", 0.25},
        {"market", "renewal_memory", 1.0},
        {"market", "renewal_failure", 1.0},
        {"market", "renewal_attitude", 1.0},
        {"market", "renewal_price", 1.0},
    };
    struct gw_scenario *s = by_hand(2000, 2, 30);
    for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++) {
        by_hand_set(s, numbers[k].area, numbers[k].name, numbers[k].value);
    }
    by_hand_set(s, "firms", "agents.phone", 0.5);
    s->contractual = contractual;
    s->warm_up = 5;
    return s;
}

static void assert_all_at_work(struct oracle *o, bool contractual)
{
    static const struct {
        const char *name, *label;
    } some[] = {{"questions", "phone"},      {"unanswered", "phone"}, {"failures", ""},
                {"complaints", ""},          {"repairs", ""},         {"experiences", "positive"},
                {"experiences", "negative"}, {"told", "positive"},    {"told", "negative"},
                {"heard", "positive"},       {"heard", "negative"},   {"answers", "detractors"},
                {"answers", "passives"},     {"left", "failure"},     {"left", "service"},
                {"left", "dropout"},         {"joined", ""},          {"won_back", ""},
                {"purchases", ""},           {"survivors", ""},       {"recent_buyers", ""}};
    int64_t sum[sizeof some / sizeof some[0]] = {0};
    for (int t = 0; t < 30; t++) {
        life_period(o, 1);
        for (size_t k = 0; k < sizeof some / sizeof some[0]; k++) {
            sum[k] += oracle_tally(o, some[k].name, some[k].label, 0);
        }
        assert_true(contractual || oracle_tally(o, "left", "renewal", 0) == 0);
    }
    for (size_t k = 0; k < sizeof some / sizeof some[0]; k++) {
        if (sum[k] <= 0) {
            fail_msg("%s[%s] never happened", some[k].name, some[k].label);
        }
    }
}

static void test_everything_happens(void **state)
{
    (void)state;
    for (int contractual = 0; contractual < 2; contractual++) {
        struct life w = life_begin(everything_on(contractual), 2);
        assert_all_at_work(w.oracle, contractual);
        life_finish(&w);
    }
}

/* Customers at the end = at the start + joined + won back - left; the ledger balances and is what the events say. */
static void test_flows_and_ledger_balance(void **state)
{
    (void)state;
    struct life w = life_begin(everything_on(false), 2);
    int64_t active[2] = {w.oracle->active_first[0], w.oracle->active_first[1]};
    for (int t = 0; t < 30; t++) {
        life_period(w.oracle, t < 5 ? -1 : 0);
        size_t events;
        const struct oracle_event *event = oracle_events(w.oracle, &events);
        for (int f = 0; f < 2; f++) {
            int64_t balance = 0, into_cash = 0;
            for (int account = 0; account < GW_ACCOUNTS; account++) {
                balance += oracle_ledger(w.oracle, account, f);
            }
            for (size_t k = 0; k < events; k++) {
                const int64_t sign = (event[k].debit == GW_CASH) - (event[k].credit == GW_CASH);
                into_cash += event[k].firm == f ? sign * event[k].micro : 0;
            }
            assert_int_equal(balance, 0);
            assert_int_equal(into_cash, oracle_ledger(w.oracle, GW_CASH, f));
            active[f] += oracle_tally(w.oracle, "joined", "", f) + oracle_tally(w.oracle, "won_back", "", f);
            for (int cause = 0; cause < CAUSES; cause++) {
                active[f] -= oracle_tally(w.oracle, "left", causes[cause], f);
            }
            assert_int_equal(oracle_tally(w.oracle, "active", "", f), active[f]);
            assert_int_equal(oracle_ledger(w.oracle, GW_FIXED_COST, f), llrint(33.333333 * 52.0 / 12.0 * 1e6));
        }
    }
    life_finish(&w);
}

/* On a graph without loose ends every message told is heard one period later. */
static void test_messages_arrive_next_period(void **state)
{
    (void)state;
    struct life w = life_begin(everything_on(false), 3);
    int64_t told[2][2] = {{0}};
    for (int t = 0; t < 10; t++) {
        life_period(w.oracle, 0);
        for (int f = 0; f < 2; f++) {
            for (int sign = 0; sign < 2; sign++) {
                assert_int_equal(oracle_tally(w.oracle, "heard", signs[sign], f), told[f][sign]);
                told[f][sign] = oracle_tally(w.oracle, "told", signs[sign], f);
            }
        }
    }
    assert_true(told[0][0] > 0 && told[0][1] > 0);
    life_finish(&w);
}

static void assert_same(const struct oracle *a, const struct oracle *b)
{
    size_t m, n;
    const struct oracle_event *x = oracle_events(a, &m), *y = oracle_events(b, &n);
    assert_int_equal(m, n);
    for (size_t k = 0; k < m; k++) {
        assert_true(x[k].consumer == y[k].consumer && x[k].micro == y[k].micro && x[k].name == y[k].name);
    }
    for (uint32_t i = 0; i < a->scenario->population; i++) {
        for (int f = 0; f < 2; f++) {
            assert_true(oracle_column(a, "attitude", i, f) == oracle_column(b, "attitude", i, f));
            assert_true(oracle_column(a, "remembered", i, f) == oracle_column(b, "remembered", i, f));
            assert_true(oracle_column(a, "barred_until", i, f) == oracle_column(b, "barred_until", i, f));
        }
    }
}

/* The same replication twice, and a copy made on the way, end in the same state; another replication does not. */
static void test_deterministic(void **state)
{
    (void)state;
    struct life w = life_begin(everything_on(false), 2), twin = life_begin(everything_on(false), 2);
    for (int t = 0; t < 5; t++) {
        life_period(w.oracle, -1);
        life_period(twin.oracle, -1);
    }
    struct oracle *copy = oracle_copy(w.oracle), *other = oracle_create(w.scenario, w.network, 1, NULL);
    assert_true(copy != NULL && other != NULL);
    for (int t = 0; t < 5; t++) {
        life_period(other, -1);
    }
    for (int t = 0; t < 10; t++) {
        life_period(w.oracle, 0);
        life_period(twin.oracle, 0);
        life_period(copy, 0);
        life_period(other, 0);
    }
    assert_same(w.oracle, twin.oracle);
    assert_same(w.oracle, copy);
    assert_int_not_equal(oracle_ledger(w.oracle, GW_REVENUE, 0), oracle_ledger(other, GW_REVENUE, 0));
    oracle_free(copy);
    oracle_free(other);
    life_finish(&w);
    life_finish(&twin);
}

/* Strategies differ only from the origin on, and only by what they set. */
static void test_strategies_start_from_one_state(void **state)
{
    (void)state;
    struct gw_scenario *s = everything_on(false);
    by_hand_number(s, 1, "firms", "price", 0)->value = 0.8;
    struct life w = life_begin(s, 2);
    for (int t = 0; t < 5; t++) {
        life_period(w.oracle, -1);
    }
    struct oracle *cheap = oracle_copy(w.oracle);
    assert_non_null(cheap);
    assert_same(cheap, w.oracle);
    life_period(w.oracle, 0);
    life_period(cheap, 1);
    assert_true(oracle_tally(cheap, "purchases", "", 0) > oracle_tally(w.oracle, "purchases", "", 0));
    assert_true(oracle_column(cheap, "taste", 7, 0) == oracle_column(w.oracle, "taste", 7, 0));
    oracle_free(cheap);
    life_finish(&w);
}

static void test_schedule(void **state)
{
    (void)state;
    struct gw_change change[] = {{2, 6, 2.0}, {8, 8, 0.5}};
    struct gw_scenario *s = life_one_firm(1, 10);
    s->warm_up = 3;
    *by_hand_number(s, 0, "firms", "price", 0) = (struct gw_number){.how = GW_SCHEDULE, .schedule = {1.0, 2, change}};
    struct life w = life_begin(s, 0);
    const double want[] = {1.0, 1.0, 1.0, 1.25, 1.5, 1.75, 2.0, 2.0, 0.5, 0.5};
    for (int t = -3; t < 10; t++) {
        life_period(w.oracle, t < 0 ? -1 : 0);
        assert_close(oracle_firm(w.oracle, "price", 0), t < 0 ? 1.0 : want[t], 1e-15, 0.0);
    }
    life_finish(&w);
}

/* A firm whose only event is a fixed cost of 12 per period is worth an annuity and its fading rest. */
static void test_valuation(void **state)
{
    (void)state;
    struct gw_scenario *s = life_one_firm(10, 24);
    s->warm_up = 2;
    by_hand_set(s, "firms", "fixed_cost", 36.0);
    by_hand_set(s, "market", "discount_rate", 0.1);
    by_hand_set(s, "market", "fade", 0.2);
    by_hand_set(s, "market", "terminal", FADE);
    struct life w = life_begin(s, 0);
    for (int t = 0; t < 26; t++) {
        life_period(w.oracle, t < 2 ? -1 : 0);
    }
    const struct oracle_value value = oracle_valuation(w.oracle, 0);
    const double v = pow(1.1, -1.0 / 12.0), cost = 36.0 * 52.0 / 12.0;
    assert_close(value.horizon, -cost * v * (1.0 - pow(v, 24.0)) / (1.0 - v), 1e-12, 0.0);
    assert_close(value.terminal, -cost * 12.0 / 0.3 * pow(1.1, -2.0), 1e-12, 0.0);
    life_finish(&w);
}

/* An uncertain number is one draw per replication with the law it was given. */
static void test_uncertain_world(void **state)
{
    (void)state;
    enum { WORLDS = 4000 };
    static double price[WORLDS];
    struct gw_scenario *s = life_one_firm(2, 1);
    *by_hand_number(s, -1, "firms", "price", 0) =
        (struct gw_number){.how = GW_UNCERTAIN, .spread = {.distribution = {GW_LOGNORMAL, 2.0, 0.5, 0.0}}};
    struct gw_network *nobody = by_hand_ring(2, 0);
    for (uint32_t k = 0; k < WORLDS; k++) {
        struct oracle *o = oracle_create(s, nobody, k, NULL);
        assert_non_null(o);
        price[k] = oracle_firm(o, "price", 0);
        oracle_free(o);
    }
    life_mean(price, WORLDS, 2.0);
    by_hand_ring_free(nobody);
    by_hand_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nbd),
        cmocka_unit_test(test_bg_nbd),
        cmocka_unit_test(test_pareto_nbd),
        cmocka_unit_test(test_pareto_survival),
        cmocka_unit_test(test_sbg),
        cmocka_unit_test(test_gamma_gamma),
        cmocka_unit_test(test_choice_and_second_choice),
        cmocka_unit_test(test_erlang_limits),
        cmocka_unit_test(test_erlang_waits),
        cmocka_unit_test(test_inversion),
        cmocka_unit_test(test_quantiles_solve_their_distribution),
        cmocka_unit_test(test_uniforms),
        cmocka_unit_test(test_everything_happens),
        cmocka_unit_test(test_flows_and_ledger_balance),
        cmocka_unit_test(test_messages_arrive_next_period),
        cmocka_unit_test(test_deterministic),
        cmocka_unit_test(test_strategies_start_from_one_state),
        cmocka_unit_test(test_schedule),
        cmocka_unit_test(test_valuation),
        cmocka_unit_test(test_uncertain_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
