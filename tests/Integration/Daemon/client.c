/* A caller of the Workload API that does what callers in managed languages cannot: it becomes another program while its stream is open, and it starts by the thousand.
 *
 *   open SOCKET              opens a stream of X.509-SVIDs and tells what comes; lines on standard input: "exec PATH" becomes that program, which goes on watching
 *   watch FD                 what "exec" starts
 *   storm SOCKET N WIDTH     N processes, WIDTH at a time: each connects, waits for its first answer and exits; tells how many were served
 *   reuse SOCKET N           N times a process connects, hands its socket over and dies; its pid is given to another of the same program, which speaks on that socket
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DATA = 0, HEADERS = 1, RESET = 3, SETTINGS = 4, PING = 6, GOAWAY = 7, END_STREAM = 1, ACK = 1, END_HEADERS = 4 };

static unsigned char frame[1 << 20];

static void put(unsigned char **at, const void *bytes, size_t length) { memcpy(*at, bytes, length); *at += length; }

static void head(unsigned char **at, unsigned length, int type, int flags, unsigned stream) {
    unsigned char bytes[9] = {length >> 16, length >> 8, length, type, flags, stream >> 24, stream >> 16, stream >> 8, stream};
    put(at, bytes, 9);
}

static void text(unsigned char **at, const char *value) {
    unsigned char length = strlen(value);
    put(at, &length, 1);
    put(at, value, length);
}

static void field(unsigned char **at, const char *name, const char *value) {
    put(at, "", 1); /* A literal without indexing. RFC 7541 §6.2.2 */
    text(at, name);
    text(at, value);
}

static int request(int fd) {
    unsigned char headers[512], *h = headers, all[1024], *at = all;
    put(&h, "\x83\x86\x04", 3); /* POST, http, :path */
    text(&h, "/SpiffeWorkloadAPI/FetchX509SVID");
    put(&h, "\x01", 1);
    text(&h, "localhost");
    field(&h, "content-type", "application/grpc");
    field(&h, "te", "trailers");
    field(&h, "workload.spiffe.io", "true");
    put(&at, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 24);
    head(&at, 0, SETTINGS, 0, 0);
    head(&at, h - headers, HEADERS, END_HEADERS, 1);
    put(&at, headers, h - headers);
    head(&at, 5, DATA, END_STREAM, 1);
    put(&at, "\0\0\0\0\0", 5);
    return send(fd, all, at - all, MSG_NOSIGNAL) == at - all;
}

static int dial(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0); /* Inherited by what this process becomes. */
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) { if (fd >= 0) close(fd); return -1; }
    return fd;
}

static int fill(int fd, unsigned char *bytes, size_t length) {
    while (length > 0) {
        ssize_t n = recv(fd, bytes, length, 0);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return 0;
        bytes += n;
        length -= n;
    }
    return 1;
}

/* The next frame of a stream, its payload in `frame`; answers SETTINGS and PING. -1 when the connection has ended. */
static int next(int fd, unsigned *length, int *flags) {
    for (;;) {
        unsigned char top[9];
        if (!fill(fd, top, 9)) return -1;
        *length = top[0] << 16 | top[1] << 8 | top[2];
        *flags = top[4];
        if (*length > sizeof frame || !fill(fd, frame, *length)) return -1;
        if (top[3] == DATA || top[3] == HEADERS || top[3] == RESET || top[3] == GOAWAY) return top[3];
        if ((top[3] == SETTINGS || top[3] == PING) && !(top[4] & ACK)) {
            unsigned char answer[64], *at = answer;
            unsigned n = top[3] == PING ? *length : 0;
            head(&at, n, top[3], ACK, 0);
            put(&at, frame, n);
            if (send(fd, answer, at - answer, MSG_NOSIGNAL) < 0) return -1;
        }
    }
}

/* True when the first answer came. */
static int served(int fd) {
    unsigned length;
    int flags, type;
    while ((type = next(fd, &length, &flags)) >= 0) {
        if (type == DATA && length > 0) return 1;
        if (type != HEADERS || flags & END_STREAM) return 0;
    }
    return 0;
}

static int has(unsigned length, const char *word) { return memmem(frame, length, word, strlen(word)) != NULL; }

