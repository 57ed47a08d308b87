#include "outcome/segment.h"

#include "core/maths.h"

#include <math.h>

/* One segment of one strategy of one record. */
struct view {
    const struct gw_layout *layout;
    const int64_t *record;
    int strategy, segment;
};

static int64_t number(const struct view *v, enum gw_segment_number what, int cell)
{
    return gw_record_segment_number(v->layout, v->record, v->strategy, v->segment, what, cell);
}

/* Of a tally; 0 where no rule has it. */
static int64_t tally(const struct view *v, enum gw_segment_number what, const char *name, int label)
{
    const int t = gw_layout_find(v->layout, name);
    return t < 0 ? 0 : number(v, what, v->layout->tally[t].cell + label);
}

static int labels_of(const struct view *v, const char *name)
{
    const int t = gw_layout_find(v->layout, name);
    return t < 0 ? 0 : v->layout->tally[t].labels;
}

static int64_t total(const struct view *v, const char *name)
{
    return tally(v, GW_SEGMENT_TOTAL, name, 0);
}

static int64_t over_labels(const struct view *v, enum gw_segment_number what, const char *name)
{
    int64_t sum = 0;
    for (int label = 0; label < labels_of(v, name); label++) {
        sum += tally(v, what, name, label);
    }
    return sum;
}

/* Stock before the first period, from the stock after it and its flows. */
static int64_t active_at_start(const struct view *v)
{
    return tally(v, GW_SEGMENT_FIRST, "active", 0) - tally(v, GW_SEGMENT_FIRST, "joined", 0) -
           tally(v, GW_SEGMENT_FIRST, "won_back", 0) + over_labels(v, GW_SEGMENT_FIRST, "left");
}

/* Revenue is a credit. */
static int64_t discounted(const struct view *v, enum gw_account account)
{
    return -number(v, GW_SEGMENT_DISCOUNTED, (int)account);
}

static double per(double amount, int64_t n)
{
    return n > 0 ? amount / (double)n : NAN;
}

/* Labels are the points 1, 2, ... */
static double mean_score(const struct view *v)
{
    double sum = 0.0;
    for (int label = 0; label < labels_of(v, "csat"); label++) {
        sum += (double)(label + 1) * (double)tally(v, GW_SEGMENT_TOTAL, "csat", label);
    }
    return per(sum, over_labels(v, GW_SEGMENT_TOTAL, "csat"));
}

static double net_promoter_score(const struct view *v)
{
    const int64_t lead =
        tally(v, GW_SEGMENT_TOTAL, "answers", 2) - tally(v, GW_SEGMENT_TOTAL, "answers", 0); /* 1: passives */
    return per(100.0 * (double)lead, over_labels(v, GW_SEGMENT_TOTAL, "answers"));
}

struct gw_segment_worth gw_segment_worth_of(const struct gw_layout *layout, const int64_t *record, int strategy,
                                            int segment)
{
    const struct view v = {layout, record, strategy, segment};
    struct gw_segment_worth w = {.active_at_start = active_at_start(&v),
                                 .active = tally(&v, GW_SEGMENT_LAST, "active", 0),
                                 .survivors = tally(&v, GW_SEGMENT_LAST, "survivors", 0),
                                 .joined = total(&v, "joined"),
                                 .won_back = total(&v, "won_back"),
                                 .lost = over_labels(&v, GW_SEGMENT_TOTAL, "left"),
                                 .purchases = total(&v, "purchases"),
                                 .revenue = discounted(&v, GW_REVENUE),
                                 .satisfaction = mean_score(&v),
                                 .nps = net_promoter_score(&v)};
    w.contribution = w.revenue + discounted(&v, GW_COST_OF_GOODS) + discounted(&v, GW_COST_TO_SERVE);
    w.retention = per((double)w.survivors, w.active_at_start);
    w.clv_base = per((double)total(&v, "value_base") / GW_MICRO, w.active_at_start);
    w.clv_new = per((double)total(&v, "value_new") / GW_MICRO, w.joined);
    return w;
}

int64_t gw_contribution(const struct gw_layout *layout, const int64_t *record, int strategy)
{
    static const enum gw_account accounts[] = {GW_REVENUE, GW_COST_OF_GOODS, GW_COST_TO_SERVE};
    const int focal = gw_layout_focal(layout);
    int64_t sum = 0;
    for (uint32_t t = 0; t < layout->periods; t++) {
        const double factor = gw_record_discount_factor(layout, record, strategy, t);
        for (int a = 0; a < 3; a++) {
            sum -= gw_discounted(gw_record_account(layout, record, strategy, t, focal, accounts[a]), factor);
        }
    }
    return sum;
}
