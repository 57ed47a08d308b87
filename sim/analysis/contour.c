#include "analysis/contour.h"

#include "analysis/functional.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A cell: its lower left node and how many of the finest cells it spans. */
struct cell {
    size_t x, y, span;
    bool divided;
};

struct grid {
    const struct gw_response *response;
    const struct gw_contour_options *options;
    struct gw_contour *contour;
    struct cell *cell; /* every cell that there has been, coarse ones first */
    size_t cells;
    bool *asked;    /* [nodes] evaluated, or to be so next */
    size_t *wanted; /* nodes to be evaluated next */
    size_t wanting;
    struct gw_error *error;
};

static bool known(const struct gw_contour *c, size_t node)
{
    return c->n[node] > 0;
}

static void want(struct grid *g, size_t x, size_t y)
{
    const size_t node = y * g->contour->side + x;
    if (!g->asked[node]) {
        g->asked[node] = true;
        g->wanted[g->wanting++] = node;
    }
}

static void add_cell(struct grid *g, size_t x, size_t y, size_t span)
{
    g->cell[g->cells++] = (struct cell){.x = x, .y = y, .span = span};
    want(g, x, y);
    want(g, x + span, y);
    want(g, x, y + span);
    want(g, x + span, y + span);
}

static int keep_estimate(struct grid *g, size_t node, const double *value, double *scratch)
{
    struct gw_contour *c = g->contour;
    const struct gw_functional_estimate mean =
        gw_functional_estimate((struct gw_functional){.kind = GW_FUNCTIONAL_MEAN}, value, g->options->replications,
                               g->options->level, scratch);
    c->field[GW_LINE_MEAN][node] = mean.value;
    c->field[GW_LINE_LOW][node] = mean.low;
    c->field[GW_LINE_HIGH][node] = mean.high;
    c->n[node] = (uint32_t)mean.n;
    c->least = fmin(c->least, mean.value);
    c->most = fmax(c->most, mean.value);
    if (mean.n < 2) {
        return gw_fail(g->error, GW_BAD_INPUT, "at (%.6g, %.6g) the measure is defined in %zu of %u replications",
                       c->x[node % c->side], c->y[node / c->side], mean.n, g->options->replications);
    }
    return 0;
}

/* All nodes that are wanted, at once. */
static int evaluate(struct grid *g)
{
    struct gw_contour *c = g->contour;
    const uint32_t n = g->options->replications;
    double *x = calloc(2 * g->wanting + 1, sizeof *x);
    double *value = calloc(g->wanting * n + n, sizeof *value); /* the last n: room for estimates */
    int ret = 0;
    if (x == NULL || value == NULL) {
        ret = gw_fail(g->error, GW_REFUSED, "no memory for %zu points of the map", g->wanting);
        goto out;
    }
    for (size_t i = 0; i < g->wanting; i++) {
        x[2 * i] = c->x[g->wanted[i] % c->side];
        x[2 * i + 1] = c->y[g->wanted[i] / c->side];
    }
    ret = g->response->evaluate(g->response->context, x, g->wanting, 0, n, value, g->error);
    for (size_t i = 0; i < g->wanting && ret == 0; i++) {
        ret = keep_estimate(g, g->wanted[i], value + i * n, value + g->wanting * n);
    }
    c->evaluated += g->wanting;
    g->wanting = 0;
out:
    free(x);
    free(value);
    return ret;
}

/* Signs of a field among the known nodes of a cell. */
struct signs {
    bool above, below, zero;
};

static struct signs signs_of(const struct gw_contour *c, const double *field, const struct cell *cell)
{
    struct signs signs = {false, false, false};
    for (size_t y = cell->y; y <= cell->y + cell->span; y++) {
        for (size_t x = cell->x; x <= cell->x + cell->span; x++) {
            const size_t node = y * c->side + x;
            if (known(c, node)) {
                signs.above |= field[node] > 0.0;
                signs.below |= field[node] < 0.0;
                signs.zero |= field[node] == 0.0;
            }
        }
    }
    return signs;
}

