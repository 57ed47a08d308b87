/* goodwill describe: the documentation in the descriptors - rules, parameters, outputs. */
#include "cli/command.h"
#include "cli/describe.h"
#include "models/registry.h"
#include "outcome/results.h"
#include "scenario/catalogue.h"

#include <argp.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Text in lines of at most 96 characters, indented. */
static void print_wrapped(const char *text, int indent)
{
    const int width = 96;
    int column = indent;
    printf("%*s", indent, "");
    while (*text != '\0') {
        const int word = (int)strcspn(text, " ");
        if (column > indent && column + 1 + word > width) {
            printf("\n%*s", indent, "");
            column = indent;
        } else if (column > indent) {
            putchar(' ');
            column++;
        }
        printf("%.*s", word, text);
        column += word;
        text += word;
        text += strspn(text, " ");
    }
    putchar('\n');
}

void gw_describe_value(FILE *out, const struct gw_parameter *p, double x)
{
    if (p->kind == GW_FLAG) {
        fputs(x != 0.0 ? "true" : "false", out);
    } else if (p->kind == GW_CHOICE) {
        const char *word = p->choices;
        for (int skip = (int)x; skip > 0; skip--) {
            word = strchr(word, '|') + 1;
        }
        fprintf(out, "%.*s", (int)strcspn(word, "|"), word);
    } else if (isinf(x)) {
        fputs(x > 0 ? "inf" : "-inf", out);
    } else {
        fprintf(out, "%.10g", x);
    }
}

const char *gw_describe_forms(enum gw_scope scope)
{
    static const char *const forms[] = {"spread over customers (vary), uncertain", "uncertain",
                                        "scheduled over time, uncertain", "uncertain"};
    return forms[scope];
}

static void print_labelled(const struct gw_parameter *p, const char *label, double x)
{
    printf("%s ", label);
    gw_describe_value(stdout, p, x);
}

static void print_parameter(const struct gw_parameter *p)
{
    printf("  %s.%s [%s]: ", gw_scope_area(p->scope), p->name, p->unit);
    print_labelled(p, "default", p->value);
    print_labelled(p, ", domain", p->low);
    print_labelled(p, " to", p->high);
    print_labelled(p, ", plausible", p->plausible_low);
    print_labelled(p, " to", p->plausible_high);
    if (p->off == p->off) {
        print_labelled(p, ", off", p->off);
    }
    printf("; may be %s\n", gw_describe_forms(p->scope));
    print_wrapped(p->doc, 6);
    printf("      Source: %s\n", p->source);
}

static void print_tally(const struct gw_tally *tally)
{
    printf("  %s [%s]", tally->name, tally->unit);
    if (tally->dimension != NULL) {
        printf(" by %s:", tally->dimension->name);
        for (int l = 0; tally->dimension->labels[l] != NULL; l++) {
            printf(" %s", tally->dimension->labels[l]);
        }
    }
    putchar('\n');
    print_wrapped(tally->doc, 6);
}

static void print_output(const struct gw_output *output)
{
    printf("%s [%s] by %s\n", output->name, output->unit, output->by);
    print_wrapped(output->doc, 6);
}

static void print_rule(const struct gw_rule *rule)
{
    printf("%s\n", rule->name);
    print_wrapped(rule->doc, 2);
    if (rule->reference != NULL) {
        printf("  Reference: ");
        print_wrapped(rule->reference, 0);
    }
    for (const struct gw_parameter *p = rule->parameters; p != NULL && p->name != NULL; p++) {
        print_parameter(p);
    }
    for (const struct gw_tally *t = rule->tallies; t != NULL && t->name != NULL; t++) {
        print_tally(t);
    }
    for (const struct gw_posting *p = rule->postings; p != NULL && p->name != NULL; p++) {
        printf("  posting %s: debit %s, credit %s\n", p->name, gw_account_names[p->debit],
               gw_account_names[p->credit]);
        print_wrapped(p->doc, 6);
    }
}

