/* Makes the n-th open, write, sync or truncation of a file fail whose path holds a given text. Loaded before the C
 * library by tests/faults.rs, which says what by the environment. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static long calls, at, fired;
static int error_number, goes_on;
static const char *name, *told;

__attribute__((constructor)) static void begin(void) {
    const char *text;
    name = getenv("CARDFILE_FAULT_NAME");
    told = getenv("CARDFILE_FAULT_TOLD");
    at = (text = getenv("CARDFILE_FAULT_AT")) ? atol(text) : 0;
    error_number = (text = getenv("CARDFILE_FAULT_ERRNO")) ? atoi(text) : EIO;
    goes_on = getenv("CARDFILE_FAULT_GOES_ON") != NULL;
}

/* How many calls there were, and how many of them failed. */
__attribute__((destructor)) static void end(void) {
    FILE *file = told ? fopen(told, "w") : NULL;
    if (file) {
        fprintf(file, "%ld %ld", calls, fired);
        fclose(file);
    }
}

static int fails(void) {
    long n = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
    if (at > 0 && (n == at || (goes_on && n > at))) {
        __atomic_add_fetch(&fired, 1, __ATOMIC_SEQ_CST);
        errno = error_number;
        return 1;
    }
    return 0;
}

static int path_fails(const char *path) { return name && path && strstr(path, name) && fails(); }

static int file_fails(int fd) {
    char link[64], path[4096];
    ssize_t length;
    if (!name) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return strstr(path, name) && fails();
}

#define REAL(function) __typeof__(&function) real = (__typeof__(&function))dlsym(RTLD_NEXT, #function)
#define MODE(flags) \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = va_arg(rest, mode_t); \
    va_end(rest)

int open(const char *path, int flags, ...) { MODE(flags); REAL(open); return path_fails(path) ? -1 : real(path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags); REAL(open64); return path_fails(path) ? -1 : real(path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE(flags); REAL(openat); return path_fails(path) ? -1 : real(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE(flags); REAL(openat64); return path_fails(path) ? -1 : real(at, path, flags, mode); }
ssize_t write(int fd, const void *bytes, size_t n) { REAL(write); return file_fails(fd) ? -1 : real(fd, bytes, n); }
ssize_t pwrite(int fd, const void *bytes, size_t n, off_t o) { REAL(pwrite); return file_fails(fd) ? -1 : real(fd, bytes, n, o); }
ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t o) { REAL(pwrite64); return file_fails(fd) ? -1 : real(fd, bytes, n, o); }
int fsync(int fd) { REAL(fsync); return file_fails(fd) ? -1 : real(fd); }
int fdatasync(int fd) { REAL(fdatasync); return file_fails(fd) ? -1 : real(fd); }
int ftruncate(int fd, off_t n) { REAL(ftruncate); return file_fails(fd) ? -1 : real(fd, n); }
int ftruncate64(int fd, off64_t n) { REAL(ftruncate64); return file_fails(fd) ? -1 : real(fd, n); }