/* Whether a line passes a cell: both signs are in it, or it ends in exact zeros (nothing differs there) and the other
 * sign may begin behind them, as the map has both. */
static bool passed(const struct gw_contour *c, const struct cell *cell)
{
    const struct cell all = {.span = c->side - 1};
    bool any = false;
    for (int k = 0; k < GW_LINES && !any; k++) {
        const struct signs here = signs_of(c, c->field[k], cell);
        any = here.above && here.below;
        if (!any && here.zero && (here.above || here.below)) {
            const struct signs map = signs_of(c, c->field[k], &all);
            any = map.above && map.below;
        }
    }
    return any;
}

static void divide(struct grid *g, size_t i)
{
    const struct cell whole = g->cell[i];
    const size_t half = whole.span / 2;
    g->cell[i].divided = true;
    add_cell(g, whole.x, whole.y, half);
    add_cell(g, whole.x + half, whole.y, half);
    add_cell(g, whole.x, whole.y + half, half);
    add_cell(g, whole.x + half, whole.y + half, half);
}

/* Divides until nothing is left to divide: new nodes may show a line in a larger neighbour. */
static int refine(struct grid *g)
{
    int ret = evaluate(g);
    size_t before = 0;
    while (ret == 0 && g->cells > before) {
        const size_t now = before = g->cells;
        for (size_t i = 0; i < now; i++) {
            if (!g->cell[i].divided && g->cell[i].span > 1 && passed(g->contour, &g->cell[i])) {
                divide(g, i);
            }
        }
        ret = g->wanting > 0 ? evaluate(g) : 0;
    }
    return ret;
}

/* Between the nodes of an undivided cell, of which its corners are known. */
static void fill_cell(struct gw_contour *c, const struct cell *cell)
{
    const size_t s = c->side, corner = cell->y * s + cell->x, step = cell->span;
    for (size_t node = 0; node < (step + 1) * (step + 1); node++) {
        const size_t i = node % (step + 1), j = node / (step + 1), at = corner + j * s + i;
        const double u = (double)i / (double)step, v = (double)j / (double)step;
        for (int k = 0; k < GW_LINES && !known(c, at); k++) {
            const double *f = c->field[k] + corner;
            c->field[k][at] =
                (1.0 - v) * ((1.0 - u) * f[0] + u * f[step]) + v * ((1.0 - u) * f[step * s] + u * f[step * s + step]);
        }
    }
}

static void add_segment(struct gw_contour *c, int line, const double *from, const double *to)
{
    c->segment[line][c->segments[line]++] =
        (struct gw_contour_segment){.x0 = from[0], .y0 = from[1], .x1 = to[0], .y1 = to[1]};
}

/* Exact zeros take the sign of the nearest node that has one, so that a line runs along zeros only where the sign
 * changes across them. `queue` has room for all nodes. All zero: no sign. */
static void settle_signs(const struct gw_contour *c, const double *field, signed char *sign, size_t *queue)
{
    const size_t side = c->side, nodes = side * side;
    size_t queued = 0;
    for (size_t node = 0; node < nodes; node++) {
        sign[node] = (signed char)((field[node] > 0.0) - (field[node] < 0.0));
        if (sign[node] != 0) {
            queue[queued++] = node;
        }
    }
    for (size_t k = 0; k < queued; k++) {
        const size_t node = queue[k], x = node % side, y = node / side;
        const size_t beside[4] = {x > 0 ? node - 1 : node, x + 1 < side ? node + 1 : node, y > 0 ? node - side : node,
                                  y + 1 < side ? node + side : node};
        for (int i = 0; i < 4; i++) {
            if (sign[beside[i]] == 0) {
                sign[beside[i]] = sign[node];
                queue[queued++] = beside[i];
            }
        }
    }
}

