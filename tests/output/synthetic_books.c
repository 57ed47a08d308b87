#include "close.h"
#include "core/draws.h"
#include "synthetic.h"

#include <math.h>

enum { CHANNELS = 6, LEVELS = 6, ACCOUNTS = 8, COHORTS = 11, ANSWERS = 3, SCORES = 5, SIGNS = 2, YEAR = 52 };
enum { MOST_FIRMS = 26 };

static const char *const channels[CHANNELS] = {"email", "phone", "store", "social", "web", "chat"};
static const char *const levels[LEVELS] = {"none", "satisfied", "delighted", "unique", "motivated", "loyal"};
static const char *const accounts[ACCOUNTS] = {"cash",     "revenue",          "cost_of_goods", "cost_to_serve",
                                               "recovery", "experience_spend", "advertising",   "fixed_cost"};
static const char *const cohorts[COHORTS] = {"start",  "year 1", "year 2", "year 3", "year 4", "year 5",
                                             "year 6", "year 7", "year 8", "year 9", "later"};
static const char *const answers[ANSWERS] = {"detractors", "passives", "promoters"};
static const char *const scores[SCORES] = {"1", "2", "3", "4", "5"};

/* Around `mean` with the spread of a Poisson variate, roughly (Box and Muller 1958). */
static int64_t count(const struct synthetic *what, double mean, size_t s, size_t r, size_t t, size_t cell)
{
    const struct gw_key key = gw_key_make(11, (uint32_t)r, 99);
    uint32_t word[4];
    gw_threefry(&key, (uint32_t)s, (uint32_t)t, (uint32_t)cell, 0, word);
    const double u = ((double)word[0] + 0.5) / 4294967296.0, v = ((double)word[1] + 0.5) / 4294967296.0;
    const double z = what->without_noise ? 0.0 : sqrt(-2.0 * log(u)) * cos(6.283185307179586 * v);
    return what->without_anybody ? 0 : (int64_t)fmax(0.0, mean + sqrt(mean) * z + 0.5);
}

static int add_axis(struct gw_dataset *data, const char *name, size_t length, const char *const *labels)
{
    const int axis = gw_dataset_add_axis(data, name, "1", name, length, labels, NULL);
    assert_true(axis >= 0);
    return axis;
}

typedef double mean_of(size_t strategy, double year, size_t label);

/* Series by (strategy, replication, period[, label]); label axis -1: none. */
static void add_series(struct gw_dataset *data, const struct synthetic *what, const char *name, int labels,
                       mean_of *mean, size_t cell)
{
    const int axis[] = {0, 1, 2, labels};
    const size_t parts = labels < 0 ? 1 : data->axis[labels].length;
    const int at = gw_dataset_add_array(data, name, "1", name, GW_INT64, labels < 0 ? 3 : 4, axis);
    assert_true(at >= 0);
    const size_t length = what->strategies * what->replications * what->periods * parts;
    for (size_t i = 0; i < length; i++) {
        const size_t part = i % parts, t = i / parts % what->periods, series = i / parts / what->periods;
        const size_t s = series / what->replications, r = series % what->replications;
        const double expected = mean(s, ((double)t + 1.0) / YEAR, part);
        data->array[at].integers[i] = count(what, expected, s, r, t, 100 * cell + part);
    }
}

static double questions(size_t s, double year, size_t channel)
{
    (void)year;
    return channel == 3 ? 0.0 : 300.0 / (double)(channel + 1) + 10.0 * (double)s;
}

static double unanswered(size_t s, double year, size_t channel)
{
    return questions(s, year, channel) * (0.05 + 0.03 * (double)channel);
}

static double given_up(size_t s, double year, size_t channel)
{
    return unanswered(s, year, channel) * 0.45;
}

static double experiences(size_t s, double year, size_t sign)
{
    (void)year;
    return sign == 0 ? 900.0 + 40.0 * (double)s : 700.0;
}

static double purchases(size_t s, double year, size_t none)
{
    (void)year;
    (void)none;
    return 1800.0 + 50.0 * (double)s;
}

static double failures(size_t s, double year, size_t none)
{
    return 0.05 * purchases(s, year, none);
}

static double complaints(size_t s, double year, size_t none)
{
    return 0.4 * failures(s, year, none);
}

static double repairs(size_t s, double year, size_t none)
{
    return (0.5 + 0.05 * (double)s) * complaints(s, year, none);
}

static double pyramid(size_t s, double year, size_t level)
{
    const double first[LEVELS] = {0.42, 0.23, 0.15, 0.11, 0.06, 0.03};
    const double tilt = 0.05 * (1.0 + (double)s) * (1.0 - exp(-year));
    return 20000.0 * fmax(0.0, first[level] + tilt * ((double)level - 2.5) / 5.0);
}

