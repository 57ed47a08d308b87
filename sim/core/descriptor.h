/*
 * Descriptors: what a rule declares about itself, as constant data.
 *
 * They are the single source for YAML validation, --set, HDF5 attributes, `goodwill describe`
 * and the reference page. Nothing in them is written by hand a second time.
 */
#ifndef GW_CORE_DESCRIPTOR_H
#define GW_CORE_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GW_MAX_FIRMS 1024
#define GW_MAX_RELATIONS 8 /* slots of a consumer */

/* Where a parameter lives in a scenario file and how it may vary.
 *   consumer  population.NAME or population.segments.SEGMENT.NAME    literal, vary, uncertain
 *   firm      firms.FIRM.NAME                                        literal, uncertain
 *   lever     firms.FIRM.NAME                                        literal, schedule, uncertain
 *   market    market.NAME                                            literal, uncertain
 */
enum gw_scope { GW_CONSUMER, GW_FIRM, GW_LEVER, GW_MARKET };

/* What a number means, for units and parsing. A flag is written true/false and stored as 1/0, a choice is
 * written as one of the words in `choices` and stored as its position. */
enum gw_kind { GW_REAL, GW_INTEGER, GW_FLAG, GW_CHOICE };

#define GW_NO_OFF ((double)__builtin_nan("")) /* this parameter switches nothing off */

struct gw_parameter {
    const char *name; /* snake_case, unique in its scope over all rules; dots make groups: "spend.empathy" */
    enum gw_scope scope;
    enum gw_kind kind;
    const char *unit;                     /* "1", "per year", "money per week", "logit", ... */
    double value;                         /* default */
    double low, high;                     /* domain: refused outside; may be infinite */
    double plausible_low, plausible_high; /* warned outside; the range of priors and sensitivity */
    double off;          /* the rule has no effect when all its parameters that have an off value are at it */
    const char *doc;     /* one sentence */
    const char *source;  /* "[S] Author year, journal", "[R] ...", "[C] ...", "[A] ..." */
    const char *choices; /* GW_CHOICE only: "fade|run_off|none" */
};

enum gw_shape {
    GW_PER_CONSUMER,  /* persistent, one per consumer */
    GW_PER_RELATION,  /* persistent, one per consumer and considered firm, slot-major inside a block */
    GW_PER_ENCOUNTER, /* scratch of one block and period, one per encounter */
    GW_PER_FIRM       /* persistent doubles, `width` per firm; written by serial `firms` steps only */
};

/* GW_MOMENT: a time since the start of the warm-up to half a period, in 16 bits (gw_moment(), gw_moment_time()). */
enum gw_type { GW_F32, GW_I32, GW_MOMENT, GW_U8, GW_F64 };

static inline size_t gw_type_size(enum gw_type type)
{
    return type == GW_U8 ? sizeof(uint8_t)
                         : (type == GW_MOMENT ? sizeof(uint16_t)
                            : type == GW_F64  ? sizeof(double)
                                              : sizeof(float));
}

/* Moments: 2 (time + 1) for times -1 (by convention: never happened), 0, 1/2, ... Order is that of times, and the
 * conversions are exact. The last number is later than the end of any run. */
#define GW_MAX_PERIODS 32000 /* of warm-up and horizon together */
#define GW_MOMENT_NONE 0     /* time -1 */
#define GW_MOMENT_NEVER UINT16_MAX
_Static_assert(2 * (GW_MAX_PERIODS + 1) < GW_MOMENT_NEVER, "the end of a run is a moment, and not the last");

static inline uint16_t gw_moment(uint32_t period)
{
    return (uint16_t)(2 * (period + 1));
}

static inline uint16_t gw_moment_mid(uint32_t period)
{
    return (uint16_t)(2 * period + 3);
}

static inline float gw_moment_time(uint16_t moment)
{
    return 0.5f * (float)moment - 1.0f;
}

/* The first start of a period not before a time >= 0: who asks at starts of periods only sees no difference. */
static inline uint16_t gw_moment_from(double time)
{
    if (!(time < (double)GW_MAX_PERIODS)) {
        return GW_MOMENT_NEVER;
    }
    const uint32_t before = (uint32_t)time;
    return gw_moment(before + ((double)before < time));
}

struct gw_column {
    const char *name; /* unique over all rules */
    enum gw_shape shape;
    enum gw_type type;
    double neutral; /* start value, and what readers see when the owner is not in the schedule; a moment's time */
    const char *unit;
    const char *doc;
    int width; /* numbers of a relation or firm side by side; 0 means 1. Of consumers and relations: for columns that
                  only encounters touch, read by the owner alone. */
    bool lasting; /* written where consumers and relations begin, in `enter` and `start`, and nowhere else */
};

static inline size_t gw_column_width(const struct gw_column *column)
{
    return column->width > 1 ? (size_t)column->width : 1;
}

/* An accumulator: cleared when its list is made, added to by `terms` steps in the order of rule names, read by its
 * owner. Always float32. It may be added to although its owner is off; nobody looks then. */
enum gw_term_shape {
    GW_TERM_RELATION, /* [slot * GW_BLOCK + row], in CHOOSE; those of rows that do not shop are never looked at */
    GW_TERM_SHOPPER,  /* [shopper] */
    GW_TERM_ENCOUNTER /* [encounter], in EXPERIENCE and later phases */
};

struct gw_term {
    const char *name;
    enum gw_term_shape shape;
    const char *unit;
    const char *doc;
};

/* What a run reports, an integer per firm, period and label of the dimension. */
enum gw_amount {
    GW_COUNT, /* events or customers */
    GW_SUM,   /* sum of a real quantity in integers of 1e-6 of its unit: exact, so the order cannot matter */
};

struct gw_dimension {
    const char *name;          /* "sign", "cause", ... */
    const char *const *labels; /* NULL-terminated */
};

/* Where firm and consumer meet, and when in an encounter; positions are the labels' of the dimensions. */
enum gw_channel { GW_EMAIL, GW_PHONE, GW_STORE, GW_SOCIAL, GW_WEB, GW_CHAT, GW_CHANNELS };
enum gw_stage { GW_INFORMATION, GW_PURCHASE, GW_AFTER_SALE, GW_STAGES };
extern const struct gw_dimension gw_channels, gw_stages;

struct gw_tally {
    const char *name;
    enum gw_amount measure;
    const struct gw_dimension *dimension; /* NULL: one number */
    const char *unit;
    const char *doc;
};

/* A posting moves money from the credited to the debited account: debit = credit by construction. */
enum gw_account {
    GW_CASH,
    GW_REVENUE,
    GW_COST_OF_GOODS,
    GW_COST_TO_SERVE,
    GW_RECOVERY,
    GW_EXPERIENCE_SPEND,
    GW_ADVERTISING,
    GW_OFFERS,          /* to newcomers */
    GW_RETENTION_SPEND, /* programmes, policies, contacts, follow-up */
    GW_STAFF_COST,
    GW_FIXED_COST,
    GW_ACCOUNTS
};

extern const char *const gw_account_names[GW_ACCOUNTS];

struct gw_posting {
    const char *name; /* unique over all rules; also the name of the event in a trace */
    enum gw_account debit, credit;
    const char *doc;
};

#endif
