/*
 * Every number of the model: which rule declares it, its field in the oracle, its name in a scenario. X is one
 * number, C one for each channel (NAME.email ... NAME.chat).
 */
#ifndef TESTS_ORACLE_ORACLE_NUMBERS_H
#define TESTS_ORACLE_ORACLE_NUMBERS_H

/* Streams: first 32 bits of the MD5 of the rule's name. printf relation | md5sum | cut -c1-8 */
enum rule {
    RELATION = 0x2617c938,
    CASH = (int)0x93585797,
    ADVERTISING = (int)0xe5b0ffb1,
    AWARENESS = (int)0xeaae71a4,
    SEEDING = 0x7969510b,
    CONSIDERATION = 0x51f79008,
    OCCASIONS = 0x11557f17,
    DROPOUT = 0x7e756a3e,
    LIFETIME = 0x79f3a982,
    RENEWAL = 0x4b537a77,
    PRICE = 0x78a5eb43,
    ATTITUDE = (int)0xb43b3777,
    CONTACTS = 0x4136a932,
    DISTANCE = (int)0xa74ec9c5,
    INERTIA = 0x119f13a7,
    SWITCHING_COST = (int)0xc605fdf0,
    POLICIES = (int)0x94422fa6,
    PROGRAMME = (int)0xe82324fc,
    NEWCOMER_OFFER = 0x4c92973a,
    ENVY = (int)0x855b0f0b,
    PROMISE = (int)0xb321de3b,
    PYRAMID = 0x437233c7,
    REVIEWS = 0x74dcb1ce,
    CHOICE = 0x0162cefc,
    CHANNEL = (int)0xc485d2ed,
    STAFF = 0x12532084,
    BURNOUT = (int)0x83058fab,
    STANDARD = (int)0xc00f0c46,
    PROCESS = 0x50751408,
    ASKING = 0x5c7b5be7,
    REFERRAL = (int)0xcd9bcdcb,
    FAILURE = 0x3ee28fe1,
    REACTION = (int)0xe0ab074e,
    EXPERIENCE_SPEND = (int)0xbf288aee,
    TOUCHPOINTS = 0x3b61d256,
    CRM = 0x1fece0cb,
    EFFORT = 0x74045701,
    EXTRAS = 0x27353006,
    SELLING = 0x31862cce,
    FOLLOW_UP = (int)0xe348aa3a,
    TREATMENT = 0x6292fea4,
    PRODUCT = (int)0xf5bf48aa,
    EXPERIENCE = (int)0xd6e04792,
    SATISFACTION = (int)0xce4aef43,
    EXPECTATION = (int)0xe15c5d27,
    MEMORY = (int)0xcd69b495,
    LEAVING = 0x501d577b,
    FIRING = (int)0xa766706e,
    ORDER_VALUE = 0x5284e154,
    SURVEY = 0x2fa7b041,
    TELLING = (int)0x9153f950,
    BILLING = (int)0x8efdd107,
    VALUATION = (int)0xf19b539b
};

#define CONSUMER_PARAMETERS(X, C)                                                                                    \
    X(OCCASIONS, purchase_rate, "purchase_rate")                                                                     \
    X(DROPOUT, dropout, "dropout")                                                                                   \
    X(LIFETIME, lifetime_rate, "lifetime_rate")                                                                      \
    X(RENEWAL, churn, "churn")                                                                                       \
    X(PRICE, price_sensitivity, "price_sensitivity")                                                                 \
    X(PRICE, loyalty_price_relief, "loyalty_price_relief")                                                           \
    X(PRICE, tenure_price_push, "tenure_price_push")                                                                 \
    X(ATTITUDE, attitude_weight, "attitude_weight")                                                                  \
    X(CONSIDERATION, exploration, "exploration")                                                                     \
    X(CONTACTS, contact_response, "contact_response")                                                                \
    X(DISTANCE, distance_cost, "distance_cost")                                                                      \
    X(INERTIA, inertia, "inertia")                                                                                   \
    X(SWITCHING_COST, switching_cost, "switching_cost")                                                              \
    X(ENVY, envy, "envy")                                                                                            \
    X(CHOICE, category_appeal, "category_appeal")                                                                    \
    X(CHOICE, taste_sd, "taste_sd")                                                                                  \
    C(CHANNEL, channel_share, "channel_share")                                                                       \
    X(ASKING, question_rate, "question_rate")                                                                        \
    X(ASKING, give_up, "give_up")                                                                                    \
    X(FAILURE, failure_factor, "failure_factor")                                                                     \
    X(ASKING, hostility, "hostility")                                                                                \
    X(FAILURE, complaint_rate, "complaint_rate")                                                                     \
    X(FOLLOW_UP, cross_sell, "cross_sell")                                                                           \
    X(TREATMENT, peak_end, "peak_end")                                                                               \
    X(EXPERIENCE, treatment_share, "treatment_share")                                                                \
    X(SATISFACTION, gain_weight, "gain_weight")                                                                      \
    X(SATISFACTION, loss_aversion, "loss_aversion")                                                                  \
    X(EXPECTATION, expectation_start, "expectation_start")                                                           \
    X(EXPECTATION, adaptation, "adaptation")                                                                         \
    X(LEAVING, stop_base, "stop_base")                                                                               \
    X(ORDER_VALUE, order_value, "order_value")                                                                       \
    X(TELLING, tells_always, "tells_always")                                                                         \
    X(TELLING, tells_per_experience, "tells_per_experience")