/* The first sentence of a rule's documentation, or what fits. */
static void print_overview(void)
{
    for (int r = 0; r < gw_rule_count; r++) {
        const struct gw_rule *rule = gw_rules(GW_ISA_PORTABLE)[r];
        const char *stop = strstr(rule->doc, ". ");
        const int length = stop == NULL ? (int)strlen(rule->doc) : (int)(stop - rule->doc) + 1;
        printf("%-18s %.*s\n", rule->name, length, rule->doc);
    }
    fputs("\nMore about one of them, a parameter (spend.empathy) or an output (company_value): goodwill describe "
          "NAME\n",
          stderr);
}

static int describe_one(const char *name)
{
    static const char *const areas[] = {"population", "firms", "market"};
    const struct gw_rule *const *rules = gw_rules(GW_ISA_PORTABLE);
    int found = 0;
    const int rule = gw_rule_find(name);
    if (rule >= 0) {
        print_rule(rules[rule]);
        found = 1;
    }
    for (int a = 0; a < 3; a++) {
        const int p = gw_catalogue_find(areas[a], name);
        if (p >= 0) {
            printf("%s (rule %s)\n", name, rules[gw_catalogue_entry(p)->rule]->name);
            print_parameter(gw_catalogue_entry(p)->parameter);
            found = 1;
        }
    }
    for (int r = 0; r < gw_rule_count; r++) {
        for (const struct gw_tally *t = rules[r]->tallies; t != NULL && t->name != NULL; t++) {
            if (strcmp(t->name, name) == 0) {
                printf("%s (rule %s)\n", name, rules[r]->name);
                print_tally(t);
                found = 1;
            }
        }
    }
    size_t n;
    const struct gw_output *output = gw_outputs(&n);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(output[i].name, name) == 0) {
            print_output(&output[i]);
            found = 1;
        }
    }
    return found;
}

struct arguments {
    const char *name;
    bool markdown;
};

static const struct argp_option options[] = {
    {"markdown", 'm', NULL, 0, "With `all`: the reference page, docs/reference.md", 0}, {0}};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    switch (key) {
    case 'm':
        arguments->markdown = true;
        return 0;
    case ARGP_KEY_ARG:
        if (arguments->name != NULL) {
            argp_error(state, "one name at a time, got '%s' as well", argument);
        }
        arguments->name = argument;
        return 0;
    case ARGP_KEY_END:
        if (arguments->markdown && (arguments->name == NULL || strcmp(arguments->name, "all") != 0)) {
            argp_error(state, "--markdown writes the whole reference: goodwill describe all --markdown");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void describe_all(void)
{
    size_t n;
    const struct gw_output *output = gw_outputs(&n);
    for (int r = 0; r < gw_rule_count; r++) {
        print_rule(gw_rules(GW_ISA_PORTABLE)[r]);
        putchar('\n');
    }
    for (size_t i = 0; i < n; i++) {
        print_output(&output[i]);
    }
}

static int run(int argc, char **argv)
{
    static const struct argp argp = {options,
                                     parse,
                                     "[RULE|PARAMETER|OUTPUT|all]",
                                     "Explains a rule, a parameter or an output: meaning, unit, default, domain, "
                                     "plausible range, off value, source. Without a name, lists the rules.",
                                     NULL,
                                     NULL,
                                     NULL};
    struct arguments arguments = {0};
    argp_parse(&argp, argc, argv, 0, NULL, &arguments);
    if (arguments.name == NULL) {
        print_overview();
    } else if (arguments.markdown) {
        gw_reference_write(stdout);
    } else if (strcmp(arguments.name, "all") == 0) {
        describe_all();
    } else if (describe_one(arguments.name) == 0) {
        fprintf(stderr,
                "goodwill: no rule, parameter or output '%s'; 'goodwill describe' lists the rules, "
                "'goodwill describe all' everything; other keys of a scenario: docs/scenario.md\n",
                arguments.name);
        return GW_BAD_INPUT;
    }
    return GW_OK;
}

const struct gw_command gw_command_describe = {"describe", "[RULE|PARAMETER|OUTPUT|all]",
                                               "explain a rule, a parameter or an output", run};
