/*
 * The engine and the oracle, consumer by consumer: finding firms, being served, trusting, offers, and cash; each
 * group of rules at lively values, then all at once.
 */
#include "pair.h"

#include <stdio.h>

/* A scenario is put together from the parts of its groups: what stands under three firms, the market, the population,
 * and further firms. Parts that are used together do not name the same number twice. */
struct part {
    const char *us, *rival, *third, *market, *people, *more;
};

static const struct part base = {
    "price: {schedule: {at: 10, to: 0.9}}, initial_share: 0.2, survey_rate: 0.4, half_spend: 60, "
    "spend: {empathy: 60, personalisation: 40, resolution: {schedule: {from: 5, until: 18, to: 90}}}",
    "price: 1.05, initial_share: 0.3, failure_rate: 0.1, repair_share: 0.5",
    "appeal: -0.2, treatment_ceiling: 0.7",
    "  value_price: 0.4\n"
    "  negative_ratio: 3\n",
    "  purchase_rate: {vary: {gamma: {shape: 0.45, mean: 44}}}\n"
    "  order_value: {vary: {lognormal: {mean: 20, sd: 10}}}\n"
    "  tells_per_experience: 0.5\n"
    "  tells_always: 0.05\n"
    "  price_sensitivity: {vary: {lognormal: {mean: 3, sd: 0.8}}}\n",
};

/* us opens late in the warm-up's view, the rival is short of money and closes, the third draws what is above. */
static const struct part cash = {
    "initial_cash: 100, fixed_cost: 300",
    "initial_cash: 8000, can_close: true, fixed_cost: 3000",
    "opens: 0.25, initial_cash: 50, cash_ceiling: 400",
    "",
    "",
};

static const struct part money = {
    "extras: 0.5, follow_up: 0.4, refund: 0.5, free_shipping: 0.3, rewards: 0.05, newcomer_offer: "
    "0.1",
    "pushing: 0.5, transparency: 0.6, newcomer_offer: {schedule: {at: "
    "12, to: 0.2}}",
    "refund: {schedule: {from: 5, until: 15, to: 0.8}}, follow_up: 1",
    "  envy_awareness: 0.5\n",
    "  switching_cost: 0.5\n"
    "  envy: {vary: {gamma: {shape: 2, mean: 6}}}\n",
};

static const struct part effort = {
    "effort_focus: 0.8", "effort_focus: {schedule: {at: 9, to: 0.4}}", "", "  value_error: 0.5\n", "",
};

#define SERVICE                                                                                                      \
    "agents: {email: 0.2, phone: 0.5, web: 0.3}, channel_spend: {phone: 20, web: 30}, "                              \
    "stage_spend: {purchase: 25, after_sale: 10}, channel_quality: {store: -0.2}, "                                  \
    "process_shock: {schedule: {at: 10, to: -0.2}}, process_team: 0.1, process_noise: 0.05",                         \
        "agents: {phone: 0.3}, channel_spend: {store: 40}, stage_spend: {information: 30}, process_noise: 0.1, "     \
        "process_delay: 3, process_team: 0.05",                                                                      \
        "agents: {phone: 1.2, store: 0.4}, channel_quality: {phone: 0.3}"
#define SERVICE_MARKET                                                                                               \
    "  exhaustion: 0.05\n"                                                                                           \
    "  corner_cutting: 0.5\n  normal_load: 0.1\n"                                                                    \
    ""
static const struct part service = {
    SERVICE,
    SERVICE_MARKET "  queue: erlang_a\n",
    "  channel_share: {email: 0.2, phone: 0.4, store: 0.1, web: 0.3}\n"
    "  segments: {near: {share: 0.3, channel_share: {store: 2, phone: 1}}, far: {share: 0.7}}\n",
};
static const struct part abuse = {
    "agents: {phone: 0.5}, firing: {schedule: {at: 8, to: 0.7}}, firing_error: 0.05",
    "agents: {phone: 0.3}, firing: 1",
    "",
    "  exhaustion: 0.05\n  backlash: 8\n",
    "  hostility: 0.02\n"
    "  segments: {difficult: {share: 0.2, hostility: 0.5, question_rate: 0.6}, others: {share: 0.8}}\n",
};
static const struct part patient = {
    SERVICE,
    SERVICE_MARKET "  queue: erlang_c\n",
    "  channel_share: {email: 0.2, phone: 0.4, store: 0.1, web: 0.3}\n",
};

static const struct part voice = {
    "", "survey_rate: 0.2", "", "  tell_power: 1.5\n  survey_bias: 0.5\n", "",
};