#define FIRM_PARAMETERS(X, C)                                                                                        \
    X(RELATION, initial_share, "initial_share")                                                                      \
    X(CASH, opens, "opens")                                                                                          \
    X(CASH, initial_cash, "initial_cash")                                                                            \
    X(CASH, can_close, "can_close")                                                                                  \
    X(CASH, cash_ceiling, "cash_ceiling")                                                                            \
    X(ADVERTISING, advertising, "advertising")                                                                       \
    X(ADVERTISING, reach_ceiling, "reach_ceiling")                                                                   \
    X(ADVERTISING, reach_half_spend, "reach_half_spend")                                                             \
    X(ADVERTISING, reach_curve, "reach_curve")                                                                       \
    X(AWARENESS, aware_at_start, "aware_at_start")                                                                   \
    X(SEEDING, seed_share, "seed_share")                                                                             \
    X(SEEDING, seed_time, "seed_time")                                                                               \
    X(SEEDING, seed_neighbours, "seed_neighbours")                                                                   \
    X(SEEDING, seed_cost, "seed_cost")                                                                               \
    X(CONSIDERATION, always_considered, "always_considered")                                                         \
    X(CONTACTS, contacts, "contacts")                                                                                \
    X(CONTACTS, relevance, "relevance")                                                                              \
    X(DISTANCE, place_x, "place_x")                                                                                  \
    X(DISTANCE, place_y, "place_y")                                                                                  \
    X(DISTANCE, scatter, "scatter")                                                                                  \
    X(POLICIES, refund, "refund")                                                                                    \
    X(POLICIES, free_shipping, "free_shipping")                                                                      \
    X(POLICIES, transparency, "transparency")                                                                        \
    X(PROGRAMME, rewards, "rewards")                                                                                 \
    X(NEWCOMER_OFFER, newcomer_offer, "newcomer_offer")                                                              \
    X(PROMISE, promise, "promise")                                                                                   \
    X(PYRAMID, community, "community")                                                                               \
    X(PRICE, price, "price")                                                                                         \
    X(CHOICE, appeal, "appeal")                                                                                      \
    C(STAFF, agents, "agents")                                                                                       \
    X(STAFF, wage, "wage")                                                                                           \
    X(STAFF, handling_minutes, "handling_minutes")                                                                   \
    X(STAFF, patience_minutes, "patience_minutes")                                                                   \
    X(STAFF, hours_per_week, "hours_per_week")                                                                       \
    X(BURNOUT, recovery_weeks, "recovery_weeks")                                                                     \
    X(PROCESS, process_shock, "process_shock")                                                                       \
    X(PROCESS, process_coupling, "process_coupling")                                                                 \
    X(PROCESS, process_noise, "process_noise")                                                                       \
    X(PROCESS, process_team, "process_team")                                                                         \
    X(PROCESS, process_delay, "process_delay")                                                                       \
    X(PROCESS, process_measurement, "process_measurement")                                                           \
    X(FAILURE, failure_rate, "failure_rate")                                                                         \
    X(FAILURE, repair_share, "repair_share")                                                                         \
    X(FAILURE, repair_cost, "repair_cost")                                                                           \
    X(REACTION, follow_price, "follow_price")                                                                        \
    X(REACTION, follow_experience, "follow_experience")                                                              \
    X(REACTION, follow_weeks, "follow_weeks")                                                                        \
    X(FIRING, firing, "firing")                                                                                      \
    X(FIRING, firing_error, "firing_error")                                                                          \
    X(EXPERIENCE_SPEND, personalisation, "spend.personalisation")                                                    \
    X(EXPERIENCE_SPEND, integrity, "spend.integrity")                                                                \
    X(EXPERIENCE_SPEND, expectations, "spend.expectations")                                                          \
    X(EXPERIENCE_SPEND, resolution, "spend.resolution")                                                              \
    X(EXPERIENCE_SPEND, time_effort, "spend.time_effort")                                                            \
    X(EXPERIENCE_SPEND, empathy, "spend.empathy")                                                                    \
    C(TOUCHPOINTS, channel_spend, "channel_spend")                                                                   \
    C(TOUCHPOINTS, channel_quality, "channel_quality")                                                               \
    X(TOUCHPOINTS, spend_information, "stage_spend.information")                                                     \
    X(TOUCHPOINTS, spend_purchase, "stage_spend.purchase")                                                           \
    X(TOUCHPOINTS, spend_after_sale, "stage_spend.after_sale")                                                       \
    X(TOUCHPOINTS, touchpoint_half_spend, "touchpoint_half_spend")                                                   \
    X(REFERRAL, referral, "referral")                                                                                \
    X(CRM, crm, "crm")                                                                                               \
    X(CRM, crm_half, "crm_half")                                                                                     \
    X(EFFORT, effort_focus, "effort_focus")                                                                          \
    X(EXTRAS, extras, "extras")                                                                                      \
    X(SELLING, pushing, "pushing")                                                                                   \
    X(FOLLOW_UP, follow_up, "follow_up")                                                                             \
    X(FOLLOW_UP, follow_cost, "follow_cost")                                                                         \
    X(TREATMENT, treatment_floor, "treatment_floor")                                                                 \
    X(TREATMENT, treatment_ceiling, "treatment_ceiling")                                                             \
    X(TREATMENT, response_curve, "response_curve")                                                                   \
    X(TREATMENT, half_spend, "half_spend")                                                                           \
    X(TREATMENT, stage_spread, "stage_spread")                                                                       \
    X(TREATMENT, common_share, "common_share")                                                                       \
    X(PRODUCT, product_quality, "product_quality")                                                                   \
    X(PRODUCT, product_spread, "product_spread")                                                                     \
    X(SURVEY, survey_rate, "survey_rate")                                                                            \
    X(REVIEWS, public_reply, "public_reply")                                                                         \
    X(BILLING, unit_cost, "unit_cost")                                                                               \
    X(BILLING, serve_cost, "serve_cost")                                                                             \
    X(BILLING, fixed_cost, "fixed_cost")

