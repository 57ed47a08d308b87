/* The block `variance_reduction:`. */
#include "scenario/reduction.h"

#include "scenario/reader.h"

static void note_odd(struct gw_reader *r, const struct gw_node *node, const char *key, uint32_t n)
{
    const struct gw_path path = {NULL, "variance_reduction", 0}, here = {&path, "antithetic", 0};
    if (n % 2 != 0) {
        gw_problem(r->problems, node->mark, &here, "expected an even %s, for replications come in pairs, got %u", key,
                   n);
    }
}

void gw_read_reduction(struct gw_reader *r, const struct gw_node *root)
{
    static const char *const keys[] = {"antithetic", "control_variates", NULL};
    struct gw_scenario *s = r->scenario;
    bool *const flag[] = {&s->reduction.antithetic, &s->reduction.control_variates};
    const struct gw_node *node = gw_tree_find(root, "variance_reduction");
    const struct gw_path path = {NULL, "variance_reduction", 0};
    if (node == NULL || !gw_take_mapping(r, node, &path, "a mapping such as {antithetic: true}")) {
        return;
    }
    gw_take_keys(r, node, &path, keys);
    for (int k = 0; keys[k] != NULL; k++) {
        const struct gw_path here = {&path, keys[k], 0};
        if (gw_tree_find(node, keys[k]) != NULL) {
            gw_take_flag(r, gw_tree_find(node, keys[k]), &here, flag[k]);
        }
    }
    if (s->reduction.antithetic && s->precision.half_width > 0.0) {
        note_odd(r, node, "precision.least", s->precision.least);
        note_odd(r, node, "precision.most", s->precision.most);
    } else if (s->reduction.antithetic) {
        note_odd(r, node, "number of replications", s->replications);
    }
}
