/* What an optimisation has to say: the best use of the levers, what it is worth, how sure and how flat that is. */
#include "output/label.h"
#include "output/optimise_view.h"
#include "output/reports.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NAMED = 4 }; /* levers that a sentence names */

static enum gw_column_kind kind_of(const struct gw_optimise_view *v)
{
    return strcmp(v->unit, "money") == 0 ? GW_COLUMN_MONEY : GW_COLUMN_NUMBER;
}

static const char *estimate(const struct gw_optimise_view *v, double mean, double low, double high,
                            char out[GW_SAY_SIZE])
{
    return gw_say_estimate(out, kind_of(v), v->unit, mean, low, high);
}

/* "1840 money per week (95%: 1500 to 2200)" */
static const char *lever_value(const struct gw_optimise_view *v, size_t i, size_t s, char out[GW_SAY_SIZE])
{
    return gw_say_estimate(out, GW_COLUMN_NUMBER, gw_optimise_unit(v, i), gw_optimise_at(v, "best", i, s),
                           gw_optimise_at(v, "best_low", i, s), gw_optimise_at(v, "best_high", i, s));
}

static void say_best(const struct gw_optimise_view *v, struct gw_report *report)
{
    char goal[80], say[GW_NAME_SIZE], text[NAMED * (GW_LEVER_SIZE + GW_SAY_SIZE)] = "", name[GW_LEVER_SIZE];
    char value[GW_SAY_SIZE];
    const size_t cells = v->levers * v->stages;
    size_t at = 0;
    for (size_t c = 0; c < cells && cells <= NAMED; c++) {
        const size_t i = c / v->stages, s = c % v->stages;
        at += (size_t)snprintf(text + at, sizeof text - at, "%s%s at %s",
                               c == 0           ? ""
                               : c + 1 == cells ? " and "
                                                : ", ",
                               gw_optimise_lever(v, i, s, name), lever_value(v, i, s, value));
    }
    (void)gw_show_text(say, sizeof say, v->say, 60);
    gw_optimise_goal(v, goal);
    if (!(gw_optimise_note(v, "permitted") > 0.0)) {
        gw_report_say(report, "No choice %swas found that meets all requirements; this one comes nearest.",
                      v->budget ? "within the budget " : "");
    }
    if (cells <= NAMED) {
        gw_report_say(report, "The best for %s of %s: %s.", goal, say, text);
    } else {
        gw_report_say(report, "The best for %s of %s, with %zu levers in %zu stages, is what the table says.", goal,
                      say, v->levers, v->stages);
    }
}

/* Too much or too little, as far as the two samples tell. */
static void say_value(const struct gw_optimise_view *v, struct gw_report *report)
{
    char fresh[GW_SAY_SIZE], search[GW_SAY_SIZE], off[GW_SAY_SIZE];
    const double found = gw_optimise_note(v, "fresh"), promised = gw_optimise_note(v, "search");
    gw_report_say(report, "It is worth %s in %.0f fresh replications that had no say in the choice.",
                  estimate(v, found, gw_optimise_note(v, "fresh_low"), gw_optimise_note(v, "fresh_high"), fresh),
                  gw_optimise_note(v, "fresh_n"));
    gw_report_say(report, "Those that chose it promised %s, %s %s.",
                  gw_say_value(search, kind_of(v), v->unit, promised),
                  gw_say_value(off, kind_of(v), v->unit, fabs(promised - found)), promised > found ? "more" : "less");
}

static void say_budget(const struct gw_optimise_view *v, struct gw_report *report)
{
    char cost[GW_SAY_SIZE], budget[GW_SAY_SIZE];
    if (v->budget) {
        gw_report_say(report, "It takes %s of a budget of %s a week%s.",
                      gw_say_value(cost, GW_COLUMN_MONEY, "money", gw_optimise_note(v, "cost")),
                      gw_say_value(budget, GW_COLUMN_MONEY, "money", gw_optimise_note(v, "budget")),
                      gw_optimise_note(v, "budget_binds") > 0.0 ? ": all of it" : ": more money would not be used");
    }
}

