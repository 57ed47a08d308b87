/* What a decision has to say: experiment/decide.h names what it reads. */
#include "output/reports.h"

#include "output/decision_view.h"
#include "output/label.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 30 };

struct telling {
    struct gw_decision_view view;
    struct gw_report *report;
    enum gw_column_kind kind; /* of the measure */
};

static const char *strategy_name(const struct telling *t, char out[GW_NAME_SIZE], size_t strategy)
{
    (void)gw_show_strategy(out, GW_NAME_SIZE, t->view.dataset, strategy, NAME);
    return out;
}

static const char *estimate(const struct telling *t, char out[GW_SAY_SIZE], struct gw_shown x)
{
    return gw_say_estimate(out, t->kind, t->view.unit, x.value, x.low, x.high);
}

static const char *share(char out[GW_SAY_SIZE], struct gw_shown x)
{
    return gw_say_estimate(out, GW_COLUMN_SHARE, "1", x.value, x.low, x.high);
}

static double number_of(const struct telling *t, const char *attribute)
{
    const char *text = gw_dataset_attribute(t->view.dataset, attribute);
    return text == NULL ? NAN : strtod(text, NULL);
}

/* ---- Sentences ----------------------------------------------------------------------------------------------------
 */

static void say_choice(const struct telling *t)
{
    const struct gw_decision_view *v = &t->view;
    const size_t second = gw_decision_runner_up(v);
    char best[GW_NAME_SIZE], next[GW_NAME_SIZE], lead[GW_SAY_SIZE], chance[GW_SAY_SIZE];
    strategy_name(t, best, v->best);
    strategy_name(t, next, second);
    estimate(t, lead, v->lead[second]);
    share(chance, v->probability[v->best]);
    if (v->lead[second].low > 0.0) {
        gw_report_say(t->report,
                      "Choose %s: over what is not known its %s is ahead of %s by %s on average, and it is the best "
                      "strategy with a probability of %s.",
                      best, v->say, next, lead, chance);
    } else {
        gw_report_say(t->report,
                      "%s has the greatest expected %s, but its lead over %s of %s may be chance; it is the best "
                      "strategy with a probability of %s.",
                      best, v->say, next, lead, chance);
    }
}

static void say_cost(const struct telling *t)
{
    char text[GW_SAY_SIZE];
    if (t->view.evpi->high > 0.0) {
        gw_report_say(
            t->report,
            "Deciding now costs %s on average against deciding once everything is known (the expected value "
            "of perfect information): more than that no study is worth.",
            estimate(t, text, *t->view.evpi));
    } else {
        gw_report_say(t->report, "Nothing that could be found out would change the choice: in no possible world does "
                                 "another strategy come out ahead.");
    }
}

static void say_first_to_know(const struct telling *t)
{
    const struct gw_decision_view *v = &t->view;
    const size_t first = gw_decision_first_to_know(v);
    char name[GW_NAME_SIZE], text[GW_SAY_SIZE];
    if (first == SIZE_MAX) {
        gw_report_say(t->report, "No single unknown is shown to be worth finding out by itself.");
        return;
    }
    gw_report_say(t->report, "Most worth finding out first: %s, up to %s.", gw_decision_target(v, first, name),
                  estimate(t, text, v->evppi[first]));
}

static void say_uncertainty(const struct telling *t)
{
    const struct gw_decision_view *v = &t->view;
    const struct gw_shown x = v->lead_share[gw_decision_runner_up(v)];
    char text[GW_SAY_SIZE];
    if (isfinite(x.value)) {
        gw_report_say(t->report,
                      "Of what one replication of that lead varies by, %s of the variance is ignorance of what the "
                      "world is like; the rest is luck, which no study removes.",
                      share(text, x));
    }
}

/* ---- Tables -------------------------------------------------------------------------------------------------------
 */

static void put(struct gw_report *report, struct gw_shown x)
{
    gw_report_interval(report, x.value, x.low, x.high);
}

static void tell_strategies(const struct telling *t)
{
    const struct gw_decision_view *v = &t->view;
    const struct gw_report_column column[] = {{"strategy", "Strategy", GW_COLUMN_TEXT, false},
                                              {"expected_value", "Expected", t->kind, true},
                                              {"probability_best", "Best with probability", GW_COLUMN_SHARE, true},
                                              {"regret", "Expected regret", t->kind, true},
                                              {"lead", "Best is ahead by", t->kind, true}};
    char name[GW_NAME_SIZE];
    gw_report_table(t->report, "strategies", "Strategies over possible worlds, 95% intervals:", column,
                    sizeof column / sizeof *column);
    for (size_t s = 0; s < v->strategies; s++) {
        gw_report_text(t->report, strategy_name(t, name, s));
        put(t->report, v->expected[s]);
        put(t->report, v->probability[s]);
        put(t->report, v->regret[s]);
        put(t->report, s == v->best ? (struct gw_shown){NAN, NAN, NAN} : v->lead[s]);
    }
}

