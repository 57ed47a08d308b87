/* Running gnuplot: files of our own in a folder of our own, a child without shell or pipe, a deadline. */
#include "output/plot.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { DEADLINE_MS = 60000 };

static const char *const extensions[GW_PLOT_FORMATS] = {"svg", "png", "pdf"};
static const char *const endings[GW_PLOT_FORMATS] = {"</svg>", "IEND", "%%EOF"}; /* what a whole file ends with */

/* The environment without what changes gnuplot's numbers, terminal or search paths. The pointers are borrowed. */
static char **child_environment(void)
{
    static const char *const dropped[] = {"LC_", "LANG", "GNUPLOT", "GNUTERM", "GNUHELP", "FIT_", "GDFONTPATH"};
    static char locale[] = "LC_ALL=C";
    size_t n = 0, kept = 0;
    while (environ != NULL && environ[n] != NULL) {
        n++;
    }
    char **copy = calloc(n + 2, sizeof *copy);
    for (size_t i = 0; copy != NULL && i < n; i++) {
        bool drop = false;
        for (size_t d = 0; d < sizeof dropped / sizeof dropped[0]; d++) {
            drop = drop || strncmp(environ[i], dropped[d], strlen(dropped[d])) == 0;
        }
        if (!drop) {
            copy[kept++] = environ[i];
        }
    }
    if (copy != NULL) {
        copy[kept] = locale;
    }
    return copy;
}

/* In the folder, no input, messages into a file, all signals as a new program expects them. */
static int spawn(const char *folder, pid_t *child)
{
    static char program[] = "gnuplot", quiet[] = "-d", script[] = "./figure.gp";
    char *const arguments[] = {program, quiet, script, NULL};
    char **environment = child_environment();
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, pipe;
    if (environment == NULL) {
        return ENOMEM;
    }
    int ret = posix_spawn_file_actions_init(&files);
    if (ret != 0) {
        free(environment);
        return ret;
    }
    ret = posix_spawnattr_init(&attributes);
    if (ret == 0) {
        (void)sigemptyset(&none);
        (void)sigemptyset(&pipe);
        (void)sigaddset(&pipe, SIGPIPE);
        ret = posix_spawn_file_actions_addchdir_np(&files, folder);
        ret = ret != 0 ? ret : posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
        ret = ret != 0 ? ret : posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
        ret = ret != 0 ? ret : posix_spawn_file_actions_addopen(&files, 2, "messages", O_WRONLY | O_CREAT, 0600);
        ret = ret != 0 ? ret : posix_spawnattr_setsigmask(&attributes, &none);
        ret = ret != 0 ? ret : posix_spawnattr_setsigdefault(&attributes, &pipe);
        ret = ret != 0 ? ret : posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
        ret = ret != 0 ? ret : posix_spawnp(child, program, &files, &attributes, arguments, environment);
        (void)posix_spawnattr_destroy(&attributes);
    }
    (void)posix_spawn_file_actions_destroy(&files);
    free(environment);
    return ret;
}

/* Waits; the child is killed at the deadline. True: it ended by itself with status 0. A program that ignores SIGCHLD
 * gets no status (ECHILD): then only the figure itself can tell. */
static bool wait_for(pid_t child, bool *late)
{
    const struct timespec pause = {0, 5000000};
    int status = 0;
    *late = false;
    for (int waited = 0;; waited += 5) {
        const pid_t ended = waitpid(child, &status, *late ? 0 : WNOHANG);
        if (ended == child) {
            return !*late && WIFEXITED(status) && WEXITSTATUS(status) == 0;
        }
        if (ended < 0 && errno != EINTR) {
            return errno == ECHILD && !*late;
        }
        if (ended == 0 && waited >= DEADLINE_MS) {
            (void)kill(child, SIGKILL);
            *late = true;
        } else if (ended == 0) {
            (void)nanosleep(&pause, NULL);
        }
    }
}

/* Last line that says something, of gnuplot's messages. */
static void read_message(const char *path, char *message, size_t size)
{
    char line[512];
    FILE *file = fopen(path, "re");
    (void)snprintf(message, size, "it gave no reason");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strspn(line, " \t\r\n^") != strlen(line)) {
            line[strcspn(line, "\n")] = '\0';
            (void)gw_show_text(message, size, line, 200);
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
}

/* A figure whose end is missing was cut, by a full disk say; gnuplot does not notice. */
static bool is_whole(const char *path, const char *ending)
{
    char tail[64] = {0};
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return false;
    }
    bool whole = false;
    if (fseek(file, -32, SEEK_END) == 0) {
        const size_t n = fread(tail, 1, 32, file);
        whole = memmem(tail, n, ending, strlen(ending)) != NULL;
    }
    (void)fclose(file);
    return whole;
}

/* Names what may stand in for the font of an SVG: a viewer without it would take one with serifs. Verdana has its
 * widths. gnuplot itself takes one name only. */
