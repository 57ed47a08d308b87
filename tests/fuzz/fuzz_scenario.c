/* Feeds arbitrary bytes to the scenario reader. What it accepts must have a canonical text that reads back as the
 * same scenario. Run: fuzz_scenario -max_len=4096 CORPUS tests/scenario/broken tests/scenario/valid */
#include "scenario/scenario.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gw_scenario *first = NULL, *second = NULL;
    struct gw_error error = {0};
    if (gw_scenario_parse(&first, (const char *)data, size, "fuzz.yaml", "/nonexistent", NULL, 0, &error) != GW_OK) {
        return 0;
    }
    if (gw_scenario_parse(&second, first->resolved, strlen(first->resolved), "fuzz.yaml", "", NULL, 0, &error) !=
            GW_OK ||
        strcmp(first->resolved, second->resolved) != 0) {
        abort();
    }
    gw_scenario_free(first);
    gw_scenario_free(second);
    return 0;
}