static const struct part reaction = {
    "follow_experience: 0.3, follow_weeks: 4",
    "follow_price: {schedule: {at: 8, to: 0.7}}",
    "follow_price: 1, follow_experience: 0.8, follow_weeks: 2",
    "",
    "",
};

static const struct part promise = {
    "promise: 0.8", "promise: {schedule: {at: 12, to: 0.9}}", "promise: 0.7", "  trust_start: 0.5\n", "",
};

static const struct part pyramid = {
    "community: 30", "", "", "  climb: 0.4\n", "",
};

static const struct part contacts = {
    "contacts: 4, crm: {schedule: {at: 6, to: 300}}, referral: 1",
    "contacts: {schedule: {at: 8, to: 12}}, crm: 100, referral: 0.6",
    "",
    "  fatigue_stop: 0.01\n",
    "",
};

static const struct part reviews = {
    "public_reply: 0.5",
    "",
    "public_reply: {schedule: {from: 5, until: 15, to: 1}}",
    "  review_rate: 0.3\n  star_base: 3.8\n",
    "",
};

static const struct part adverts = {
    "advertising: 50", "advertising: {schedule: {at: 12, to: 200}}", "", "", "",
};

static const struct part awareness = {
    "aware_at_start: 0.3, seed_share: 0.2, seed_neighbours: 7, seed_time: 0.06",
    "aware_at_start: 0.5, seed_share: 0.1, seed_cost: 3.7",
    "aware_at_start: 0.1, seed_share: 0.05, seed_time: -0.05",
    "  passing: 0.05\n"
    "  contagion: 0.5\n"
    "  forgetting: 0.4\n",
    "",
};

static const struct part place = {
    "place_x: 1, scatter: 0", "scatter: 3", "place_y: -2", "  area_radius: 5\n", "  distance_cost: 0.1\n",
};

static const struct part contract = {
    "",
    "",
    "",
    "  contract_years: 0.0769230769\n"
    "  renewal_memory: 1\n"
    "  renewal_attitude: 2\n"
    "  renewal_failure: 1.5\n"
    "  renewal_price: 3.5\n",
    "  churn: {vary: {beta: {alpha: 2, beta: 8}}}\n",
};

/* Twelve firms, of which a consumer considers four. */
static const struct part many = {
    "",
    "always_considered: true",
    "",
    "",
    "  relations: 4\n  exploration: 2\n",
    "  local: {copies: 8, price: 1.02, appeal: -0.1, initial_share: 0.03, aware_at_start: 0.8, scatter: 4, "
    "process_noise: 0.1}\n"
    "  local_3: {advertising: 150, appeal: 0.2, scatter: 4, promise: 0.75}\n"
    "  late: {opens: 0.2, appeal: 0.4, agents: {phone: 1}, contacts: 3}\n",
};

enum { MOST_PARTS = 16, ROOM = 1 << 14 };

struct text {
    char *at, *end;
};

static void put(struct text *t, const char *word)
{
    const int n = snprintf(t->at, (size_t)(t->end - t->at), "%s", word);
    t->at += n;
    assert_true(t->at < t->end);
}

static void put_firm(struct text *t, const char *name, const char *const words[], int n)
{
    put(t, "  ");
    put(t, name);
    put(t, ": {");
    for (int k = 0; k < n; k++) {
        put(t, k > 0 && words[k][0] != '\0' ? ", " : "");
        put(t, words[k]);
    }
    put(t, "}\n");
}

static void compose(char out[ROOM], const char *head, const char *size, const struct part *const parts[], int n)
{
    const char *us[MOST_PARTS], *rival[MOST_PARTS], *third[MOST_PARTS];
    struct text t = {out, out + ROOM};
    for (int k = 0; k < n; k++) {
        us[k] = parts[k]->us;
        rival[k] = parts[k]->rival;
        third[k] = parts[k]->third;
    }
    /* A draw that lies within the rounding of float on the boundary between two numbers of stars or of messages comes
     * out one way here and the other there, and all that follows differs. Over all worlds of this file that happens
     * about once in five seeds (20261122 and 20261123 have one each): such a seed is exchanged, once it is known that
     * the two sides differ by that single draw. */
    put(&t, "goodwill: 1\nseed: 20261124\n");
    put(&t, head);
    put(&t, "firms:\n");
    put_firm(&t, "us", us, n);
    put_firm(&t, "rival", rival, n);
    put_firm(&t, "third", third, n);
    for (int k = 0; k < n; k++) {
        put(&t, parts[k]->more != NULL ? parts[k]->more : "");
    }
    put(&t, "market:\n");
    for (int k = 0; k < n; k++) {
        put(&t, parts[k]->market);
    }
    put(&t, "population:\n");
    put(&t, size);
    for (int k = 0; k < n; k++) {
        put(&t, parts[k]->people);
    }
}