#define MARKET_PARAMETERS(X, C)                                                                                      \
    X(RELATION, avoidance, "avoidance")                                                                              \
    X(AWARENESS, passing, "passing")                                                                                 \
    X(AWARENESS, contagion, "contagion")                                                                             \
    X(AWARENESS, forgetting, "forgetting")                                                                           \
    X(PRICE, reference_price, "reference_price")                                                                     \
    X(RENEWAL, contract_years, "contract_years")                                                                     \
    X(RENEWAL, renewal_memory, "renewal_memory")                                                                     \
    X(RENEWAL, renewal_attitude, "renewal_attitude")                                                                 \
    X(RENEWAL, renewal_failure, "renewal_failure")                                                                   \
    X(RENEWAL, renewal_price, "renewal_price")                                                                       \
    X(ATTITUDE, attitude_start, "attitude_start")                                                                    \
    X(ATTITUDE, hearsay_life, "hearsay_life")                                                                        \
    X(ATTITUDE, hearing_up, "hearing_up")                                                                            \
    X(ATTITUDE, hearing_down, "hearing_down")                                                                        \
    X(ATTITUDE, customer_up, "customer_up")                                                                          \
    X(ATTITUDE, customer_down, "customer_down")                                                                      \
    X(ATTITUDE, experience_pull, "experience_pull")                                                                  \
    X(ATTITUDE, experience_slope, "experience_slope")                                                                \
    X(CONTACTS, fatigue_weeks, "fatigue_weeks")                                                                      \
    X(CONTACTS, best_contacts, "best_contacts")                                                                      \
    X(CONTACTS, contact_curve, "contact_curve")                                                                      \
    X(CONTACTS, contact_wake, "contact_wake")                                                                        \
    X(CONTACTS, fatigue_stop, "fatigue_stop")                                                                        \
    X(CONTACTS, contact_cost, "contact_cost")                                                                        \
    X(DISTANCE, area_radius, "area_radius")                                                                          \
    X(POLICIES, refund_pull, "refund_pull")                                                                          \
    X(POLICIES, shipping_pull, "shipping_pull")                                                                      \
    X(POLICIES, transparency_pull, "transparency_pull")                                                              \
    X(POLICIES, return_rate, "return_rate")                                                                          \
    X(POLICIES, shipping_share, "shipping_share")                                                                    \
    X(PROGRAMME, reward_worth, "reward_worth")                                                                       \
    X(ENVY, envy_awareness, "envy_awareness")                                                                        \
    X(PROMISE, promise_pull, "promise_pull")                                                                         \
    X(PROMISE, trust_start, "trust_start")                                                                           \
    X(PROMISE, trust_loss, "trust_loss")                                                                             \
    X(PROMISE, trust_tolerance, "trust_tolerance")                                                                   \
    X(PROMISE, trust_recovery, "trust_recovery")                                                                     \
    X(PROMISE, gap_learning, "gap_learning")                                                                         \
    X(PYRAMID, fall_threshold, "fall_threshold")                                                                     \
    X(PYRAMID, fall_levels, "fall_levels")                                                                           \
    X(PYRAMID, fall, "fall")                                                                                         \
    X(PYRAMID, slip_threshold, "slip_threshold")                                                                     \
    X(PYRAMID, slip, "slip")                                                                                         \
    X(PYRAMID, climb_threshold, "climb_threshold")                                                                   \
    X(PYRAMID, climb_step, "climb_step")                                                                             \
    X(PYRAMID, climb, "climb")                                                                                       \
    X(PYRAMID, community_gain, "community_gain")                                                                     \
    X(PYRAMID, community_half, "community_half")                                                                     \
    X(PYRAMID, pyramid_bond, "pyramid_bond")                                                                         \
    X(PYRAMID, pyramid_hold, "pyramid_hold")                                                                         \
    X(PYRAMID, forgive_price, "forgive_price")                                                                       \
    X(PYRAMID, forgive_limit, "forgive_limit")                                                                       \
    X(PYRAMID, advocate_factor, "advocate_factor")                                                                   \
    X(STAFF, load_memory, "load_memory")                                                                             \
    X(STAFF, queue, "queue")                                                                                         \
    C(STAFF, handling_factor, "handling_factor")                                                                     \
    C(STAFF, patience_factor, "patience_factor")                                                                     \
    X(BURNOUT, exhaustion, "exhaustion")                                                                             \
    X(BURNOUT, hostile_base, "hostile_base")                                                                         \
    X(BURNOUT, hostile_unanswered, "hostile_unanswered")                                                             \
    X(BURNOUT, exhaustion_quality, "exhaustion_quality")                                                             \
    X(BURNOUT, exhaustion_handling, "exhaustion_handling")                                                           \
    X(BURNOUT, exhaustion_absence, "exhaustion_absence")                                                             \
    X(STANDARD, normal_load, "normal_load")                                                                          \
    X(STANDARD, corner_cutting, "corner_cutting")                                                                    \
    X(STANDARD, standard_down, "standard_down")                                                                      \
    X(STANDARD, standard_up, "standard_up")                                                                          \
    X(FAILURE, failure_severity, "failure_severity")                                                                 \
    X(FAILURE, repair_effect, "repair_effect")                                                                       \
    X(TOUCHPOINTS, channel_gain, "channel_gain")                                                                     \
    X(TOUCHPOINTS, stage_gain, "stage_gain")                                                                         \
    X(REFERRAL, referral_need, "referral_need")                                                                      \
    X(REFERRAL, referral_gain, "referral_gain")                                                                      \
    X(REFERRAL, referral_pull, "referral_pull")                                                                      \
    X(REFERRAL, referral_life, "referral_life")                                                                      \
    X(CRM, crm_curve, "crm_curve")                                                                                   \
    X(CRM, crm_relevance, "crm_relevance")                                                                           \
    X(CRM, crm_consistency, "crm_consistency")                                                                       \
    X(EFFORT, usual_value, "usual_value")                                                                            \
    X(EFFORT, value_error, "value_error")                                                                            \
    X(EXTRAS, extras_gain, "extras_gain")                                                                            \
    X(EXTRAS, extras_half, "extras_half")                                                                            \
    X(SELLING, push_gain, "push_gain")                                                                               \
    X(SELLING, push_regret, "push_regret")                                                                           \
    X(FOLLOW_UP, follow_gain, "follow_gain")                                                                         \
    X(TREATMENT, unanswered_penalty, "unanswered_penalty")                                                           \
    X(PRODUCT, value_price, "value_price")                                                                           \
    X(EXPERIENCE, ces_power, "ces_power")                                                                            \
    X(SATISFACTION, level_weight, "level_weight")                                                                    \
    X(SATISFACTION, level_reference, "level_reference")                                                              \
    X(SATISFACTION, expectation_weight, "expectation_weight")                                                        \
    X(SATISFACTION, tolerance, "tolerance")                                                                          \
    X(SATISFACTION, satisfaction_sd, "satisfaction_sd")                                                              \
    X(MEMORY, memory_good_life, "memory_good_life")                                                                  \
    X(MEMORY, memory_bad_life, "memory_bad_life")                                                                    \
    X(MEMORY, memory_take_up, "memory_take_up")                                                                      \
    X(MEMORY, memory_shrink, "memory_shrink")                                                                        \
    X(LEAVING, stop_failure, "stop_failure")                                                                         \
    X(LEAVING, stop_satisfaction, "stop_satisfaction")                                                               \
    X(FIRING, backlash, "backlash")                                                                                  \
    X(ORDER_VALUE, order_shape, "order_shape")                                                                       \
    X(SURVEY, survey_bias, "survey_bias")                                                                            \
    X(SURVEY, survey_centre, "survey_centre")                                                                        \
    X(SURVEY, survey_base, "survey_base")                                                                            \
    X(SURVEY, survey_memory, "survey_memory")                                                                        \
    X(SURVEY, survey_trait, "survey_trait")                                                                          \
    X(SURVEY, survey_noise, "survey_noise")                                                                          \
    X(SURVEY, csat_base, "csat_base")                                                                                \
    X(SURVEY, csat_slope, "csat_slope")                                                                              \
    X(SURVEY, csat_noise, "csat_noise")                                                                              \
    X(TELLING, negative_ratio, "negative_ratio")                                                                     \
    X(TELLING, tell_scale, "tell_scale")                                                                             \
    X(TELLING, tell_power, "tell_power")                                                                             \
    X(REVIEWS, star_base, "star_base")                                                                               \
    X(REVIEWS, star_slope, "star_slope")                                                                             \
    X(REVIEWS, review_rate, "review_rate")                                                                           \
    X(REVIEWS, review_floor, "review_floor")                                                                         \
    X(REVIEWS, star_neutral, "star_neutral")                                                                         \
    X(REVIEWS, review_power, "review_power")                                                                         \
    X(REVIEWS, review_life, "review_life")                                                                           \
    X(REVIEWS, review_prior, "review_prior")                                                                         \
    X(REVIEWS, review_weight, "review_weight")                                                                       \
    X(REVIEWS, reply_effect, "reply_effect")                                                                         \
    X(REVIEWS, reply_cost, "reply_cost")                                                                             \
    X(VALUATION, discount_rate, "discount_rate")                                                                     \
    X(VALUATION, fade, "fade")                                                                                       \
    X(VALUATION, terminal, "terminal")

enum { PILLARS = 6, STAGES = 3, CHANNELS = 6 };

#define ORACLE_FIELD(rule, field, name) double field;
#define ORACLE_CHANNELS(rule, field, name) double field[CHANNELS];

struct own {
    CONSUMER_PARAMETERS(ORACLE_FIELD, ORACLE_CHANNELS)
};
struct firm_numbers {
    FIRM_PARAMETERS(ORACLE_FIELD, ORACLE_CHANNELS)
};
struct market {
    MARKET_PARAMETERS(ORACLE_FIELD, ORACLE_CHANNELS)
};

#endif
