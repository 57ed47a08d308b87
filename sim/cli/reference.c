/* The reference page in Markdown, out of the descriptors: goodwill describe all --markdown. */
#include "cli/describe.h"
#include "models/registry.h"
#include "outcome/results.h"
#include "scenario/catalogue.h"

#include <math.h>
#include <string.h>

/* Text in which only backquotes mean anything. A bar would end a table's cell even between them. */
static void put_text(FILE *out, const char *text)
{
    bool code = false;
    for (; *text != '\0'; text++) {
        code ^= *text == '`';
        if (*text == '|' || (!code && strchr("*<\\", *text) != NULL)) {
            fputc('\\', out);
        }
        fputc(*text, out);
    }
}

static void put_cell(FILE *out, const char *text)
{
    fputs(" | ", out);
    put_text(out, text);
}

/* ---- Parameters ------------------------------------------------------------------------------------------- */

/* A range's ends, or all the words of a choice between them. */
static void put_range(FILE *out, const struct gw_parameter *p, double low, double high)
{
    const bool words = p->kind == GW_FLAG || p->kind == GW_CHOICE;
    fputs(" | ", out);
    gw_describe_value(out, p, low);
    for (double x = words ? low + 1.0 : high; x <= high; x += 1.0) {
        fputs(words ? ", " : " … ", out);
        gw_describe_value(out, p, x);
    }
}

static void put_parameter(FILE *out, const struct gw_parameter *p)
{
    fprintf(out, "| `%s.%s`", gw_scope_area(p->scope), p->name);
    put_cell(out, p->unit);
    fputs(" | ", out);
    gw_describe_value(out, p, p->value);
    put_range(out, p, p->low, p->high);
    put_range(out, p, p->plausible_low, p->plausible_high);
    fputs(" | ", out);
    if (!isnan(p->off)) {
        gw_describe_value(out, p, p->off);
    }
    put_cell(out, gw_describe_forms(p->scope));
    put_cell(out, p->doc);
    put_cell(out, p->source);
    fputs(" |\n", out);
}

static void put_parameters(FILE *out, const struct gw_parameter *p)
{
    if (p == NULL || p->name == NULL) {
        return;
    }
    fputs("\n| Parameter | Unit | Default | Domain | Plausible | Off | May also be | Meaning | Source |\n"
          "|---|---|---|---|---|---|---|---|---|\n",
          out);
    for (; p->name != NULL; p++) {
        put_parameter(out, p);
    }
}

/* ---- State, accumulators, outputs, postings --------------------------------------------------------------- */

static void put_columns(FILE *out, const struct gw_column *c)
{
    static const char *const shapes[] = {"consumer", "consumer and firm", "encounter", "firm"};
    if (c == NULL || c->name == NULL) {
        return;
    }
    fputs("\n| Column | One per | Unit | Start, or when off | Meaning |\n|---|---|---|---|---|\n", out);
    for (; c->name != NULL; c++) {
        fprintf(out, "| `%s` | %s", c->name, shapes[c->shape]);
        put_cell(out, c->unit);
        fprintf(out, " | %.10g", c->neutral);
        put_cell(out, c->doc);
        fputs(" |\n", out);
    }
}

static void put_terms(FILE *out, const struct gw_term *t)
{
    static const char *const shapes[] = {"consumer and firm", "shopper", "encounter"};
    if (t == NULL || t->name == NULL) {
        return;
    }
    fputs("\n| Accumulator | One per | Unit | Meaning |\n|---|---|---|---|\n", out);
    for (; t->name != NULL; t++) {
        fprintf(out, "| `%s` | %s", t->name, shapes[t->shape]);
        put_cell(out, t->unit);
        put_cell(out, t->doc);
        fputs(" |\n", out);
    }
}