/* Corners anticlockwise from the lower left; side k joins corners k and k + 1. With two sides crossed there is one
 * piece. With four there are two, each of which cuts off a corner whose sign is not that of the bilinear function's
 * saddle point (the asymptotic decider: Nielson & Hamann 1991, Visualization '91). */
static void march(struct gw_contour *c, int line, const signed char *sign, size_t x, size_t y)
{
    static const size_t right[4] = {0, 1, 1, 0}, up[4] = {0, 0, 1, 1};
    double f[4], crossing[4][2];
    int sides[4], crossed = 0;
    signed char s[4];
    for (size_t k = 0; k < 4; k++) {
        const size_t node = (y + up[k]) * c->side + x + right[k];
        f[k] = c->field[line][node];
        s[k] = sign[node];
    }
    for (int k = 0; k < 4; k++) {
        const int next = (k + 1) % 4;
        if (s[k] != s[next]) {
            const double t = f[k] == f[next] ? 0.5 : f[k] / (f[k] - f[next]); /* equal: both are 0 */
            crossing[k][0] = (1.0 - t) * c->x[x + right[k]] + t * c->x[x + right[next]];
            crossing[k][1] = (1.0 - t) * c->y[y + up[k]] + t * c->y[y + up[next]];
            sides[crossed++] = k;
        }
    }
    if (crossed == 2) {
        add_segment(c, line, crossing[sides[0]], crossing[sides[1]]);
    } else if (crossed == 4) {
        const double saddle = (f[0] * f[2] - f[1] * f[3]) / (f[0] + f[2] - f[1] - f[3]);
        const int first = (s[0] > 0) != (saddle >= 0.0) ? 0 : 1; /* a corner that is cut off; the opposite is, too */
        add_segment(c, line, crossing[(first + 3) % 4], crossing[first]);
        add_segment(c, line, crossing[first + 1], crossing[(first + 2) % 4]);
    }
}

static int draw_line(struct gw_contour *c, int line, signed char *sign, size_t *queue)
{
    const size_t side = c->side - 1;
    c->segment[line] = calloc(2 * side * side, sizeof *c->segment[line]);
    if (c->segment[line] == NULL) {
        return GW_REFUSED;
    }
    settle_signs(c, c->field[line], sign, queue);
    for (size_t i = 0; i < side * side; i++) {
        march(c, line, sign, i % side, i / side);
    }
    return GW_OK;
}

static int draw_lines(struct gw_contour *c, struct gw_error *error)
{
    const size_t nodes = c->side * c->side;
    signed char *sign = calloc(nodes, 1);
    size_t *queue = calloc(nodes, sizeof *queue);
    int ret = sign == NULL || queue == NULL ? GW_REFUSED : GW_OK;
    for (int line = 0; line < GW_LINES && ret == GW_OK; line++) {
        ret = draw_line(c, line, sign, queue);
    }
    free(sign);
    free(queue);
    return ret == GW_OK ? ret : gw_fail(error, ret, "no memory for the lines of a map of %zu nodes", nodes);
}

/* A node stands for the area around it: half at a side, a quarter at a corner. */
static void share_area(struct gw_contour *c)
{
    const size_t last = c->side - 1;
    c->above = c->below = 0.0;
    for (size_t node = 0; node < c->side * c->side; node++) {
        const size_t x = node % c->side, y = node / c->side;
        const double width = x == 0 || x == last ? 0.5 : 1.0, height = y == 0 || y == last ? 0.5 : 1.0;
        const double share = width * height / ((double)last * (double)last);
        c->above += c->field[GW_LINE_LOW][node] > 0.0 ? share : 0.0;
        c->below += c->field[GW_LINE_HIGH][node] < 0.0 ? share : 0.0;
    }
    c->undecided = fmax(0.0, 1.0 - c->above - c->below);
}