static void say_places(const struct gw_optimise_view *v, struct gw_report *report)
{
    char name[GW_LEVER_SIZE];
    size_t at_ends = 0;
    for (size_t c = 0; c < v->levers * v->stages; c++) {
        const size_t i = c / v->stages, s = c % v->stages;
        const double place = gw_optimise_at(v, "place", i, s);
        if (place != 0.0 && at_ends++ < NAMED) {
            gw_report_say(report, "The optimum is at the %s end of the range of %s.", place < 0.0 ? "low" : "high",
                          gw_optimise_lever(v, i, s, name));
        }
    }
    if (at_ends == 0) {
        gw_report_say(report, "The optimum is interior: no lever is at an end of its range.");
    } else if (at_ends > NAMED) {
        gw_report_say(report, "In all, %zu levers are at an end of their range.", at_ends);
    }
}

/* The step of a tenth of a range that costs most. */
static void say_flatness(const struct gw_optimise_view *v, struct gw_report *report)
{
    char name[GW_LEVER_SIZE], value[GW_SAY_SIZE], low[48], high[48];
    const char *worst = NULL;
    size_t at = 0;
    double most = -INFINITY;
    if (gw_optimise_note(v, "flat") > 0.0) {
        gw_report_say(report, "It is flat: along no lever is any point told apart from it.");
        return;
    }
    for (size_t c = 0; c < 2 * v->levers * v->stages; c++) {
        const char *side = c % 2 == 0 ? "down" : "up";
        const double loss = -gw_optimise_at(v, side, c / 2 / v->stages, c / 2 % v->stages);
        if (loss > most) {
            most = loss;
            worst = side;
            at = c / 2;
        }
    }
    if (worst != NULL) {
        (void)snprintf(low, sizeof low, "%s_low", worst);
        (void)snprintf(high, sizeof high, "%s_high", worst);
        const size_t i = at / v->stages, s = at % v->stages;
        gw_report_say(report, "What matters most is %s: a tenth of its range %s changes the value by %s.",
                      gw_optimise_lever(v, i, s, name), worst[0] == 'd' ? "less" : "more",
                      estimate(v, gw_optimise_at(v, worst, i, s), gw_optimise_at(v, low, i, s),
                               gw_optimise_at(v, high, i, s), value));
    }
}

static void say_worth(const struct gw_optimise_view *v, struct gw_report *report)
{
    char name[GW_LEVER_SIZE], value[GW_SAY_SIZE];
    size_t best = 0;
    double most = -INFINITY;
    if (!(gw_optimise_note(v, "budget_binds") > 0.0)) {
        return;
    }
    for (size_t c = 0; c < v->levers * v->stages; c++) {
        const double worth = gw_optimise_at(v, "worth", c / v->stages, c % v->stages);
        const double place = gw_optimise_at(v, "place", c / v->stages, c % v->stages);
        if (worth > most && place <= 0.0) {
            most = worth;
            best = c;
        }
    }
    if (isfinite(most)) {
        const size_t i = best / v->stages, s = best % v->stages;
        gw_report_say(
            report, "One money a week more of it would bring most in %s: %s.", gw_optimise_lever(v, i, s, name),
            estimate(v, most, gw_optimise_at(v, "worth_low", i, s), gw_optimise_at(v, "worth_high", i, s), value));
    }
}