static bool name_fonts(const char *path)
{
    static const char alone[] = "font-family=\"DejaVu Sans\"",
                      list[] = "font-family=\"DejaVu Sans, Verdana, sans-serif\"";
    char *text = NULL;
    size_t size = 0;
    FILE *file = fopen(path, "re");
    bool good = file != NULL && (getdelim(&text, &size, '\0', file) > 0 || !ferror(file));
    good = (file == NULL || fclose(file) == 0) && good && text != NULL;
    file = good ? fopen(path, "we") : NULL;
    const char *at = text;
    for (const char *next; file != NULL && (next = strstr(at, alone)) != NULL; at = next + sizeof alone - 1) {
        (void)fprintf(file, "%.*s%s", (int)(next - at), at, list);
    }
    good = file != NULL && fputs(at, file) >= 0;
    good = (file == NULL || fclose(file) == 0) && good;
    free(text);
    return good;
}

static int write_script(const char *path, const struct gw_plot *plot, struct gw_error *error)
{
    FILE *file = fopen(path, "wxe");
    bool good = file != NULL && fwrite(plot->text, 1, plot->size, file) == plot->size;
    good = (file == NULL || fclose(file) == 0) && good;
    return good ? GW_OK : gw_fail(error, GW_IO, "cannot write '%.1000s': %s", path, strerror(errno));
}

/* Paths inside the private folder. */
struct workplace {
    char *folder, *script, *figure, *messages, *target;
};

static int run(const struct workplace *at, enum gw_plot_format format, struct gw_error *error)
{
    char message[1024];
    pid_t child;
    bool late;
    const int failure = spawn(at->folder, &child);
    if (failure == ENOENT) {
        return gw_fail(error, GW_FAILED,
                       "gnuplot, which draws the figures, is not installed: it is in the package "
                       "gnuplot-nox");
    }
    if (failure != 0) {
        return gw_fail(error, GW_FAILED, "cannot start gnuplot: %s", strerror(failure));
    }
    const bool good = wait_for(child, &late);
    if (late) {
        return gw_fail(error, GW_FAILED, "gnuplot was stopped: it took longer than %d s for one figure",
                       DEADLINE_MS / 1000);
    }
    if (!good) {
        read_message(at->messages, message, sizeof message);
        return gw_fail(error, GW_FAILED, "gnuplot failed: %s", message);
    }
    if (!is_whole(at->figure, endings[format]) || (format == GW_PLOT_SVG && !name_fonts(at->figure))) {
        return gw_fail(error, GW_IO, "gnuplot left no whole figure for '%.1000s'; is the disk full?", at->target);
    }
    return GW_OK;
}

/* Makes the private folder; the target folder first, when only that is missing. */
static int make_folder(char *folder, const char *directory, struct gw_error *error)
{
    if (mkdir(directory, 0777) != 0 && errno != EEXIST) {
        return gw_fail(error, GW_IO, "cannot make the folder '%.1000s': %s", directory, strerror(errno));
    }
    if (mkdtemp(folder) == NULL) {
        return gw_fail(error, GW_IO, "cannot write into '%.1000s': %s", directory, strerror(errno));
    }
    return GW_OK;
}

static bool name_paths(struct workplace *at, const char *directory, const char *name, const char *extension)
{
    if (asprintf(&at->folder, "%s/.goodwill-XXXXXX", directory) < 0) {
        at->folder = NULL;
    }
    if (asprintf(&at->target, "%s/%s.%s", directory, name, extension) < 0) {
        at->target = NULL;
    }
    return at->folder != NULL && at->target != NULL;
}

static bool name_files(struct workplace *at, const char *extension)
{
    if (asprintf(&at->script, "%s/figure.gp", at->folder) < 0) {
        at->script = NULL;
    }
    if (asprintf(&at->figure, "%s/figure.%s", at->folder, extension) < 0) {
        at->figure = NULL;
    }
    if (asprintf(&at->messages, "%s/messages", at->folder) < 0) {
        at->messages = NULL;
    }
    return at->script != NULL && at->figure != NULL && at->messages != NULL;
}

static void clean(struct workplace *at)
{
    if (at->script != NULL && at->figure != NULL && at->messages != NULL) {
        (void)unlink(at->script);
        (void)unlink(at->figure);
        (void)unlink(at->messages);
    }
    (void)rmdir(at->folder);
    free(at->script);
    free(at->figure);
    free(at->messages);
}

static int draw(const struct workplace *at, const struct gw_plot *plot, struct gw_error *error)
{
    int ret = write_script(at->script, plot, error);
    ret = ret != GW_OK ? ret : run(at, plot->format, error);
    if (ret == GW_OK && rename(at->figure, at->target) != 0) {
        ret = gw_fail(error, GW_IO, "cannot write '%.1000s': %s", at->target, strerror(errno));
    }
    return ret;
}

int gw_plot_finish(struct gw_plot *plot, const char *directory, const char *name, char **path, struct gw_error *error)
{
    struct workplace at = {0};
    *path = NULL;
    (void)fputs("set output\n", plot->script);
    const bool written = fclose(plot->script) == 0;
    plot->script = NULL;
    int ret = GW_REFUSED;
    if (written && name_paths(&at, directory, name, extensions[plot->format])) {
        ret = make_folder(at.folder, directory, error);
        if (ret == GW_OK) {
            ret = name_files(&at, extensions[plot->format]) ? draw(&at, plot, error) : GW_REFUSED;
            clean(&at);
        }
    }
    if (ret == GW_OK) {
        *path = at.target;
        at.target = NULL;
    } else if (ret == GW_REFUSED) {
        (void)gw_fail(error, ret, "out of memory for a figure");
    }
    free(at.folder);
    free(at.target);
    gw_plot_abandon(plot);
    return ret;
}