static void put_tallies(FILE *out, const struct gw_tally *t)
{
    if (t == NULL || t->name == NULL) {
        return;
    }
    fputs("\n| Output of every period | By | Unit | Meaning |\n|---|---|---|---|\n", out);
    for (; t->name != NULL; t++) {
        fprintf(out, "| `%s` | ", t->name);
        if (t->dimension != NULL) {
            fprintf(out, "%s:", t->dimension->name);
        }
        for (int l = 0; t->dimension != NULL && t->dimension->labels[l] != NULL; l++) {
            fprintf(out, "%s %s", l == 0 ? "" : ",", t->dimension->labels[l]);
        }
        put_cell(out, t->unit);
        put_cell(out, t->doc);
        fputs(" |\n", out);
    }
}

static void put_postings(FILE *out, const struct gw_posting *p)
{
    if (p == NULL || p->name == NULL) {
        return;
    }
    fputs("\n| Posting | Debit | Credit | Meaning |\n|---|---|---|---|\n", out);
    for (; p->name != NULL; p++) {
        fprintf(out, "| `%s` | %s | %s", p->name, gw_account_names[p->debit], gw_account_names[p->credit]);
        put_cell(out, p->doc);
        fputs(" |\n", out);
    }
}

/* ---- Rules ------------------------------------------------------------------------------------------------ */

static void put_names(FILE *out, const char *lead, const char *const *names)
{
    for (int i = 0; names != NULL && names[i] != NULL; i++) {
        fprintf(out, "%s`%s`", i == 0 ? lead : ", ", names[i]);
    }
    fputs(names != NULL && names[0] != NULL ? ".\n" : "", out);
}

static void put_rule(FILE *out, const struct gw_rule *rule)
{
    fprintf(out, "\n## %s\n\n", rule->name);
    put_text(out, rule->doc);
    fputs("\n\nReference: ", out);
    put_text(out, rule->reference == NULL ? "none" : rule->reference);
    fputs(".\n", out);
    put_names(out, "\nUses parameters of other rules: ", rule->borrows);
    put_names(out, "\nReads columns of other rules: ", rule->reads);
    put_names(out, "\nAdds to: ", rule->adds);
    put_names(out, "\nMoves levers of other rules: ", rule->steers);
    put_names(out, "\nSees last period's outputs: ", rule->watches);
    put_parameters(out, rule->parameters);
    put_columns(out, rule->columns);
    put_terms(out, rule->terms);
    put_tallies(out, rule->tallies);
    put_postings(out, rule->postings);
}

static void put_outputs(FILE *out)
{
    size_t n;
    const struct gw_output *output = gw_outputs(&n);
    fputs("\n## Outputs derived from the books\n\n"
          "| Output | By | Unit | Meaning |\n|---|---|---|---|\n",
          out);
    for (size_t i = 0; i < n; i++) {
        fprintf(out, "| `%s`", output[i].name);
        put_cell(out, output[i].by);
        put_cell(out, output[i].unit);
        put_cell(out, output[i].doc);
        fputs(" |\n", out);
    }
    fputs("\nAccounts of the ledger:", out);
    for (int a = 0; a < GW_ACCOUNTS; a++) {
        fprintf(out, "%s `%s`", a == 0 ? "" : ",", gw_account_names[a]);
    }
    fputs(".\n", out);
}

void gw_reference_write(FILE *out)
{
    fputs(
        "<!-- Written by `goodwill describe all --markdown`; edit the descriptors in models/, not this page. -->\n"
        "# Reference\n\n"
        "Every rule with its parameters, state, outputs and postings. `goodwill describe NAME` prints the same for "
        "one of them;\n[model.md](model.md) has the equations in order. A parameter is written where its name says: "
        "`population.NAME` or\n`population.segments.SEGMENT.NAME`, `firms.FIRM.NAME` (here `firms.NAME`), "
        "`market.NAME`. A value outside its *domain* is\nrefused, outside its *plausible* range warned of. A rule "
        "whose parameters all stand at their *off* values does not run. Sources:\n[S] seen, [R] recalled, "
        "[C] computed, [A] assumed.\n",
        out);
    for (int r = 0; r < gw_rule_count; r++) {
        put_rule(out, gw_rules(GW_ISA_PORTABLE)[r]);
    }
    put_outputs(out);
}
