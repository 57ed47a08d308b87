#include "outcome/value.h"

#include "core/maths.h"

#include <math.h>

/* One strategy of one record, as the functions below see it. */
struct view {
    const struct gw_layout *layout;
    const int64_t *record;
    int strategy, focal;
};

static int64_t cell_at(const struct view *v, const char *tally, int label, uint32_t period)
{
    const int t = gw_layout_find(v->layout, tally);
    return t < 0 ? 0
                 : gw_record_cell(v->layout, v->record, v->strategy, period, v->focal,
                                  v->layout->tally[t].cell + label);
}

static int labels_of(const struct view *v, const char *tally)
{
    const int t = gw_layout_find(v->layout, tally);
    return t < 0 ? 0 : v->layout->tally[t].labels;
}

static int64_t total(const struct view *v, const char *tally, int label)
{
    int64_t sum = 0;
    for (uint32_t t = 0; t < v->layout->periods; t++) {
        sum += cell_at(v, tally, label, t);
    }
    return sum;
}

static int64_t account_at(const struct view *v, enum gw_account account, uint32_t period)
{
    return gw_record_account(v->layout, v->record, v->strategy, period, v->focal, account);
}

static struct view view_of(const struct gw_layout *layout, const int64_t *record, int strategy)
{
    return (struct view){layout, record, strategy, gw_layout_focal(layout)};
}

int64_t gw_net_cash_flow(const struct gw_layout *layout, const int64_t *record, int strategy, uint32_t period)
{
    const struct view v = view_of(layout, record, strategy);
    return account_at(&v, GW_CASH, period);
}

/* Stock before the first period, from the stock after it and its flows. */
static int64_t active_at_start(const struct view *v)
{
    int64_t left = 0;
    for (int cause = 0; cause < labels_of(v, "left"); cause++) {
        left += cell_at(v, "left", cause, 0);
    }
    return cell_at(v, "active", 0, 0) - cell_at(v, "joined", 0, 0) - cell_at(v, "won_back", 0, 0) + left;
}

double gw_retention_in_year(const struct gw_layout *layout, const int64_t *record, int strategy, uint32_t year,
                            uint32_t periods_per_year)
{
    const struct view v = view_of(layout, record, strategy);
    const uint32_t first = year * periods_per_year;
    const int64_t before = year == 0 ? active_at_start(&v) : cell_at(&v, "active", 0, first - 1);
    const int64_t retained = cell_at(&v, "retained", 0, first + periods_per_year - 1);
    return before > 0 ? (double)retained / (double)before : NAN;
}

static double mean_retention(const struct view *v, uint32_t periods_per_year)
{
    const uint32_t years = v->layout->periods / periods_per_year;
    double sum = 0.0;
    for (uint32_t y = 0; y < years; y++) {
        sum += gw_retention_in_year(v->layout, v->record, v->strategy, y, periods_per_year);
    }
    return years > 0 ? sum / years : NAN;
}

static double money(int64_t micro)
{
    return (double)micro / GW_MICRO;
}

/* Sum of an account's flows over the last year, or the whole horizon scaled to a year when it is shorter. */
static double last_year(const struct view *v, enum gw_account account, uint32_t periods_per_year)
{
    const uint32_t periods = v->layout->periods;
    const uint32_t span = periods < periods_per_year ? periods : periods_per_year;
    int64_t sum = 0;
    for (uint32_t t = periods - span; t < periods; t++) {
        sum += account_at(v, account, t);
    }
    return money(sum) * (double)periods_per_year / (double)span;
}

static double mean_active_last_year(const struct view *v, uint32_t periods_per_year)
{
    const uint32_t periods = v->layout->periods;
    const uint32_t span = periods < periods_per_year ? periods : periods_per_year;
    int64_t sum = 0;
    for (uint32_t t = periods - span; t < periods; t++) {
        sum += cell_at(v, "active", 0, t);
    }
    return (double)sum / (double)span;
}

static double acquisition_at(const struct view *v, uint32_t period)
{
    return money(account_at(v, GW_ADVERTISING, period) + account_at(v, GW_OFFERS, period));
}

/* Customers alive at the horizon, each with last year's contribution, retained at last year's rate. */
static double run_off(const struct view *v, double d, uint32_t periods_per_year)
{
    const uint32_t years = v->layout->periods / periods_per_year;
    const double r =
        years > 0 ? gw_retention_in_year(v->layout, v->record, v->strategy, years - 1, periods_per_year) : NAN;
    const double active = mean_active_last_year(v, periods_per_year);
    const double contribution =
        -(last_year(v, GW_REVENUE, periods_per_year) + last_year(v, GW_COST_OF_GOODS, periods_per_year) +
          last_year(v, GW_COST_TO_SERVE, periods_per_year));
    const double alive = (double)cell_at(v, "active", 0, v->layout->periods - 1);
    return active > 0.0 && r == r ? alive * contribution / active * r / (1.0 + d - r) : 0.0;
}

