/* Files that come with the program, as scenarios/lessons/14_talk.yaml. */
#ifndef GW_CLI_SHIPPED_H
#define GW_CLI_SHIPPED_H

#include <glob.h>

/* Finds the files of a pattern below the folder scenarios: of the working directory, of the tree the program was
 * built in, of the prefix it is installed in; in the first of them that has any. 0, or GLOB_NOMATCH; globfree() in
 * both cases. */
int gw_shipped_find(const char *pattern, glob_t *found);

#endif