static int check(const struct gw_response *response, const struct gw_contour_options *o, struct gw_error *error)
{
    if (response->dimensions != 2) {
        return gw_fail(error, GW_BAD_INPUT, "a map has two variables, not %zu", response->dimensions);
    }
    for (int k = 0; k < 2; k++) {
        if (!(o->low[k] < o->high[k]) || !isfinite(o->low[k]) || !isfinite(o->high[k])) {
            return gw_fail(error, GW_BAD_INPUT, "no range: from %g to %g", o->low[k], o->high[k]);
        }
    }
    if (o->cells > GW_MOST_CELLS || o->replications < 2 || !(o->level > 0.0 && o->level < 1.0)) {
        return gw_fail(error, GW_BAD_INPUT, "%u cells (at most %d), %u replications (2 or more), confidence %g",
                       o->cells, GW_MOST_CELLS, o->replications, o->level);
    }
    return 0;
}

static int reserve(struct grid *g, size_t side)
{
    struct gw_contour *c = g->contour;
    const size_t nodes = side * side;
    c->side = side;
    c->x = calloc(side, sizeof *c->x);
    c->y = calloc(side, sizeof *c->y);
    c->n = calloc(nodes, sizeof *c->n);
    g->cell = calloc(2 * nodes, sizeof *g->cell); /* a quadtree has at most 4 / 3 of its leaves */
    g->wanted = calloc(nodes, sizeof *g->wanted);
    g->asked = calloc(nodes, sizeof *g->asked);
    bool good = c->x != NULL && c->y != NULL && c->n != NULL && g->cell != NULL && g->wanted != NULL;
    good &= g->asked != NULL;
    for (int k = 0; k < GW_LINES; k++) {
        c->field[k] = calloc(nodes, sizeof *c->field[k]);
        good &= c->field[k] != NULL;
    }
    return good ? 0 : gw_fail(g->error, GW_REFUSED, "no memory for %zu nodes of the map", nodes);
}

static void lay_out(struct grid *g)
{
    struct gw_contour *c = g->contour;
    const struct gw_contour_options *o = g->options;
    const size_t last = c->side - 1, span = last / GW_LEAST_CELLS;
    for (size_t i = 0; i <= last; i++) {
        const double t = (double)i / (double)last;
        c->x[i] = (1.0 - t) * o->low[0] + t * o->high[0];
        c->y[i] = (1.0 - t) * o->low[1] + t * o->high[1];
    }
    for (size_t i = 0; i < GW_LEAST_CELLS * GW_LEAST_CELLS; i++) {
        add_cell(g, i % GW_LEAST_CELLS * span, i / GW_LEAST_CELLS * span, span);
    }
}

int gw_contour_find(const struct gw_response *response, const struct gw_contour_options *options,
                    struct gw_contour *contour, struct gw_error *error)
{
    struct grid g = {.response = response, .options = options, .contour = contour, .error = error};
    size_t cells = GW_LEAST_CELLS;
    memset(contour, 0, sizeof *contour);
    contour->least = INFINITY;
    contour->most = -INFINITY;
    int ret = check(response, options, error);
    while (cells < options->cells && ret == 0) {
        cells *= 2;
    }
    if (ret == 0) {
        ret = reserve(&g, cells + 1);
    }
    if (ret == 0) {
        lay_out(&g);
        ret = refine(&g);
    }
    for (size_t i = 0; i < g.cells && ret == 0; i++) {
        if (!g.cell[i].divided) {
            fill_cell(contour, &g.cell[i]);
        }
    }
    if (ret == 0) {
        share_area(contour);
        ret = draw_lines(contour, error);
    }
    free(g.cell);
    free(g.wanted);
    free(g.asked);
    return ret;
}

void gw_contour_free(struct gw_contour *contour)
{
    free(contour->x);
    free(contour->y);
    free(contour->n);
    for (int k = 0; k < GW_LINES; k++) {
        free(contour->field[k]);
        free(contour->segment[k]);
    }
    memset(contour, 0, sizeof *contour);
}