static double terminal_value(const struct view *v, const struct gw_valuation *valuation, uint32_t periods_per_year)
{
    if (valuation->terminal == 0.0) {
        const double rate = valuation->discount_rate + valuation->fade;
        return rate > 0.0 ? last_year(v, GW_CASH, periods_per_year) / rate : NAN;
    }
    return valuation->terminal == 1.0 ? run_off(v, valuation->discount_rate, periods_per_year) : 0.0;
}

static double net_promoter_score(const struct view *v, const char *tally)
{
    const int64_t detractors = total(v, tally, 0), passives = total(v, tally, 1), promoters = total(v, tally, 2);
    const int64_t answers = detractors + passives + promoters;
    return answers > 0 ? 100.0 * (double)(promoters - detractors) / (double)answers : NAN;
}

static int64_t lost_customers(const struct view *v)
{
    int64_t lost = 0;
    for (int cause = 0; cause < labels_of(v, "left"); cause++) {
        lost += total(v, "left", cause);
    }
    return lost;
}

/* What is spent to keep a customer for a year. */
static double retention_cost(const struct view *v, double years)
{
    double spent = 0.0;
    int64_t active = 0;
    for (uint32_t t = 0; t < v->layout->periods; t++) {
        spent += money(account_at(v, GW_RETENTION_SPEND, t) + account_at(v, GW_EXPERIENCE_SPEND, t) +
                       account_at(v, GW_RECOVERY, t));
        active += cell_at(v, "active", 0, t);
    }
    return active > 0 ? spent / ((double)active * years) : NAN;
}

static double share_of_purchases(const struct view *v)
{
    int64_t market = 0;
    for (uint32_t t = 0; t < v->layout->periods; t++) {
        market += gw_record_market_purchases(v->layout, v->record, v->strategy, t);
    }
    return market > 0 ? (double)total(v, "purchases", 0) / (double)market : NAN;
}

/* Revenue less cost of goods and cost to serve. */
static double discounted_contribution(const struct gw_worth *w)
{
    return -(w->account[GW_REVENUE] + w->account[GW_COST_OF_GOODS] + w->account[GW_COST_TO_SERVE]);
}

struct gw_worth gw_worth_of(const struct gw_layout *layout, const int64_t *record, int strategy, double years)
{
    const struct view v = view_of(layout, record, strategy);
    const struct gw_valuation valuation = gw_record_valuation(layout, record, strategy);
    const uint32_t periods_per_year = (uint32_t)(1.0 / years + 0.5);
    const double factor = gw_exp(-years * gw_log(1.0 + valuation.discount_rate)); /* v */
    struct gw_worth w = {.active_at_start = active_at_start(&v)};
    double discount = 1.0;
    for (uint32_t t = 0; t < layout->periods; t++) {
        discount *= factor;
        for (int a = 0; a < GW_ACCOUNTS; a++) {
            w.account[a] += money(account_at(&v, (enum gw_account)a, t)) * discount;
        }
        w.acquisition_cost += acquisition_at(&v, t);
    }
    w.horizon_value = w.account[GW_CASH];
    w.gross_value =
        w.account[GW_CASH] + w.account[GW_FIXED_COST] + w.account[GW_EXPERIENCE_SPEND] + w.account[GW_ADVERTISING];
    w.terminal_value = discount * terminal_value(&v, &valuation, periods_per_year);
    w.company_value = w.horizon_value + w.terminal_value;
    const int64_t joined = total(&v, "joined", 0);
    w.clv_base = w.active_at_start > 0 ? money(total(&v, "value_base", 0)) / (double)w.active_at_start : NAN;
    w.clv_new = joined > 0 ? money(total(&v, "value_new", 0)) / (double)joined : NAN;
    w.retention = mean_retention(&v, periods_per_year);
    w.share = share_of_purchases(&v);
    w.nps = net_promoter_score(&v, "answers");
    w.nps_true = net_promoter_score(&v, "true_answers");
    w.cac = joined > 0 ? w.acquisition_cost / (double)joined : NAN;
    w.retention_cost = retention_cost(&v, years);
    w.customer_equity = discounted_contribution(&w) - w.account[GW_ADVERTISING] - w.account[GW_OFFERS] +
                        discount * run_off(&v, valuation.discount_rate, periods_per_year);
    w.lost = lost_customers(&v);
    return w;
}
