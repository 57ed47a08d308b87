#include "core/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

enum { HUGE_PAGE = 2 << 20 };

/* NULL when it does not fit; else as many bytes, padded to whole cache lines or huge pages. */
static void *reserve(size_t count, size_t size, size_t *padded)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - HUGE_PAGE) {
        return NULL;
    }
    const size_t align = bytes >= HUGE_PAGE ? HUGE_PAGE : GW_CACHE_LINE;
    *padded = bytes == 0 ? align : (bytes + align - 1) / align * align;
    void *memory = aligned_alloc(align, *padded);
    if (memory != NULL && align == HUGE_PAGE) {
        (void)madvise(memory, *padded, MADV_HUGEPAGE); /* an optimisation: failure changes nothing */
    }
    return memory;
}

void *gw_reserve(size_t count, size_t size)
{
    size_t padded;
    return reserve(count, size, &padded);
}

void *gw_alloc(size_t count, size_t size)
{
    size_t padded;
    void *memory = reserve(count, size, &padded);
    if (memory != NULL) {
        memset(memory, 0, padded);
    }
    return memory;
}

void gw_free(void *memory)
{
    free(memory);
}

char *gw_copy_text(const char *text)
{
    return text == NULL ? NULL : strdup(text);
}

/* The first number in a file, or SIZE_MAX when there is none ("max" in a cgroup file). */
static size_t number_in(const char *path)
{
    unsigned long long value;
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return SIZE_MAX;
    }
    const int found = fscanf(file, "%llu", &value);
    fclose(file);
    return found == 1 ? (size_t)value : SIZE_MAX;
}

static size_t meminfo_available(void)
{
    char line[256];
    unsigned long long kib;
    size_t bytes = SIZE_MAX;
    FILE *file = fopen("/proc/meminfo", "re");
    if (file == NULL) {
        return SIZE_MAX;
    }
    while (bytes == SIZE_MAX && fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "MemAvailable: %llu kB", &kib) == 1) {
            bytes = (size_t)kib << 10;
        }
    }
    fclose(file);
    return bytes;
}

/* Pages this process holds: which = 0 its address space, 1 what is resident. */
static size_t own_bytes(int which)
{
    unsigned long long pages[2] = {0, 0};
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL) {
        return 0;
    }
    if (fscanf(file, "%llu %llu", &pages[0], &pages[1]) != 2) {
        pages[0] = pages[1] = 0;
    }
    fclose(file);
    return (size_t)pages[which] * 4096;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t below(size_t limit, size_t used)
{
    return limit == SIZE_MAX ? SIZE_MAX : limit > used ? limit - used : 0;
}

size_t gw_memory_available(void)
{
    struct rlimit address_space;
    size_t bytes = meminfo_available();
    bytes = least(bytes, below(number_in("/sys/fs/cgroup/memory.max"), number_in("/sys/fs/cgroup/memory.current")));
    bytes = least(bytes, below(number_in("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
                               number_in("/sys/fs/cgroup/memory/memory.usage_in_bytes")));
    if (getrlimit(RLIMIT_AS, &address_space) == 0 && address_space.rlim_cur != RLIM_INFINITY) {
        bytes = least(bytes, below((size_t)address_space.rlim_cur, own_bytes(0)));
    }
    return bytes;
}
