#include "output/figures.h"

#include "core/memory.h"
#include "output/figure.h"

#include <stdlib.h>
#include <string.h>

static const struct gw_figure figures[] = {
    {"customers", "active customers over time, by strategy"},
    {"retention", "annual retention year by year, by strategy"},
    {"survival", "share of the customers at the start who have stayed, by strategy"},
    {"value", "distribution of the company value, by strategy"},
    {"difference", "company value against the first strategy, replication by replication"},
    {"word_of_mouth", "positive and negative tells per 1000 customers over time, by strategy"},
};
static gw_figure_writer *const writers[] = {gw_figure_customers, gw_figure_retention,  gw_figure_survival,
                                            gw_figure_value,     gw_figure_difference, gw_figure_word_of_mouth};
enum { FIGURES = sizeof figures / sizeof figures[0] };

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

void gw_figure_heading(struct gw_plot *plot, const struct gw_dataset *dataset, const char *title,
                       const char *subtitle)
{
    const char *scenario = gw_dataset_attribute(dataset, "title");
    const size_t drawn = gw_figure_strategies(dataset), all = gw_strategies(dataset);
    char shown[400], note[512];
    (void)gw_show_text(shown, sizeof shown, scenario == NULL ? "" : scenario, 90);
    if (drawn < all) {
        (void)snprintf(note, sizeof note, "The first %zu of %zu strategies%s%s", drawn, all,
                       shown[0] == '\0' ? "" : ". ", shown);
    } else {
        (void)snprintf(note, sizeof note, "%s", shown);
    }
    gw_plot_heading(plot, title, subtitle, note);
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

/* Position of a figure, or FIGURES. */
static size_t find(const char *name)
{
    size_t i = 0;
    while (i < FIGURES && strcmp(figures[i].name, name) != 0) {
        i++;
    }
    return i;
}

static int check_names(const char *const *names, size_t n, struct gw_error *error)
{
    char known[256] = "";
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
        ret = draw_one(dataset, n == 0 ? i : find(names[i]), directory, as, &(*results)[i], error);
        *count += ret == GW_OK;
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
