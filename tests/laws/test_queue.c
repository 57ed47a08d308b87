/*
 * The service desk in the whole engine against Erlang's queues.
 *
 * With load_memory 0 the load of a period is the questions of the one before, so that, given those, every question
 * goes unanswered independently with the probability of the queue at exactly that load.
 */
#include "closed_forms.h"
#include "cohort.h"
#include "lab.h"

#include <math.h>
#include <stdlib.h>

enum { FIRMS = 5, WEEKS = 104 };

#define HANDLING 6.0
#define HOURS 8.0

/* Patience as long as handling, at four numbers of agents; and hardly any, which is Erlang's loss. */
static const int agents[FIRMS] = {5, 8, 10, 4, 10};
static const double patience[FIRMS] = {6.0, 6.0, 6.0, 8.4, 0.01};

static struct lab *run(void)
{
    char *firms = law_text("firms: {");
    for (int f = 0; f < FIRMS; f++) {
        char *longer =
            law_text("%s%c: {agents.phone: %d, handling_minutes: %g, patience_minutes: %g, hours_per_week: %g},\n",
                     firms, 'a' + f, agents[f], HANDLING, patience[f], HOURS);
        free(firms);
        firms = longer;
    }
    char *yaml = law_text(
        "goodwill: 1\nperiod: week\nhorizon: %d weeks\nwarm_up: 0 weeks\nreplications: 1\nseed: 1101\n"
        "population: {size: 10000, relations: 5, purchase_rate: 52, category_appeal: 30, question_rate: 0.5,\n"
        "  give_up: 0, attitude_weight: 0, stop_base: -40, tells_per_experience: 0}\n"
        "market: {load_memory: 0}\nfocal: a\n%s}\nstrategies: {as_is: {}}\n",
        WEEKS, firms);
    struct lab *lab = lab_run(yaml);
    free(yaml);
    free(firms);
    return lab;
}

/* Erlangs offered in a week after one of so many questions. */
static double offered(double questions)
{
    return questions / HOURS * HANDLING / 60.0;
}

struct desk {
    double asked, unanswered, expected, variance, load;
};

static struct desk count(const struct lab *lab, int firm)
{
    struct desk desk = {0};
    double before = 0.0;
    for (uint32_t t = 0; t < WEEKS; t++) {
        const double asked = (double)lab_cell(lab, 0, 0, t, "questions", GW_PHONE, firm);
        const double a = offered(before);
        const double share = a > 0.0 ? law_erlang_a(a, agents[firm], patience[firm] / HANDLING).abandon : 0.0;
        desk.asked += asked;
        desk.unanswered += (double)lab_cell(lab, 0, 0, t, "unanswered", GW_PHONE, firm);
        desk.expected += asked * share;
        desk.variance += asked * share * (1.0 - share);
        desk.load += a / (WEEKS - 1);
        before = asked;
    }
    return desk;
}

static void test_unanswered_as_the_queue_says(void **state)
{
    (void)state;
    struct lab *lab = run();
    for (int f = 0; f < FIRMS; f++) {
        const struct desk desk = count(lab, f);
        assert_true(desk.asked > 50000.0 && desk.expected > 1000.0);
        assert_within_4_se(desk.unanswered, desk.expected, sqrt(desk.variance));
    }
    lab_free(lab);
}

/* Who does not wait at all is lost as Erlang's formula B says; near the mean load, to first order in its spread. */
static void test_no_patience_is_a_loss_system(void **state)
{
    (void)state;
    struct lab *lab = run();
    const struct desk desk = count(lab, FIRMS - 1);
    assert_close(desk.unanswered / desk.asked, law_erlang_b(desk.load, agents[FIRMS - 1]), 0.04, 0.0);
    lab_free(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unanswered_as_the_queue_says),
        cmocka_unit_test(test_no_patience_is_a_loss_system),
    };
    law_silence_gsl();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
