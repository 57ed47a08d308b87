/* Writes the example dataset to the file named on the command line, for the readers of other languages. */
#include "close.h"
#include "example_dataset.h"
#include "output/runfile.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    struct gw_error error = {0};
    if (argc != 2) {
        fprintf(stderr, "usage: write_example FILE\n");
        return GW_BAD_INPUT;
    }
    struct gw_dataset *data = example_dataset(53);
    const int ret = gw_runfile_write(argv[1], data, true, &error);
    if (ret != 0) {
        fprintf(stderr, "%s\n", error.text);
    }
    gw_dataset_free(data);
    return ret;
}
