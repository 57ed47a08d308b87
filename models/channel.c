/*
 * The channel on which a consumer meets firms.
 */
#include "rule.h"

enum { SHARE }; /* the first of GW_CHANNELS shares */
enum { CHANNEL };

#define SHARE_OF(channel, share, plausible)                                                                          \
    {                                                                                                                \
        .name = "channel_share." channel, .scope = GW_CONSUMER, .unit = "1", .value = (share), .low = 0.0,           \
        .high = 1000000.0, .plausible_low = 0.0, .plausible_high = (plausible), .off = (share),                      \
        .doc = "Weight of " channel " among the channels for questions and after-sale; drawn once per consumer.",    \
        .source = "[A]"                                                                                              \
    }

static const struct gw_parameter parameters[] = {
    SHARE_OF("email", 0.0, 1.0),
    SHARE_OF("phone", 1.0, 1.0),
    SHARE_OF("store", 0.0, 1.0),
    SHARE_OF("social", 0.0, 1.0),
    SHARE_OF("web", 0.0, 1.0),
    SHARE_OF("chat", 0.0, 1.0),
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "channel",
     .shape = GW_PER_CONSUMER,
     .type = GW_U8,
     .neutral = GW_PHONE,
     .unit = "1",
     .doc = "Channel for questions and after-sale: 0 e-mail, 1 phone, 2 store, 3 social media, 4 web, 5 chat.",
     .lasting = true},
    {.name = NULL},
};

/* The first channel c with u * sum of all weights below the sum up to c; in double, in the order of the channels. */
static uint8_t pick(const double weight[GW_CHANNELS], double u)
{
    double all = 0.0, up_to = 0.0;
    for (int c = 0; c < GW_CHANNELS; c++) {
        all += weight[c];
    }
    for (int c = 0; c < GW_CHANNELS; c++) {
        up_to += weight[c];
        if (u * all < up_to) {
            return (uint8_t)c;
        }
    }
    return GW_PHONE; /* all weights are 0 */
}

static void start(const struct gw_block *b)
{
    uint8_t *channel = gw_column(b, CHANNEL);
    for (int row = 0; row < b->rows; row++) {
        double weight[GW_CHANNELS];
        for (int c = 0; c < GW_CHANNELS; c++) {
            weight[c] = (double)gw_consumer(b, SHARE + c)[row];
        }
        channel[row] = pick(weight, gw_uniform_start(&b->key, b->first + (uint32_t)row, 1, 0));
    }
}

GW_RULE(channel) = {
    .name = "channel",
    .doc =
        "Every consumer has a channel, drawn at the start with the weights channel_share: questions go there (rule "
        "staff: each channel has its agents), and after-sale happens there (rule touchpoints). Without weights it is "
        "the phone.",
    .reference = "Neslin et al. 2006, Journal of Service Research 9(2)",
    .parameters = parameters,
    .columns = columns,
    .start = start,
};
