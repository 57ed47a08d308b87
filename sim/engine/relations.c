/*
 * Relations that begin: which firms a consumer has in the slots, before the first period and when one takes another's
 * place. With as many slots as firms every firm has its slot for ever, and only the beginning happens.
 */
#include "engine/worker_private.h"

#include <string.h>

int32_t *gw_worker_firm_at(const struct gw_worker *w, uint32_t first)
{
    int32_t *all = (int32_t *)(void *)(w->arena + w->columns.firm_at);
    const size_t block = first / GW_BLOCK, row = first % GW_BLOCK;
    return w->plan->every_firm ? w->every_firm : all + block * (size_t)w->plan->relations * GW_BLOCK + row;
}

/* What begins without a past in columns of rules that do not say how. */
static void neutralise(struct gw_worker *w, int rule, const struct gw_entries *e)
{
    const struct gw_plan *plan = w->plan;
    const struct gw_column *column = plan->rules[rule]->columns;
    for (int c = 0; column != NULL && column[c].name != NULL; c++) {
        const size_t width = gw_column_width(&column[c]);
        const size_t bytes = width * gw_type_size(column[c].type);
        unsigned char *memory = w->bound[rule].columns[c];
        for (int k = 0; column[c].shape == GW_PER_RELATION && k < e->n; k++) {
            gw_worker_fill(memory + (size_t)e->at[k] * bytes, column[c].type, column[c].neutral, width);
        }
    }
}

static void enter(struct gw_worker *w, struct gw_block *view, int phase)
{
    const struct gw_plan *plan = w->plan;
    for (int r = 0; r < gw_rule_count; r++) {
        if (!plan->live[r]) {
            continue;
        }
        if (plan->rules[r]->enter == NULL) {
            neutralise(w, r, w->entries);
        } else {
            gw_worker_as_rule(w, view, r);
            plan->rules[r]->enter(view, w->entries);
        }
        gw_worker_audit(w, r, phase, view->first / GW_BLOCK);
    }
}

/* The first K firms of the file, unless a rule knows better; nobody in the padding. */
static void fill(struct gw_worker *w, struct gw_block *view)
{
    const struct gw_plan *plan = w->plan;
    int32_t *firm_at = gw_worker_firm_at(w, view->first);
    for (int slot = 0; slot < plan->relations; slot++) {
        for (int row = 0; row < GW_BLOCK; row++) {
            firm_at[slot * GW_BLOCK + row] = row < view->rows ? slot : -1;
        }
    }
    for (int r = 0; r < gw_rule_count; r++) {
        if (plan->live[r] && plan->rules[r]->fill != NULL) {
            gw_worker_as_rule(w, view, r);
            plan->rules[r]->fill(view, firm_at);
        }
    }
}

static void list_slot(struct gw_entries *e, const struct gw_block *view, int slot)
{
    e->n = 0;
    for (int row = 0; row < view->rows; row++) {
        const int at = slot * GW_BLOCK + row;
        e->id[e->n] = view->first + (uint32_t)row;
        e->row[e->n] = row;
        e->slot[e->n] = slot;
        e->at[e->n] = at;
        e->firm[e->n] = view->firm_at[at];
        e->gone[e->n] = -1;
        e->n += view->firm_at[at] >= 0;
    }
}

void gw_worker_begin_relations(struct gw_worker *w, struct gw_block *view)
{
    if (!w->plan->every_firm) {
        fill(w, view);
    }
    for (int slot = 0; slot < w->plan->relations; slot++) {
        list_slot(w->entries, view, slot);
        if (w->audit != NULL) {
            gw_audit_sync(w->audit);
        }
        enter(w, view, GW_AUDIT_START);
    }
}

void gw_worker_change_relations(struct gw_worker *w, struct gw_block *view)
{
    const struct gw_entries *e = w->entries;
    int32_t *firm_at = gw_worker_firm_at(w, view->first);
    if (e->n == 0) {
        return;
    }
    for (int k = 0; k < e->n; k++) {
        firm_at[e->at[k]] = e->firm[k];
    }
    if (w->audit != NULL) {
        gw_audit_sync(w->audit);
    }
    enter(w, view, GW_NEED);
}
