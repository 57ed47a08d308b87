#include "output/figures.h"

#include "core/memory.h"
#include "output/figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct gw_figure figures[] = {
    {"customers", "active customers over time, by strategy", "active", NULL},
    {"retention", "annual retention year by year, by strategy", "retention_by_year", NULL},
    {"survival", "share of the customers at the start who have stayed, by strategy", "survivors, active_at_start",
     NULL},
    {"value", "distribution of the company value, by strategy", "company_value", NULL},
    {"difference", "company value against the first strategy, replication by replication",
     "company_value, two strategies", NULL},
    {"word_of_mouth", "positive and negative tells per 1000 customers over time, by strategy", "told, active", NULL},
    {"journey", "from question and purchase to repair, and who turns away unanswered, by channel",
     "questions, unanswered, given_up; better with experiences, purchases, failures, complaints, repairs", NULL},
    {"pyramid", "customers by level of loyalty over time, strategy beside strategy", "pyramid", NULL},
    {"waterfall", "from revenue to company value, cost by cost, strategy beside strategy",
     "discounted_ledger, horizon_value, terminal_value, company_value", NULL},
    {"cohorts", "customers still active by year of joining and years since, strategy beside strategy",
     "cohort_active, joined, won_back, active_at_start, a horizon of a year", NULL},
    {"satisfaction", "net promoter score and satisfaction, true and measured, over time",
     "answers, true_answers; better with csat, experiences", NULL},
    {"market_shares", "shares of all firms in purchases over time, strategy beside strategy",
     "firms_purchases, which takes keep: {firms: true}", NULL},
    {"sweep", "a measure over the settings of a sweep, along the one input or two that matter most",
     "value, mean, low, high, difference", "sweep"},
    {"acceptability", "how probably each strategy is the best, against what is not known", "acceptability, leader",
     "decide"},
    {"information", "what it is worth to find out, input by input and all together", "evppi, evpi", "decide"},
    {"worlds", "the lead of the best strategy over possible worlds, luck and ignorance apart", "value, lead",
     "decide"},
    {"break_even", "a measure over one input, with the place where the winner changes and its interval",
     "difference over x, break_even", "frontier"},
    {"frontier", "a measure over two inputs, with its break-even line and the line's band", "difference over y and x",
     "frontier"},
    {"tornado", "what each input does by itself, from its low end to its high end", "change, swing", "sensitivity"},
    {"morris", "elementary effects: how large they are, and how much they depend on the other inputs",
     "effect_size, effect_sd", "sensitivity"},
    {"sobol", "shares of variance, of each input by itself and with the others", "first_order, total_order",
     "sensitivity"},
    {"optimum", "the goal along each lever through the optimum, with the optimum's interval",
     "profile_x, profile_value, best", "optimise"},
    {"split", "the best values of the levers, stage by stage, and what is spent on them", "best, spend", "optimise"},
};
static gw_figure_writer *const writers[] = {
    gw_figure_customers, gw_figure_retention, gw_figure_survival, gw_figure_value, gw_figure_difference,
    gw_figure_word_of_mouth, gw_figure_journey, gw_figure_pyramid, gw_figure_waterfall, gw_figure_cohorts,
    gw_figure_satisfaction, gw_figure_market_shares, gw_figure_sweep,
    /* of decisions */
    gw_figure_acceptability, gw_figure_information, gw_figure_worlds,
    /* of frontiers */
    gw_figure_break_even, gw_figure_frontier,
    /* what drives a result */
    gw_figure_tornado, gw_figure_morris, gw_figure_sobol,
    /* of optima */
    gw_figure_optimum, gw_figure_split};
enum { FIGURES = sizeof figures / sizeof figures[0] };
_Static_assert(sizeof writers / sizeof writers[0] == FIGURES, "a writer per figure, in their order");

const struct gw_figure *gw_figures(size_t *count)
{
    *count = FIGURES;
    return figures;
}

size_t gw_figure_strategies(const struct gw_dataset *dataset)
{
    const size_t all = gw_strategies(dataset);
    return all < GW_PLOT_COLOURS ? all : GW_PLOT_COLOURS;
}

size_t gw_figure_name_columns(const struct gw_dataset *dataset, size_t columns)
{
    char name[GW_NAME_SIZE];
    size_t most = 0;
    for (size_t s = 0; s < gw_figure_strategies(dataset); s++) {
        const size_t used = gw_show_strategy(name, sizeof name, dataset, s, columns);
        most = used > most ? used : most;
    }
    return most;
}

void gw_figure_heading_cut(struct gw_plot *plot, const struct gw_dataset *dataset, const char *title,
                           const char *subtitle, const char *cut)
{
    const char *scenario = gw_dataset_attribute(dataset, "title");
    char shown[400], note[512];
    (void)gw_show_text(shown, sizeof shown, scenario == NULL ? "" : scenario, 90);
    (void)snprintf(note, sizeof note, "%s%s%s", cut, cut[0] == '\0' || shown[0] == '\0' ? "" : ". ", shown);
    gw_plot_heading(plot, title, subtitle, note);
}

void gw_figure_heading(struct gw_plot *plot, const struct gw_dataset *dataset, const char *title,
                       const char *subtitle)
{
    const size_t drawn = gw_figure_strategies(dataset), all = gw_strategies(dataset);
    char cut[80] = "";
    if (drawn < all) {
        (void)snprintf(cut, sizeof cut, "The first %zu of %zu strategies", drawn, all);
    }
    gw_figure_heading_cut(plot, dataset, title, subtitle, cut);
}

