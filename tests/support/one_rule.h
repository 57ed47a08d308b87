/* One rule alone, without the engine. */
#ifndef TESTS_SUPPORT_ONE_RULE_H
#define TESTS_SUPPORT_ONE_RULE_H

#include "models/rule.h"

#include "close.h"

/* Descriptors: defaults, off values and plausible ranges inside the domain; units, docs and sources given. */
void one_rule_check_descriptors(const char *rule);

#endif