/* Tells of one frame; false when the stream or the connection has ended. */
static int tell(int fd) {
    unsigned length;
    int flags, type = next(fd, &length, &flags);
    if (type == DATA && length > 0) printf("trusted=%d anyone=%d\n", has(length, "/trusted"), has(length, "/anyone"));
    if (type == HEADERS && flags & END_STREAM) {
        unsigned char *status = memmem(frame, length, "grpc-status", 11);
        printf("status %.*s\n", status ? status[11] : 1, status ? (char *)status + 12 : "?");
    }
    if (type < 0 || type == RESET || type == GOAWAY) printf("closed\n");
    fflush(stdout);
    return type >= 0 && type != RESET && type != GOAWAY && !(flags & END_STREAM);
}

static int watch(int fd) {
    char line[4096];
    struct pollfd both[2] = {{.fd = fd, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
    int open = 1;
    for (;;) {
        both[0].fd = open ? fd : -1;
        if (poll(both, 2, -1) < 0) return 1;
        if (open && both[0].revents) open = tell(fd);
        if (!both[1].revents) continue;
        size_t n = 0; /* Byte by byte: the next line is for the next program. */
        while (n < sizeof line - 1) {
            if (read(0, line + n, 1) <= 0) return 0;
            if (line[n] == '\n') break;
            n++;
        }
        line[n] = 0;
        if (strncmp(line, "exec ", 5) == 0) {
            char number[16];
            snprintf(number, sizeof number, "%d", fd);
            execl(line + 5, line + 5, "watch", number, (char *)NULL);
            return 2;
        }
    }
}

static int storm(const char *path, int count, int width) {
    int running = 0, ok = 0, status;
    for (int i = 0; i < count || running > 0;) {
        if (i < count && running < width) {
            i++;
            running++;
            if (fork() == 0) {
                int fd = dial(path);
                _exit(fd >= 0 && request(fd) && served(fd) ? 0 : 1);
            }
            continue;
        }
        if (wait(&status) > 0) { running--; ok += WIFEXITED(status) && WEXITSTATUS(status) == 0; }
    }
    printf("served %d\n", ok);
    return 0;
}

/* A process connects, and dies as soon as its socket has been passed on: to this one, which is its parent. */
static int pass(const char *path, pid_t *pid) {
    int pair[2];
    char space[CMSG_SPACE(sizeof(int))] = {0}, byte = 0;
    struct iovec one = {&byte, 1};
    struct msghdr message = {.msg_iov = &one, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) != 0) return -1;
    if ((*pid = fork()) == 0) {
        int fd = dial(path);
        struct cmsghdr *control = CMSG_FIRSTHDR(&message);
        control->cmsg_level = SOL_SOCKET;
        control->cmsg_type = SCM_RIGHTS;
        control->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(control), &fd, sizeof fd);
        _exit(sendmsg(pair[0], &message, 0) == 1 ? 0 : 1);
    }
    int fd = -1;
    if (recvmsg(pair[1], &message, 0) == 1 && CMSG_FIRSTHDR(&message)) memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
    waitpid(*pid, NULL, 0);
    close(pair[0]);
    close(pair[1]);
    return fd;
}

static int reuse(const char *path, int count) {
    int reused = 0, ok = 0, status;
    for (int i = 0; i < count; i++) {
        pid_t first;
        int fd = pass(path, &first);
        if (fd < 0) continue;
        for (int tries = 0; tries < 20; tries++) {
            char number[16];
            int last = open("/proc/sys/kernel/ns_last_pid", O_WRONLY);
            int n = snprintf(number, sizeof number, "%d", first - 1);
            if (last < 0 || write(last, number, n) != n) return 2;
            close(last);
            pid_t second = fork();
            if (second == 0) _exit(getpid() == first ? (request(fd) && served(fd) ? 10 : 11) : 12);
            waitpid(second, &status, 0);
            if (WEXITSTATUS(status) == 12) continue;
            reused++;
            ok += WEXITSTATUS(status) == 10;
            break;
        }
        close(fd);
    }
    printf("reused %d served %d\n", reused, ok);
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "open") == 0) {
        int fd = dial(argv[2]);
        return fd >= 0 && request(fd) ? watch(fd) : 3;
    }
    if (argc == 3 && strcmp(argv[1], "watch") == 0) return watch(atoi(argv[2]));
    if (argc == 5 && strcmp(argv[1], "storm") == 0) return storm(argv[2], atoi(argv[3]), atoi(argv[4]));
    if (argc == 4 && strcmp(argv[1], "reuse") == 0) return reuse(argv[2], atoi(argv[3]));
    return 4;
}