const char *gw_figure_replications(char out[64], const struct gw_dataset *dataset)
{
    const size_t n = gw_replications(dataset);
    (void)snprintf(out, 64, n == 1 ? "%zu replication" : "%zu replications", n);
    return out;
}

void gw_figure_direct_label(struct gw_plot *plot, double height, size_t colour, const char *text, size_t columns)
{
    char where[64];
    (void)snprintf(where, sizeof where, "graph 1.02, graph %.4f", height);
    gw_plot_label(plot, where, "left", GW_TEXT_BODY, gw_plot_colour(colour), text, columns);
}

int gw_figure_lacks(char reason[GW_REASON_SIZE], const char *array)
{
    (void)snprintf(reason, GW_REASON_SIZE, "the run holds no '%s'", array);
    return GW_OK;
}

bool gw_figure_open_labelled(struct gw_view *view, const char **labels, const struct gw_dataset *dataset,
                             const char *array, const char *third)
{
    const struct gw_array *found = gw_dataset_array(dataset, array);
    const int dims = third == NULL ? 3 : 4, last = found == NULL || found->dims != dims ? -1 : found->axis[dims - 1];
    if (last < 0 || last >= dataset->axes || dataset->axis[last].labels == NULL) {
        return false;
    }
    *labels = dataset->axis[last].name;
    return third == NULL ? gw_view_open(view, dataset, array, *labels, NULL)
                         : gw_view_open(view, dataset, array, third, *labels);
}

double gw_figure_period_years(const struct gw_dataset *dataset)
{
    const char *text = gw_dataset_attribute(dataset, "years");
    const double years = text == NULL ? NAN : strtod(text, NULL);
    return isfinite(years) && years > 0.0 ? years : 7.0 / 365.25;
}

struct gw_bins gw_figure_bins(size_t periods, double years)
{
    const double horizon = (double)periods * years;
    const double length = horizon > 15.0 ? 1.0 : horizon >= 1.5 ? 0.25 : years;
    const double whole = floor(length / years + 0.5);
    const size_t stride = whole < 1.0 ? 1 : (size_t)whole;
    return (struct gw_bins){periods / stride, stride, years,
                            length == 1.0    ? "Yearly"
                            : length == 0.25 ? "Quarterly"
                                             : "Period by period,"};
}

double gw_figure_bin_middle(const struct gw_bins *bins, size_t bin)
{
    return ((double)bin + 0.5) * (double)bins->stride * bins->years;
}

/* Position of a figure, or FIGURES. */
static size_t find(const char *name)
{
    size_t i = 0;
    while (i < FIGURES && strcmp(figures[i].name, name) != 0) {
        i++;
    }
    return i;
}

/* Whether the figure shows what the dataset holds. */
static bool is_of(const struct gw_figure *figure, const struct gw_dataset *dataset)
{
    const char *experiment = gw_dataset_attribute(dataset, "experiment");
    return figure->of == NULL || experiment == NULL ? figure->of == experiment : strcmp(figure->of, experiment) == 0;
}

static int check_names(const char *const *names, size_t n, struct gw_error *error)
{
    char known[32 * FIGURES] = ""; /* a name is shorter than 30 */
    for (size_t i = 0; i < FIGURES; i++) {
        (void)strcat(strcat(known, i == 0 ? "" : ", "), figures[i].name);
    }
    for (size_t i = 0; i < n; i++) {
        if (find(names[i]) == FIGURES) {
            return gw_fail(error, GW_BAD_INPUT, "there is no figure '%.80s'; there are %s", names[i], known);
        }
    }
    return GW_OK;
}

static int draw_one(const struct gw_dataset *dataset, size_t figure, const char *directory,
                    enum gw_plot_format format, struct gw_figure_result *result, struct gw_error *error)
{
    char reason[GW_REASON_SIZE] = "";
    struct gw_plot plot;
    int ret = gw_plot_begin(&plot, format, error);
    if (ret != GW_OK) {
        return ret;
    }
    result->name = figures[figure].name;
    ret = writers[figure](&plot, dataset, reason, error);
    if (ret == GW_OK && reason[0] == '\0') {
        return gw_plot_finish(&plot, directory, result->name, &result->path, error);
    }
    gw_plot_abandon(&plot);
    if (ret == GW_OK) {
        result->reason = gw_copy_text(reason);
        ret = result->reason == NULL ? gw_fail(error, GW_REFUSED, "out of memory for a figure") : GW_OK;
    }
    return ret;
}

int gw_figures_draw(const struct gw_dataset *dataset, const char *directory, const char *format,
                    const char *const *names, size_t n, struct gw_figure_result **results, size_t *count,
                    struct gw_error *error)
{
    enum gw_plot_format as;
    const size_t wanted = n == 0 ? FIGURES : n;
    *results = NULL;
    *count = 0;
    int ret = gw_plot_format_by_name(format, &as, error);
    ret = ret != GW_OK ? ret : check_names(names, n, error);
    if (ret != GW_OK) {
        return ret;
    }
    *results = calloc(wanted, sizeof **results);
    if (*results == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory for the figures");
    }
    const struct gw_plain plain = gw_plain_begin();
    for (size_t i = 0; ret == GW_OK && i < wanted; i++) {
        const size_t figure = n == 0 ? i : find(names[i]);
        if (n > 0 || is_of(&figures[figure], dataset)) {
            ret = draw_one(dataset, figure, directory, as, &(*results)[*count], error);
            *count += ret == GW_OK;
        }
    }
    gw_plain_end(plain);
    return ret;
}

void gw_figure_results_free(struct gw_figure_result *results, size_t count)
{
    for (size_t i = 0; results != NULL && i < count; i++) {
        free(results[i].path);
        free(results[i].reason);
    }
    free(results);
}
