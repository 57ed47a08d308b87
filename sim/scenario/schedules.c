/* Schedules: a lever over time. */
#include "scenario/reader.h"

#include <string.h>

static const char *const step_keys[] = {"at", "to", "start", NULL};
static const char *const ramp_keys[] = {"from", "until", "to", "start", NULL};

/* One change: {at, to}, or {from, until, to}. */
static bool take_change(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                        const struct gw_parameter *p, struct gw_change *change)
{
    if (!gw_take_mapping(r, node, path,
                         "a change such as {at: week 8, to: 1.2} or {from: week 4, until: week 12, "
                         "to: 1.2}")) {
        return false;
    }
    const bool ramp = gw_tree_member(node, "from") != NULL || gw_tree_member(node, "until") != NULL;
    bool good = gw_take_keys(r, node, path, ramp ? ramp_keys : step_keys);
    if (ramp && p->kind != GW_REAL) {
        gw_problem(r->problems, node->mark, path, "expected a step {at: ..., to: ...}: only a real number can glide");
        return false;
    }
    for (const char *const *key = ramp ? ramp_keys : step_keys; strcmp(*key, "start") != 0; key++) {
        const struct gw_node *value = gw_tree_find(node, *key);
        const struct gw_path here = {path, *key, 0};
        if (value == NULL) {
            gw_problem(r->problems, node->mark, path, "'%s' is missing", *key);
            good = false;
        } else if (strcmp(*key, "to") == 0) {
            good = gw_take_literal(r, value, &here, p, &change->to) && good;
        } else {
            good =
                gw_take_moment(r, value, &here, strcmp(*key, "until") == 0 ? &change->until : &change->from) && good;
        }
    }
    change->until = ramp ? change->until : change->from;
    return good;
}

/* Inside the horizon, one after the other. */
static bool check_change(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                         const struct gw_change *change, const struct gw_change *before)
{
    const uint32_t horizon = r->scenario->horizon;
    if (change->until < change->from) {
        gw_problem(r->problems, node->mark, path, "expected 'until' not before 'from', got period %u before %u",
                   change->until, change->from);
        return false;
    }
    if (horizon > 0 && (change->from >= horizon || change->until > horizon)) {
        gw_problem(r->problems, node->mark, path, "expected a change within the horizon of %u periods, got period %u",
                   horizon, change->until);
        return false;
    }
    if (before != NULL && (change->from <= before->from || change->from < before->until)) {
        gw_problem(r->problems, node->mark, path,
                   "expected changes in order of time that do not overlap, got one in period %u after one that ends "
                   "in period %u",
                   change->from, before->until);
        return false;
    }
    return true;
}

static bool take_changes(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                         const struct gw_parameter *p, struct gw_schedule *schedule)
{
    bool good = true;
    int k = 0;
    for (const struct gw_member *m = node->first; m != NULL; m = m->next, k++) {
        const struct gw_path here = {path, NULL, k};
        struct gw_change *change = &schedule->change[k];
        good = take_change(r, m->value, &here, p, change) && good;
        good = good && check_change(r, m->value, &here, change, k > 0 ? change - 1 : NULL);
        if (k > 0 && gw_tree_member(m->value, "start") != NULL) {
            gw_problem(r->problems, m->value->mark, &here, "expected 'start' in the first change only");
            good = false;
        }
    }
    return good;
}

static const struct gw_node *first_change(const struct gw_node *schedule)
{
    return schedule->kind == GW_SEQUENCE && schedule->first != NULL ? schedule->first->value : schedule;
}

/* The value before the first change: written as `start`, or the literal this schedule (or the schedule that it
 * replaced, and so on) took the place of, or the default. */
static bool take_start(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                       const struct gw_parameter *p, double *start)
{
    const struct gw_node *below = node;
    for (; below != NULL; below = below->replaced) {
        if (below->kind == GW_SCALAR) {
            return gw_take_literal(r, below, path, p, start);
        }
        const struct gw_node *schedule = gw_tree_find(below, "schedule");
        if (schedule == NULL) {
            gw_problem(r->problems, node->mark, path,
                       "expected 'start' in the schedule, as what it replaces is not a fixed number");
            return false;
        }
        const struct gw_node *written = gw_tree_find(first_change(schedule), "start");
        if (written != NULL) {
            const struct gw_path in = {path, "schedule", 0}, here = {&in, "start", 0};
            return gw_take_literal(r, written, &here, p, start);
        }
    }
    *start = p->value;
    return true;
}

bool gw_take_schedule(struct gw_reader *r, const struct gw_node *number_node, const struct gw_path *path,
                      const struct gw_parameter *parameter, struct gw_schedule *schedule)
{
    const struct gw_node *node = gw_tree_find(number_node, "schedule");
    const struct gw_path here = {path, "schedule", 0};
    const bool list = node->kind == GW_SEQUENCE;
    bool good = take_start(r, number_node, path, parameter, &schedule->start);
    if (list && node->first == NULL) {
        gw_problem(r->problems, node->mark, &here, "expected at least one change");
        return false;
    }
    schedule->changes = list ? node->members : 1;
    schedule->change = gw_arena_alloc(r->kept, (size_t)schedule->changes, sizeof *schedule->change);
    if (schedule->change == NULL) {
        return false;
    }
    if (list) {
        return take_changes(r, node, &here, parameter, schedule) && good;
    }
    good = take_change(r, node, &here, parameter, schedule->change) && good;
    return good && check_change(r, node, &here, schedule->change, NULL);
}