/* Customers of a cohort, given at the end of whole years only. */
static double cohort_active(size_t s, double year, size_t cohort)
{
    const double age = year - (double)cohort;
    const bool whole = fabs(year - floor(year + 0.5)) < 1e-9;
    const double size = cohort == 0 ? 20000.0 : YEAR * 40.0;
    return whole && age >= 0.0 && cohort < 10 ? size * 0.9 * exp(-0.3 * age / (1.0 + 0.2 * (double)s)) : 0.0;
}

static double joined(size_t s, double year, size_t none)
{
    (void)s;
    (void)year;
    (void)none;
    return 30.0;
}

static double won_back(size_t s, double year, size_t none)
{
    return joined(s, year, none) / 3.0;
}

static double measured(size_t s, double year, size_t answer)
{
    const double share[ANSWERS] = {0.22, 0.3, 0.48};
    (void)year;
    return 25.0 * (share[answer] + (answer == 2 ? 0.05 : 0.0) * (double)s);
}

static double truth(size_t s, double year, size_t answer)
{
    const double share[ANSWERS] = {0.3, 0.3, 0.4};
    (void)year;
    return 5000.0 * (share[answer] + (answer == 2 ? 0.06 : 0.0) * (double)s);
}

static double csat(size_t s, double year, size_t score)
{
    (void)s;
    (void)year;
    return 4.0 * (double)(score + 1);
}

/* The amounts add up to the horizon value, with cash on the other side. */
static void add_ledger(struct gw_dataset *data, const struct synthetic *what)
{
    const double part[ACCOUNTS] = {0, -5.0, 0.0, 0.3, 0.02, 0.4, 0.0, 0.6};
    const int axis[] = {0, 1, add_axis(data, "account", ACCOUNTS, accounts)};
    const double scale = what->scale == 0.0 ? 1e6 : what->scale;
    const int at = gw_dataset_add_array(data, "discounted_ledger", "EUR", "", GW_FLOAT64, 3, axis);
    const struct gw_array *horizon = gw_dataset_array(data, "horizon_value");
    assert_true(at >= 0);
    for (size_t i = 0; i < what->strategies * what->replications; i++) {
        double *flow = data->array[at].reals + i * ACCOUNTS, sum = 0.0;
        flow[0] = horizon == NULL ? 0.0 : horizon->reals[i];
        for (size_t a = 1; a < ACCOUNTS; a++) {
            flow[a] = scale * part[a];
            sum += flow[a];
        }
        flow[2] = -flow[0] - sum;
    }
}

static void add_firms(struct gw_dataset *data, const struct synthetic *what)
{
    static const char *const names[MOST_FIRMS] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m",
                                                  "n", "o", "p", "q", "r", "s", "t", "u", "v", "w", "x", "y", "z"};
    const size_t firms = what->firms == 0 ? 3 : what->firms;
    assert_true(firms <= MOST_FIRMS);
    const int axis[] = {add_axis(data, "firm", firms, what->firm == NULL ? names : what->firm), 0, 1, 2};
    const int at = gw_dataset_add_array(data, "firms_purchases", "1", "", GW_INT64, 4, axis);
    assert_true(at >= 0);
    const size_t each = what->strategies * what->replications * what->periods;
    for (size_t i = 0; i < firms * each; i++) {
        const size_t f = i / each, t = i % what->periods, series = i % each / what->periods;
        const size_t s = series / what->replications, r = series % what->replications;
        const double mean = 2000.0 / (1.0 + (double)((f + 4) % firms)) + (f == 0 ? 100.0 * (double)s : 0.0);
        data->array[at].integers[i] = count(what, mean, s, r, t, 5000 + f);
    }
    assert_true(gw_dataset_add_attribute(data, "focal", what->firm == NULL ? "a" : what->firm[0]) >= 0);
}

void synthetic_books(struct gw_dataset *data, const struct synthetic *what)
{
    const int channel = add_axis(data, "channel", CHANNELS, channels), sign = 3;
    const int answer = add_axis(data, "answer", ANSWERS, answers);
    const struct {
        const char *name;
        int labels;
        mean_of *mean;
    } series[] = {
        {"questions", what->without_channels ? -1 : channel, questions},
        {"unanswered", what->without_channels ? -1 : channel, unanswered},
        {"given_up", what->without_channels ? -1 : channel, given_up},
        {"experiences", sign, experiences},
        {"purchases", -1, purchases},
        {"failures", -1, failures},
        {"complaints", -1, complaints},
        {"repairs", -1, repairs},
        {"pyramid", add_axis(data, "level", LEVELS, levels), pyramid},
        {"cohort_active", add_axis(data, "cohort", COHORTS, cohorts), cohort_active},
        {"joined", -1, joined},
        {"won_back", -1, won_back},
        {"answers", answer, measured},
        {"true_answers", answer, truth},
        {"csat", add_axis(data, "score", SCORES, scores), csat},
    };
    for (size_t i = 0; i < sizeof series / sizeof series[0]; i++) {
        add_series(data, what, series[i].name, series[i].labels, series[i].mean, i);
    }
    add_ledger(data, what);
    add_firms(data, what);
}