static void table_levers(const struct gw_optimise_view *v, struct gw_report *report)
{
    const enum gw_column_kind kind = kind_of(v);
    const struct gw_report_column columns[] = {{"lever", "Lever", GW_COLUMN_TEXT, false},
                                               {"best", "Best", GW_COLUMN_NUMBER, true},
                                               {"unit", "Unit", GW_COLUMN_TEXT, false},
                                               {"range_low", "From", GW_COLUMN_NUMBER, false},
                                               {"range_high", "To", GW_COLUMN_NUMBER, false},
                                               {"place", "Where", GW_COLUMN_TEXT, false},
                                               {"flat_low", "As good from", GW_COLUMN_NUMBER, false},
                                               {"flat_high", "to", GW_COLUMN_NUMBER, false},
                                               {"down", "A tenth less", kind, true},
                                               {"up", "A tenth more", kind, true},
                                               {"spend", "Money a week", GW_COLUMN_MONEY, false},
                                               {"worth", "By one money more", kind, true}};
    char name[GW_LEVER_SIZE];
    gw_report_table(report, "levers", "The optimum, with 95% intervals", columns, v->budget ? 12 : 10);
    for (size_t c = 0; c < v->levers * v->stages; c++) {
        const size_t i = c / v->stages, s = c % v->stages;
        const double place = gw_optimise_at(v, "place", i, s);
        const char *unit = gw_optimise_unit(v, i);
        gw_report_text(report, gw_optimise_lever(v, i, s, name));
        gw_report_interval(report, gw_optimise_at(v, "best", i, s), gw_optimise_at(v, "best_low", i, s),
                           gw_optimise_at(v, "best_high", i, s));
        gw_report_text(report, strcmp(unit, "1") == 0 ? "" : unit);
        gw_report_number(report, gw_optimise_at(v, "range_low", i, s));
        gw_report_number(report, gw_optimise_at(v, "range_high", i, s));
        gw_report_text(report, place < 0.0 ? "low end" : place > 0.0 ? "high end" : "inside");
        gw_report_number(report, gw_optimise_at(v, "flat_low", i, s));
        gw_report_number(report, gw_optimise_at(v, "flat_high", i, s));
        gw_report_interval(report, gw_optimise_at(v, "down", i, s), gw_optimise_at(v, "down_low", i, s),
                           gw_optimise_at(v, "down_high", i, s));
        gw_report_interval(report, gw_optimise_at(v, "up", i, s), gw_optimise_at(v, "up_low", i, s),
                           gw_optimise_at(v, "up_high", i, s));
        if (v->budget) {
            gw_report_number(report, gw_optimise_at(v, "spend", i, s));
            gw_report_interval(report, gw_optimise_at(v, "worth", i, s), gw_optimise_at(v, "worth_low", i, s),
                               gw_optimise_at(v, "worth_high", i, s));
        }
    }
}

static void table_requirements(const struct gw_optimise_view *v, struct gw_report *report)
{
    const struct gw_report_column columns[] = {{"measure", "Requirement", GW_COLUMN_TEXT, false},
                                               {"mean", "Mean", GW_COLUMN_NUMBER, true},
                                               {"above", "Above", GW_COLUMN_NUMBER, false},
                                               {"below", "Below", GW_COLUMN_NUMBER, false}};
    const struct gw_axis *axis = gw_dataset_axis(v->dataset, "requirement");
    if (v->requirements == 0) {
        return;
    }
    gw_report_table(report, "requirements", "Requirements, in fresh replications, with 95% intervals", columns, 4);
    for (size_t k = 0; k < v->requirements; k++) {
        gw_report_text(report, axis->labels[k]);
        gw_report_interval(report, gw_dataset_array(v->dataset, "required")->reals[k],
                           gw_dataset_array(v->dataset, "required_low")->reals[k],
                           gw_dataset_array(v->dataset, "required_high")->reals[k]);
        gw_report_number(report, gw_dataset_array(v->dataset, "required_above")->reals[k]);
        gw_report_number(report, gw_dataset_array(v->dataset, "required_below")->reals[k]);
    }
}

int gw_report_of_optimise(const struct gw_dataset *dataset, struct gw_report *report, struct gw_error *error)
{
    struct gw_optimise_view view;
    const int ret = gw_optimise_view_open(&view, dataset, error);
    if (ret != GW_OK) {
        return ret;
    }
    say_best(&view, report);
    say_value(&view, report);
    say_budget(&view, report);
    say_places(&view, report);
    say_flatness(&view, report);
    say_worth(&view, report);
    table_levers(&view, report);
    table_requirements(&view, report);
    gw_report_note(
        report,
        "%.0f points were tried with the same %.0f replications each; intervals of the levers by bootstrap. "
        "A tenth less or more: of the lever's range, the others giving way where the budget asks for it, in "
        "fresh replications. As good: not told apart from the optimum there.",
        gw_optimise_note(&view, "evaluated"), gw_optimise_note(&view, "replications"));
    return GW_OK;
}