static void tell_information(const struct telling *t)
{
    const struct gw_decision_view *v = &t->view;
    const struct gw_report_column column[] = {{"target", "To find out", GW_COLUMN_TEXT, false},
                                              {"evppi", "Worth at most", t->kind, true},
                                              {"of_evpi", "Of all there is", GW_COLUMN_SHARE, false},
                                              {"error", "Standard error", t->kind, false},
                                              {"bias", "Bias taken out", t->kind, false},
                                              {"explained", "Explains", GW_COLUMN_SHARE, false},
                                              {"terms", "Terms", GW_COLUMN_COUNT, false}};
    char name[GW_NAME_SIZE];
    gw_report_table(t->report, "information",
                    "What it is worth to find out before deciding (EVPPI), 95% intervals; the last row is "
                    "everything (EVPI):",
                    column, sizeof column / sizeof *column);
    for (size_t i = 0; i < v->targets; i++) {
        gw_report_text(t->report, gw_decision_target(v, i, name));
        put(t->report, v->evppi[i]);
        gw_report_number(t->report, v->evppi[i].value / v->evpi->value);
        gw_report_number(t->report, v->error[i]);
        gw_report_number(t->report, v->bias[i]);
        gw_report_number(t->report, v->explained[i]);
        gw_report_number(t->report, v->terms[i]);
    }
    gw_report_text(t->report, "everything");
    put(t->report, *v->evpi);
    gw_report_number(t->report, v->evpi->value > 0.0 ? 1.0 : NAN);
    for (int i = 0; i < 4; i++) {
        gw_report_number(t->report, NAN);
    }
}

static void tell_uncertainty(const struct telling *t)
{
    const struct gw_decision_view *v = &t->view;
    const struct gw_report_column column[] = {{"strategy", "Strategy", GW_COLUMN_TEXT, false},
                                              {"value", "Ignorance in its value", GW_COLUMN_SHARE, true},
                                              {"lead", "Ignorance in the lead over it", GW_COLUMN_SHARE, true},
                                              {"pairing_luck", "Common luck", GW_COLUMN_NUMBER, true},
                                              {"pairing_total", "Common world and luck", GW_COLUMN_NUMBER, true}};
    const struct gw_shown none = {NAN, NAN, NAN};
    char name[GW_NAME_SIZE];
    gw_report_table(t->report, "uncertainty",
                    "Share of ignorance in the variance of one replication; variance of the lead under permuted "
                    "pairing over that of pairs that share luck (within worlds), or world and luck; 95% intervals:",
                    column, sizeof column / sizeof *column);
    for (size_t s = 0; s < v->strategies; s++) {
        const bool best = s == v->best;
        gw_report_text(t->report, strategy_name(t, name, s));
        put(t->report, v->share[s]);
        put(t->report, best ? none : v->lead_share[s]);
        put(t->report, best ? none : v->pairing_luck[s]);
        put(t->report, best ? none : v->pairing_total[s]);
    }
}

static struct gw_shown acceptability(const struct gw_decision_view *v, size_t curve, size_t point)
{
    const size_t leader = (size_t)v->leader[curve * v->points + point];
    return v->acceptability[(curve * v->strategies + leader) * v->points + point];
}

/* Stretches of an input over which one strategy leads. */
static void tell_stretches(const struct telling *t, size_t curve)
{
    const struct gw_decision_view *v = &t->view;
    const int64_t *leader = v->leader + curve * v->points;
    char name[GW_NAME_SIZE];
    for (size_t from = 0, to; from < v->points; from = to + 1) {
        for (to = from; to + 1 < v->points && leader[to + 1] == leader[from];) {
            to++;
        }
        gw_report_text(t->report, gw_decision_curve(v, curve, name));
        gw_report_number(t->report, v->at[curve * v->points + from]);
        gw_report_number(t->report, v->at[curve * v->points + to]);
        gw_report_text(t->report, strategy_name(t, name, (size_t)leader[from]));
        put(t->report, acceptability(v, curve, from));
        put(t->report, acceptability(v, curve, to));
    }
}

static void tell_frontier(const struct telling *t)
{
    const struct gw_report_column column[] = {
        {"against", "Where", GW_COLUMN_TEXT, false},
        {"from", "is from", GW_COLUMN_NUMBER, false},
        {"to", "to", GW_COLUMN_NUMBER, false},
        {"leader", "Greatest expected", GW_COLUMN_TEXT, false},
        {"probability_from", "Best with probability at the first", GW_COLUMN_SHARE, true},
        {"probability_to", "at the last", GW_COLUMN_SHARE, true}};
    gw_report_table(t->report, "frontier", "The choice where an unknown is known, 95% intervals:", column,
                    sizeof column / sizeof *column);
    for (size_t c = 0; c < t->view.curves; c++) {
        tell_stretches(t, c);
    }
}

/* ---- Notes --------------------------------------------------------------------------------------------------------
 */

