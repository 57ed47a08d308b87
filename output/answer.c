#include "output/answer.h"

#include "output/answer_forms.h"
#include "output/label.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int sentence_of(const struct gw_findings *findings, char **sentence, struct gw_error *error)
{
    size_t size;
    *sentence = NULL;
    FILE *out = open_memstream(sentence, &size);
    if (out == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory for the summary");
    }
    gw_write_sentence(out, findings);
    if (fclose(out) != 0) {
        free(*sentence);
        *sentence = NULL;
        return gw_fail(error, GW_REFUSED, "out of memory for the summary");
    }
    return GW_OK;
}

int gw_answer_sentence(const struct gw_dataset *dataset, char **sentence, struct gw_error *error)
{
    struct gw_findings *findings;
    *sentence = NULL;
    int ret = gw_findings_create(&findings, dataset, error);
    if (ret == GW_OK) {
        const struct gw_plain plain = gw_plain_begin();
        ret = sentence_of(findings, sentence, error);
        gw_plain_end(plain);
    }
    gw_findings_free(findings);
    return ret;
}

static void write_form(FILE *out, enum gw_answer_form form, const struct gw_findings *findings, const char *sentence)
{
    switch (form) {
    case GW_ANSWER_TEXT:
        gw_write_text(out, findings, sentence);
        break;
    case GW_ANSWER_CSV:
        gw_write_csv(out, findings);
        break;
    case GW_ANSWER_JSON:
        gw_write_json(out, findings, sentence);
        break;
    }
}

int gw_answer_write(const struct gw_dataset *dataset, enum gw_answer_form form, FILE *out, struct gw_error *error)
{
    struct gw_findings *findings;
    char *sentence = NULL;
    int ret = gw_findings_create(&findings, dataset, error);
    if (ret != GW_OK) {
        return ret;
    }
    const struct gw_plain plain = gw_plain_begin();
    ret = sentence_of(findings, &sentence, error);
    if (ret == GW_OK) {
        write_form(out, form, findings, sentence);
        if (fflush(out) != 0 || ferror(out)) {
            ret = gw_fail(error, GW_IO, "cannot write the summary: %s", strerror(errno));
        }
    }
    gw_plain_end(plain);
    free(sentence);
    gw_findings_free(findings);
    return ret;
}
