/* goodwill new: writes a commented scenario to start from, in real currency. */
#include "cli/command.h"

#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char template[] =
    "# A firm and its rival. Money in your currency; rates per year; times as '8 weeks' or '5 years'.\n"
    "# Every other number has a default: 'goodwill describe' lists the rules, 'goodwill check %1$s' all "
    "numbers.\n"
    "goodwill: 1                    # format of this file\n"
    "title: Cut the price, or treat customers better?\n"
    "period: week\n"
    "horizon: 3 years\n"
    "warm_up: 2 years               # lives the market through before the strategies begin\n"
    "replications: 40               # worlds with other luck; more give narrower intervals\n"
    "seed: 1\n"
    "\n"
    "population:\n"
    "  size: 5000                   # consumers in the market, customers or not\n"
    "  purchase_rate: {vary: {gamma: {shape: 0.45, mean: 44}}}    # occasions to buy per year; unlike customers\n"
    "  order_value: {vary: {lognormal: {mean: 20, sd: 10}}}       # money per order at the reference price\n"
    "  price_sensitivity: {vary: {lognormal: {mean: 3.5, sd: 1.0}}}\n"
    "\n"
    "network: {watts_strogatz: {degree: 10, rewire: 0.05}}        # who tells whom; or {edge_list: FILE}\n"
    "\n"
    "market:\n"
    "  discount_rate: 0.10          # per year\n"
    "\n"
    "focal: us\n"
    "firms:\n"
    "  us:\n"
    "    price: 1.00                # relative to the reference price\n"
    "    unit_cost: 0.55            # of an order, relative to the reference price: this number decides much\n"
    "    agents.phone: 1            # people who answer questions\n"
    "    wage: 600                  # money per agent and week\n"
    "    fixed_cost: 500            # money per week\n"
    "    half_spend: 60             # money per week and pillar at which half of the effect is reached\n"
    "    spend: {time_effort: 60, empathy: 60}\n"
    "  rival:\n"
    "    price: 0.98\n"
    "    unit_cost: 0.55\n"
    "    agents.phone: 1\n"
    "    half_spend: 60\n"
    "    spend: {time_effort: 60, empathy: 60}\n"
    "\n"
    "strategies:                    # the first is what the others are compared with\n"
    "  status_quo: {}\n"
    "  price_cut: {firms.us.price: {schedule: {at: week 8, to: 0.95}}}\n"
    "  experience: {firms.us.spend.empathy: {schedule: {at: week 8, to: 240}}}\n";

static error_t parse(int key, char *argument, struct argp_state *state)
{
    return gw_take_one(key, argument, state, state->input, "name");
}

static int write_template(const char *path, struct gw_error *error)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        return gw_fail(error, errno == EEXIST ? GW_BAD_INPUT : GW_IO,
                       errno == EEXIST ? "%s exists already; choose another name" : "%s: cannot write: %s", path,
                       strerror(errno));
    }
    FILE *file = fdopen(fd, "w");
    int bad = file == NULL;
    if (file != NULL) {
        bad |= fprintf(file, template, path) < 0;
        bad |= fclose(file) != 0;
    }
    if (bad) {
        unlink(path);
        return gw_fail(error, GW_IO, "%s: cannot write: %s", path, strerror(errno));
    }
    return GW_OK;
}

static int run(int argc, char **argv)
{
    static const struct argp argp = {
        NULL,   parse,
        "NAME", "Writes NAME.yaml, a commented scenario to start from. A file that exists is left alone.",
        NULL,   NULL,
        NULL};
    struct gw_error error = {0};
    const char *name = NULL;
    char path[1024];
    argp_parse(&argp, argc, argv, 0, NULL, &name);
    const size_t length = strlen(name);
    const bool suffixed = length > 5 && strcmp(name + length - 5, ".yaml") == 0;
    if (snprintf(path, sizeof path, "%s%s", name, suffixed ? "" : ".yaml") >= (int)sizeof path) {
        gw_fail(&error, GW_BAD_INPUT, "the name is too long");
        return gw_report(&error);
    }
    if (write_template(path, &error) != GW_OK) {
        return gw_report(&error);
    }
    printf("%s\n", path);
    fprintf(stderr, "Next: goodwill study %s\n", path);
    return GW_OK;
}

const struct gw_command gw_command_new = {"new", "NAME", "write a commented scenario to start from", run};