#define ONCE "replications: 1\n"
#define WEEKS ONCE "horizon: 40\nwarm_up: 6\nnetwork: {watts_strogatz: {degree: 6, rewire: 0.1}}\n"
#define MONTHS ONCE "period: month\nhorizon: 30\nwarm_up: 4\nnetwork: {barabasi_albert: {edges: 3}}\n"
#define DAYS ONCE "period: day\nhorizon: 60\nwarm_up: 10\nnetwork: {watts_strogatz: {degree: 4, rewire: 0.2}}\n"
#define CROWD ONCE "horizon: 30\nwarm_up: 3\nnetwork: {complete: {}}\n"
#define CONTRACTS "setting: contractual\n"

#define PARTS(...)                                                                                                   \
    (const struct part *const[]){__VA_ARGS__},                                                                       \
        (int)(sizeof((const struct part *const[]){__VA_ARGS__}) / sizeof(void *))
#define HAPPENS(...)                                                                                                 \
    (const char *const[])                                                                                            \
    {                                                                                                                \
        __VA_ARGS__, NULL                                                                                            \
    }

static void live_with(const char *head, const struct part *const parts[], int n, const char *const *happens)
{
    char text[ROOM];
    compose(text, head, "  size: 2600\n", parts, n);
    pair_live(text, happens);
}

static void test_cash(void **state)
{
    (void)state;
    live_with(WEEKS, PARTS(&base, &cash), HAPPENS("closures", "left closure", "firms_closed"));
    live_with(CONTRACTS WEEKS, PARTS(&base, &cash, &contract), HAPPENS("closures", "left closure"));
}

static void test_money(void **state)
{
    (void)state;
    live_with(WEEKS, PARTS(&base, &money), HAPPENS("follow_ups", "left price", "left service", "left failure"));
    live_with(CONTRACTS WEEKS, PARTS(&base, &money, &contract), HAPPENS("follow_ups", "left price", "left renewal"));
}

static void test_effort(void **state)
{
    (void)state;
    live_with(WEEKS, PARTS(&base, &effort, &service), HAPPENS("value_seen", "value_counted"));
    live_with(CONTRACTS MONTHS, PARTS(&base, &effort, &contract), HAPPENS("value_counted"));
}

static void test_service(void **state)
{
    (void)state;
    live_with(WEEKS, PARTS(&base, &service),
              HAPPENS("unanswered email", "unanswered store", "given_up web", "waiting phone", "utilisation",
                      "burnout", "erosion", "process_shift"));
    live_with(MONTHS, PARTS(&base, &patient), HAPPENS("unanswered email", "unanswered store", "waiting phone"));
}

static void test_abuse(void **state)
{
    const char *const *happens = HAPPENS("hostile phone", "left fired", "wrongly_fired", "burnout", "told negative");
    (void)state;
    live_with(WEEKS, PARTS(&base, &abuse), happens);
    live_with(CONTRACTS MONTHS, PARTS(&base, &abuse, &contract), happens);
}

static void test_voice(void **state)
{
    (void)state;
    live_with(WEEKS, PARTS(&base, &voice),
              HAPPENS("csat 1", "csat 5", "answers promoters", "true_answers passives", "disconfirmation positive",
                      "disconfirmation negative", "told negative"));
}

static void test_promise(void **state)
{
    (void)state;
    live_with(WEEKS, PARTS(&base, &promise), NULL);
}

static void test_pyramid(void **state)
{
    (void)state;
    live_with(WEEKS, PARTS(&base, &pyramid), HAPPENS("pyramid loyal", "left_level none"));
    live_with(CONTRACTS WEEKS, PARTS(&base, &pyramid, &contract), HAPPENS("pyramid delighted"));
}

static void test_contacts(void **state)
{
    (void)state;
    live_with(WEEKS, PARTS(&base, &contacts), HAPPENS("left fatigue"));
    live_with(CONTRACTS MONTHS, PARTS(&base, &contacts, &contract), HAPPENS("left fatigue"));
}

static void test_reviews(void **state)
{
    (void)state;
    live_with(WEEKS, PARTS(&base, &reviews), HAPPENS("reviews 1", "experienced_stars 5"));
}

static void test_reaction(void **state)
{
    (void)state;
    live_with(WEEKS, PARTS(&base, &reaction), HAPPENS("price_followed", "spend_followed"));
    live_with(MONTHS, PARTS(&base, &cash, &reaction), HAPPENS("price_followed", "spend_followed"));
}

