/*
 * From the books of one replication to the economics of a firm.
 *
 * Definitions stand in docs/model.md (valuation). Money is in currency units here, doubles computed from the exact
 * integers of the ledger in a fixed order.
 */
#ifndef GW_OUTCOME_VALUE_H
#define GW_OUTCOME_VALUE_H

#include "outcome/layout.h"

struct gw_worth {
    double company_value;    /* horizon + terminal */
    double horizon_value;    /* sum over t of NCF_t v^(t+1) */
    double terminal_value;   /* v^T TV */
    double gross_value;      /* horizon value before fixed cost, experience spend and advertising */
    double clv_base;         /* discounted contribution per customer alive at the start; NaN without customers */
    double clv_new;          /* the same per newly won customer, from the first payment, within the horizon */
    double retention;        /* annual, mean over the whole years of the horizon; NaN without */
    double share;            /* of purchases */
    double nps;              /* promoters minus detractors, % of answers */
    double nps_true;         /* the same, had everybody answered */
    double acquisition_cost; /* advertising and offers to newcomers, not discounted */
    double cac;              /* the same per newly won customer; NaN without */
    double retention_cost;   /* retention spend, experience spend and recovery per active customer and year */
    double customer_equity;  /* discounted: contribution net of acquisition cost, customers alive at T run off */
    int64_t active_at_start;
    double account[GW_ACCOUNTS]; /* flow of each account, debit positive: sum over t of flow_t v^(t+1) */
    int64_t lost;                /* relations that ended, whatever the cause */
};

/* Net cash flow of a period, in 1e-6 money: the change of cash. */
int64_t gw_net_cash_flow(const struct gw_layout *layout, const int64_t *record, int strategy, uint32_t period);

/* Retention in year y: customers at its start who are still customers at its end ÷ customers at its start. */
double gw_retention_in_year(const struct gw_layout *layout, const int64_t *record, int strategy, uint32_t year,
                            uint32_t periods_per_year);

/* `years` is the length of a period. */
struct gw_worth gw_worth_of(const struct gw_layout *layout, const int64_t *record, int strategy, double years);

#endif