static void note_worlds(const struct telling *t)
{
    const struct gw_decision_view *v = &t->view;
    const char *design = gw_dataset_attribute(v->dataset, "design");
    const double wanted = number_of(t, "inner_wanted");
    gw_report_note(t->report,
                   "%zu possible worlds from %zu uncertain inputs, drawn %s%s; %zu replication%s of luck in each, no "
                   "luck twice.",
                   v->worlds, v->unknowns, design != NULL && strcmp(design, "at random") == 0 ? "" : "by ",
                   design == NULL ? "" : design, v->inner, v->inner == 1 ? "" : "s");
    if (!(number_of(t, "inner_chosen") > 0.0)) {
        gw_report_note(t->report, "That number was given.");
    } else if (wanted > (double)v->inner) {
        gw_report_note(t->report,
                       "That number is the most that the program chooses; by the pilot %.0f would have left luck a "
                       "fifth of the variance of a world's lead. Luck is taken out all the same (see the bounds); "
                       "inner: sets another number.",
                       wanted);
    } else {
        gw_report_note(t->report,
                       "That number was chosen by a pilot: luck is at most about a fifth of the variance of a "
                       "world's lead.");
    }
}

static void note_bounds(const struct telling *t)
{
    const struct gw_decision_view *v = &t->view;
    char above[GW_SAY_SIZE], below[GW_SAY_SIZE];
    if (!(number_of(t, "luck_removed") > 0.0)) {
        gw_report_note(t->report, "With one replication in a world luck cannot be told from ignorance: the value of "
                                  "perfect information, regrets and probabilities hold both, and are too high, or "
                                  "too near to even.");
        return;
    }
    gw_report_note(t->report,
                   "Bounds of the value of perfect information whatever the distributions: %s with luck left in, %s "
                   "choosing by one half of the luck and valuing by the other.",
                   estimate(t, above, *v->above), estimate(t, below, *v->below));
}

static void note_design(const struct telling *t)
{
    const char *design = gw_dataset_attribute(t->view.dataset, "design");
    if (design != NULL && strcmp(design, "at random") != 0) {
        gw_report_note(t->report,
                       "Intervals are those of independent worlds; this design spreads worlds more evenly, "
                       "so that means are if anything more precise than told.");
    }
}

/* The standard error of a difference is not to be had, as all come of the same worlds: the greater of the two, a
 * tenth of which is no violation. */
static void note_violation(const struct telling *t, const char *part, double value, const char *whole, double bound,
                           double error)
{
    char a[GW_SAY_SIZE], b[GW_SAY_SIZE];
    if (!(value > bound + 0.1 * error)) {
        return;
    }
    gw_report_note(
        t->report,
        "Bound broken: %s came out worth %s, more than %s with %s, by %.1f standard errors. The true values "
        "are in the other order; take the two for equal unless the errors are small.",
        part, gw_say_value(a, t->kind, t->view.unit, value), whole, gw_say_value(b, t->kind, t->view.unit, bound),
        (value - bound) / error);
}

static bool is_part_of(const struct gw_decision_view *v, size_t part, size_t whole)
{
    bool smaller = false;
    for (size_t u = 0; u < v->unknowns; u++) {
        const int64_t a = v->member[part * v->unknowns + u], b = v->member[whole * v->unknowns + u];
        if (a > b) {
            return false;
        }
        smaller = smaller || a < b;
    }
    return smaller;
}

static void note_violations(const struct telling *t)
{
    const struct gw_decision_view *v = &t->view;
    const double all_error = (v->evpi->high - v->evpi->value) / 1.96;
    char part[GW_NAME_SIZE], whole[GW_NAME_SIZE];
    for (size_t i = 0; i < v->targets; i++) {
        (void)gw_decision_target(v, i, part);
        note_violation(t, part, v->evppi[i].value, "everything together", v->evpi->value,
                       fmax(v->error[i], all_error));
        for (size_t j = 0; j < v->targets; j++) {
            if (is_part_of(v, i, j)) {
                (void)gw_decision_target(v, j, whole);
                note_violation(t, part, v->evppi[i].value, whole, v->evppi[j].value, fmax(v->error[i], v->error[j]));
            }
        }
    }
}

int gw_report_of_decide(const struct gw_dataset *dataset, struct gw_report *report, struct gw_error *error)
{
    struct telling t = {.report = report};
    const int ret = gw_decision_view_open(&t.view, dataset, error);
    if (ret != GW_OK) {
        return ret;
    }
    t.kind = t.view.money ? GW_COLUMN_MONEY : GW_COLUMN_NUMBER;
    say_choice(&t);
    say_cost(&t);
    say_first_to_know(&t);
    say_uncertainty(&t);
    tell_strategies(&t);
    tell_information(&t);
    tell_frontier(&t);
    tell_uncertainty(&t);
    note_worlds(&t);
    note_bounds(&t);
    note_design(&t);
    note_violations(&t);
    return GW_OK;
}
