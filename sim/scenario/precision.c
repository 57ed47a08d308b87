/* The block `precision:`. */
#include "scenario/precision.h"

#include "scenario/reader.h"

#include <stdio.h>
#include <string.h>

#define DEFAULT_CONFIDENCE 0.95
enum { DEFAULT_MOST = 2000, PERCENT_BYTES = 64 };

static const char *const keys[] = {"half_width", "of", "confidence", "least", "most", NULL};

/* "2%", or an amount in the quantity's unit. */
static void take_half_width(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                            struct gw_precision *precision)
{
    char number[PERCENT_BYTES], got[100];
    const size_t length = node->kind == GW_SCALAR && node->plain ? strlen(node->text) : 0;
    double value = 0.0;
    precision->relative = length > 1 && length < sizeof number && node->text[length - 1] == '%';
    (void)snprintf(number, sizeof number, "%.*s", length == 0 ? 0 : (int)length - precision->relative,
                   length == 0 ? "" : node->text);
    if (!gw_parse_real(number, &value) || !(value > 0.0) || (precision->relative && value >= 100.0)) {
        gw_problem(r->problems, node->mark, path,
                   "expected a half-width above 0, of the mean such as 2%% or in its unit such as 1000, got %s",
                   gw_node_text(node, got, sizeof got));
        return;
    }
    precision->half_width = value;
}

static void take_confidence(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                            struct gw_precision *precision)
{
    if (gw_take_real(r, node, path, &precision->confidence) &&
        !(precision->confidence >= 0.5 && precision->confidence <= 0.9999)) {
        gw_problem(r->problems, node->mark, path, "expected a confidence from 0.5 to 0.9999, got %s", node->text);
    }
}

static void take_asked(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                       struct gw_precision *precision)
{
    char got[100];
    if (node->kind != GW_SEQUENCE || node->members < 1 || node->members > GW_MOST_ASKED) {
        gw_problem(r->problems, node->mark, path,
                   "expected a list of 1 to %d quantities or measures such as [company_value], got %s", GW_MOST_ASKED,
                   gw_node_text(node, got, sizeof got));
        return;
    }
    for (const struct gw_member *m = node->first; m != NULL; m = m->next) {
        const struct gw_path here = {path, NULL, precision->asked};
        precision->asked += gw_take_text(r, m->value, &here, &precision->of[precision->asked]);
    }
}

static void take_number(struct gw_reader *r, const struct gw_node *node, const struct gw_path *up, const char *key,
                        uint32_t low, uint32_t *number)
{
    const struct gw_node *value = gw_tree_find(node, key);
    const struct gw_path path = {up, key, 0};
    uint64_t n = *number;
    if (value != NULL) {
        gw_take_integer(r, value, &path, low, GW_MOST_REPLICATIONS, &n);
    }
    *number = (uint32_t)n;
}

static void take_numbers(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                         struct gw_precision *precision)
{
    const struct gw_node *most = gw_tree_find(node, "most");
    const struct gw_path most_path = {path, "most", 0};
    take_number(r, node, path, "least", GW_LEAST_FOR_PRECISION, &precision->least);
    precision->most = precision->least > DEFAULT_MOST ? precision->least : DEFAULT_MOST;
    take_number(r, node, path, "most", GW_LEAST_FOR_PRECISION, &precision->most);
    if (precision->most < precision->least) {
        gw_problem(r->problems, most->mark, &most_path, "expected at least as many as least, %u, got %u",
                   precision->least, precision->most);
    }
}

static void take_precision(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                           struct gw_precision *precision)
{
    const struct gw_node *half = gw_tree_find(node, "half_width"), *of = gw_tree_find(node, "of");
    const struct gw_node *confidence = gw_tree_find(node, "confidence");
    const struct gw_path half_path = {path, "half_width", 0}, of_path = {path, "of", 0};
    const struct gw_path confidence_path = {path, "confidence", 0};
    gw_take_keys(r, node, path, keys);
    if (half == NULL) {
        gw_note_missing(r, node, path, "half_width", "half_width: 2%");
    } else {
        take_half_width(r, half, &half_path, precision);
    }
    if (confidence != NULL) {
        take_confidence(r, confidence, &confidence_path, precision);
    }
    take_numbers(r, node, path, precision);
    if (of != NULL) {
        take_asked(r, of, &of_path, precision);
    } else {
        precision->of[precision->asked++] = gw_arena_text(r->kept, "company_value", strlen("company_value"));
    }
}

void gw_read_precision(struct gw_reader *r, const struct gw_node *root)
{
    const struct gw_node *node = gw_tree_find(root, "precision");
    const struct gw_path path = {NULL, "precision", 0};
    struct gw_precision *precision = &r->scenario->precision;
    if (node == NULL || (node->kind == GW_SCALAR && node->plain && strcmp(node->text, "none") == 0) ||
        !gw_take_mapping(r, node, &path, "none, or a mapping such as {half_width: 2%}")) {
        return;
    }
    *precision = (struct gw_precision){.confidence = DEFAULT_CONFIDENCE, .least = GW_LEAST_FOR_PRECISION};
    precision->of = gw_arena_alloc(r->kept, GW_MOST_ASKED, sizeof *precision->of);
    if (precision->of != NULL) {
        take_precision(r, node, &path, precision);
        r->scenario->replications = precision->most;
    }
}