static void test_awareness(void **state)
{
    (void)state;
    live_with(WEEKS, PARTS(&base, &adverts, &awareness), HAPPENS("newly_aware", "forgot", "unaware", "seeds"));
    live_with(CROWD, PARTS(&base, &adverts, &awareness), HAPPENS("newly_aware", "forgot", "unaware"));
}

static void test_distance(void **state)
{
    (void)state;
    live_with(WEEKS, PARTS(&base, &place), NULL);
}

/* The warm-up lives under the base, the horizon under other numbers. */
#define STRATEGY                                                                                                     \
    "strategies:\n"                                                                                                  \
    "  change: {firms.us.price: 0.97, firms.rival.agents.phone: 0.1, firms.third.contacts: 2, "                      \
    "market.experience_pull: 0.3, population.inertia: 1.1, population.taste_sd: 0.9}\n"
#define ALL                                                                                                          \
    &base, &cash, &reaction, &money, &voice, &promise, &pyramid, &contacts, &reviews, &adverts, &awareness, &place

static const char *const much[] = {
    "left price",     "left fatigue", "left closure", "left service",    "follow_ups", "unanswered web", "burnout",
    "pyramid unique", "reviews 1",    "newly_aware",  "left_level none", "forgot",     "closures",       NULL};

static void test_everything(void **state)
{
    (void)state;
    live_with(WEEKS STRATEGY, PARTS(ALL, &service), much);
    live_with(MONTHS STRATEGY, PARTS(ALL, &patient), HAPPENS("left closure", "left price", "pyramid loyal"));
    live_with(DAYS, PARTS(ALL, &service), HAPPENS("left closure", "left service"));
    live_with(CONTRACTS WEEKS STRATEGY, PARTS(ALL, &service, &contract), HAPPENS("left closure", "left renewal"));
}

#define SLOTS_CHANGE "entered", "dropped", "left forgotten"

static void test_many_firms(void **state)
{
    (void)state;
    live_with(WEEKS, PARTS(&base, &adverts, &awareness, &place, &many), HAPPENS(SLOTS_CHANGE));
    live_with(WEEKS STRATEGY, PARTS(ALL, &service, &many), HAPPENS(SLOTS_CHANGE, "left closure"));
    live_with(CROWD, PARTS(ALL, &service, &many), HAPPENS(SLOTS_CHANGE));
    live_with(MONTHS, PARTS(ALL, &patient, &many), HAPPENS(SLOTS_CHANGE, "left closure"));
    live_with(CONTRACTS WEEKS STRATEGY, PARTS(ALL, &service, &contract, &many),
              HAPPENS("entered", "dropped", "left closure", "left renewal"));
}

/* Other worlds, uncertain numbers, several strategies, terminal values, a horizon below a year. */
static void test_replications(void **state)
{
    static const struct {
        const char *head, *terminal;
    } run[] = {{"horizon: 20\nwarm_up: 5\n", "  terminal: fade\n"},
               {"period: month\nhorizon: 20\nwarm_up: 2\n", "  terminal: run_off\n"},
               {"horizon: 20\nwarm_up: 5\n", "  terminal: none\n"}};
    (void)state;
    for (size_t k = 0; k < sizeof run / sizeof run[0]; k++) {
        const struct part doubt = {"repair_cost: {uncertain: {uniform: {low: 0.2, high: 0.4}}}", "", "",
                                   run[k].terminal,
                                   "  category_appeal: {uncertain: {normal: {mean: -1.5, sd: 0.2}}}\n"};
        char head[ROOM], text[ROOM];
        snprintf(head, sizeof head, "%s%s", run[k].head,
                 "replications: 2\nnetwork: {watts_strogatz: {degree: 6, rewire: 0.1}}\n"
                 "strategies: {stay: {}, cut: {firms.us.price: 0.9, firms.us.rewards: 0.02}}\n");
        compose(text, head, "  size: 500\n", PARTS(ALL, &service, &many, &doubt));
        pair_run(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_abuse),        cmocka_unit_test(test_reaction),   cmocka_unit_test(test_cash),
        cmocka_unit_test(test_money),        cmocka_unit_test(test_effort),     cmocka_unit_test(test_service),
        cmocka_unit_test(test_voice),        cmocka_unit_test(test_promise),    cmocka_unit_test(test_pyramid),
        cmocka_unit_test(test_contacts),     cmocka_unit_test(test_reviews),    cmocka_unit_test(test_awareness),
        cmocka_unit_test(test_distance),     cmocka_unit_test(test_everything), cmocka_unit_test(test_many_firms),
        cmocka_unit_test(test_replications),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
