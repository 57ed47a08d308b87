#include "output/frontier_view.h"

#include "output/label.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double number(const struct gw_dataset *dataset, const char *name)
{
    const char *text = gw_dataset_attribute(dataset, name);
    return text == NULL ? NAN : strtod(text, NULL);
}

static const char *text(const struct gw_dataset *dataset, const char *name, const char *otherwise)
{
    const char *found = gw_dataset_attribute(dataset, name);
    return found == NULL ? otherwise : found;
}

static bool open_input(struct gw_frontier_input *input, const struct gw_dataset *dataset, const char *name)
{
    const struct gw_axis *axis = gw_dataset_axis(dataset, name);
    if (axis == NULL || axis->reals == NULL || axis->length < 2) {
        return false;
    }
    *input =
        (struct gw_frontier_input){.say = axis->long_name, .unit = axis->unit, .n = axis->length, .at = axis->reals};
    input->now = number(dataset, name[0] == 'x' ? "x_now" : "y_now");
    return true;
}

/* Data of `length` numbers of an array, NULL when it is not so. */
static const void *data(const struct gw_dataset *dataset, const char *name, enum gw_data_type type, size_t length)
{
    const struct gw_array *array = gw_dataset_array(dataset, name);
    const bool fits = array != NULL && array->type == type && gw_array_length(dataset, array) == length;
    return fits ? array->data : NULL;
}

static bool open_field(struct gw_frontier_view *v, const struct gw_dataset *d)
{
    const size_t n = v->x.n * (v->map ? v->y.n : 1);
    v->mean = data(d, "difference", GW_FLOAT64, n);
    v->low = data(d, "difference_low", GW_FLOAT64, n);
    v->high = data(d, "difference_high", GW_FLOAT64, n);
    v->n = data(d, "difference_n", GW_INT64, n);
    return v->mean != NULL && v->low != NULL && v->high != NULL && v->n != NULL;
}

static bool open_roots(struct gw_frontier_view *v, const struct gw_dataset *d)
{
    const struct gw_axis *axis = gw_dataset_axis(d, "crossing");
    const double crossings = number(d, "crossings"), zeros = number(d, "zeros"), sign = number(d, "sign");
    if (!(crossings >= 0.0 && crossings < 1e6 && zeros >= 0.0 && zeros < 1e6)) {
        return false;
    }
    v->crossings = (size_t)crossings;
    v->zeros = (size_t)zeros;
    v->sign = (sign > 0.0) - (sign < 0.0);
    v->undecided = number(d, "undecided") > 0.0;
    v->reached = number(d, "reached") > 0.0;
    if (axis == NULL) {
        return v->crossings == 0;
    }
    v->roots = axis->length;
    v->root = data(d, "break_even", GW_FLOAT64, v->roots);
    v->root_low = data(d, "break_even_low", GW_FLOAT64, v->roots);
    v->root_high = data(d, "break_even_high", GW_FLOAT64, v->roots);
    v->rising = data(d, "break_even_rising", GW_INT64, v->roots);
    v->open_low = data(d, "break_even_open_low", GW_INT64, v->roots);
    v->open_high = data(d, "break_even_open_high", GW_INT64, v->roots);
    return v->root != NULL && v->root_low != NULL && v->root_high != NULL && v->rising != NULL &&
           v->open_low != NULL && v->open_high != NULL;
}

static struct gw_frontier_line open_line(const struct gw_dataset *d, const char *name)
{
    const struct gw_array *array = gw_dataset_array(d, name);
    const size_t length = array == NULL || array->type != GW_FLOAT64 ? 0 : gw_array_length(d, array);
    return (struct gw_frontier_line){.n = length / 4, .piece = length == 0 ? NULL : array->reals};
}

static bool open_lines(struct gw_frontier_view *v, const struct gw_dataset *d)
{
    v->line = open_line(d, "break_even");
    v->band_low = open_line(d, "band_low");
    v->band_high = open_line(d, "band_high");
    v->above = number(d, "above");
    v->below = number(d, "below");
    v->between = number(d, "between");
    v->least = number(d, "least");
    v->most = number(d, "most");
    v->evaluated = number(d, "evaluated");
    return isfinite(v->above) && isfinite(v->below) && isfinite(v->between);
}

/* "value of Experience over Price cut" in place of a formula. */
static void say_lead(struct gw_frontier_view *v, const struct gw_dataset *dataset)
{
    char ahead[GW_NAME_SIZE], behind[GW_NAME_SIZE];
    if (v->ahead[0] != '\0' && strcmp(v->say, text(dataset, "measure", "")) == 0) {
        (void)gw_show_label(ahead, sizeof ahead, v->ahead, 20);
        (void)gw_show_label(behind, sizeof behind, v->behind, 20);
        (void)snprintf(v->lead, sizeof v->lead, "value of %.120s over %.120s", ahead, behind);
        v->say = v->lead;
    }
}

int gw_frontier_view_open(struct gw_frontier_view *view, const struct gw_dataset *dataset, struct gw_error *error)
{
    *view = (struct gw_frontier_view){.say = text(dataset, "say", "the measure"), .unit = text(dataset, "unit", "1")};
    view->ahead = text(dataset, "ahead", "");
    view->behind = text(dataset, "behind", "");
    say_lead(view, dataset);
    view->replications = number(dataset, "replications");
    view->map = gw_dataset_axis(dataset, "y") != NULL;
    bool good = open_input(&view->x, dataset, "x") && (!view->map || open_input(&view->y, dataset, "y")) &&
                open_field(view, dataset);
    good = good && (view->map ? open_lines(view, dataset) : open_roots(view, dataset));
    return good ? GW_OK : gw_fail(error, GW_BAD_INPUT, "the run file lacks what a frontier leaves");
}

const char *gw_frontier_side(const struct gw_frontier_view *view, bool above, char out[GW_SIDE_SIZE])
{
    char name[GW_NAME_SIZE];
    const char *strategy = above ? view->ahead : view->behind;
    if (strategy[0] == '\0') {
        (void)gw_show_text(name, sizeof name, view->say, 60);
        (void)snprintf(out, GW_SIDE_SIZE, "%s is %s 0", name, above ? "above" : "below");
    } else {
        (void)gw_show_label(name, sizeof name, strategy, 30);
        (void)snprintf(out, GW_SIDE_SIZE, "%s is ahead", name);
    }
    return out;
}

const char *gw_frontier_capital(char *text)
{
    if (text[0] >= 'a' && text[0] <= 'z' && strchr(text, '.') == NULL) {
        text[0] = (char)(text[0] - 'a' + 'A');
    }
    return text;
}

const char *gw_frontier_name(const struct gw_frontier_input *input, char out[GW_SIDE_SIZE])
{
    (void)gw_show_text(out, GW_NAME_SIZE, input->say, 40);
    for (char *c = out; (c = strchr(c, '_')) != NULL;) {
        *c = ' ';
    }
    return out;
}

double gw_frontier_height(const struct gw_frontier_view *view, const double *field, size_t x, size_t *times)
{
    double first = NAN;
    *times = 0;
    for (size_t j = 0; j + 1 < view->y.n; j++) {
        const double a = field[j * view->x.n + x], b = field[(j + 1) * view->x.n + x];
        if ((a >= 0.0) != (b >= 0.0)) {
            const double t = a / (a - b), at = (1.0 - t) * view->y.at[j] + t * view->y.at[j + 1];
            first = (*times)++ == 0 ? at : first;
        }
    }
    return first;
}
