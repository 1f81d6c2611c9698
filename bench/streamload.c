/*
 * streamload: both ends of a streaming load, in one process and one thread.
 *
 * The publisher end listens where a Liberator would. The subscriber end opens streams through a
 * proxy (or straight at the publisher) and reads them. Both ends share one clock, so the age of a
 * message on arrival is its transit time. A message carries the time at which it was *due*, not
 * the time at which it could be written: a proxy that stalls the publisher pays for the stall
 * (no coordinated omission). It also carries a sequence number, so that what is lost, doubled or
 * torn is seen; a run is over only when what was sent has arrived or has stopped arriving.
 *
 * One thread, one epoll: everything runs on the one core given to the load, and no hand-over
 * between threads is measured as latency. Result: one JSON object on stdout. See README.md.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define SECOND_NS 1000000000LL
#define NEVER INT64_MAX
#define MAX_PIDS 64
#define MAX_STEPS 8
#define MAX_SIZE 60000
#define WIRE_OVERHEAD 64     /* chunk size line, WebSocket header, closing CRLF */
#define HEAD_BYTES 2048      /* the largest response head we accept */
#define REQUEST_BYTES 4096   /* the largest request a publisher accepts */
#define KEPT_BYTES 96        /* first bytes of a message that the reader keeps and checks */
#define STAMP_CHARS 16       /* due time, ns, hex */
#define SEQ_CHARS 8          /* number of the message in its stream, hex */
#define BULK_BYTES 16384     /* one write of a stream that is flat out in bulk */
#define FLAT_WRITES 256      /* writes of flat-out streams between two looks at the sockets */
#define FRAME_PADDING 4096   /* what StreamLink asks for in X-RTTP-Type5-Pad-Length */
#define POLL_ANSWER 200      /* bytes in the body of the answer to a poll */
#define OPEN_QUIET_NS (10 * SECOND_NS) /* give up opening when nothing has opened for so long */
#define DRAIN_QUIET_NS (2 * SECOND_NS) /* what has not come by then is lost */

/* ---------------------------------------------------------------- what is asked for */

enum kind { WS, SSE, FRAME, DIRECT, POLL, SSE_H2 };
enum plan { MESSAGES, CONNECT, HOLD, FAIRNESS, STALLED };
enum pattern { STEADY, BURST, FLAT, BULK };

static const char *const KINDS[] = {"ws", "sse", "frame", "direct", "poll", "sse-h2", 0};
static const char *const PLANS[] = {"messages", "connect", "hold", "fairness", "stalled", 0};
static const char *const PATTERNS[] = {"steady", "burst", "flat", "bulk", 0};

static struct {
    enum plan plan;
    enum kind kind;
    enum pattern pattern;
    int backend_port, front_port;
    int streams;
    int flat_streams;            /* fairness: flat-out streams beside the scheduled ones */
    double rate;                 /* steady: messages a second in each stream */
    int burst_messages;          /* burst: so many messages at once, over all streams ... */
    double burst_every;          /* ... each so many seconds */
    int size;                    /* payload bytes of a message */
    double warmup, seconds, settle;
    double stall;                /* ms of age from which a message is a stall, and told one by one; 0: not */
    int steps[MAX_STEPS], nsteps; /* hold: numbers of streams at which memory is read */
    int in_flight;               /* streams being opened at the same time */
    int batch;                   /* connect: streams opened before all are closed again */
    bool tls;
    const char *ciphers;
    const char *host;
    int load_cpu, proxy_cpu;     /* -1: not pinned */
    pid_t pids[MAX_PIDS];
    int npids;
} opt = {.plan = MESSAGES, .kind = WS, .pattern = STEADY, .streams = 100, .flat_streams = 1, .rate = 10,
         .burst_messages = 200, .burst_every = 0.02, .size = 200, .warmup = 1, .seconds = 3, .settle = 3,
         .in_flight = 64, .batch = 2000, .ciphers = "TLS_AES_128_GCM_SHA256", .host = "liberator-a.example.com",
         .load_cpu = -1, .proxy_cpu = -1};

static void fail(const char *format, ...) {
    va_list args;
    va_start(args, format);
    fputs("streamload: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(2);
}

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * SECOND_NS + t.tv_nsec;
}

/* ---------------------------------------------------------------- the proxy and the machine, from outside */

/* CPU time of all threads of the proxy, the ended ones too, in ns; -1 when a process of it is gone. */
static int64_t proxy_cpu_ns(void) {
    int64_t total = 0;
    for (int i = 0; i < opt.npids; i++) {
        clockid_t clock;
        struct timespec t;
        if (clock_getcpuclockid(opt.pids[i], &clock) || clock_gettime(clock, &t)) return -1;
        total += t.tv_sec * SECOND_NS + t.tv_nsec;
    }
    return total;
}

static int64_t own_cpu_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * SECOND_NS + t.tv_nsec;
}

static long proxy_rss_kib(void) {
    long total = 0;
    for (int i = 0; i < opt.npids; i++) {
        char path[64], line[256];
        snprintf(path, sizeof path, "/proc/%d/status", opt.pids[i]);
        FILE *f = fopen(path, "r");
        if (!f) return -1;
        long kib;
        while (fgets(line, sizeof line, f))
            if (sscanf(line, "VmRSS: %ld", &kib) == 1) total += kib;
        fclose(f);
    }
    return total;
}

/* Time for which the load was ready to run and something else had its core, in ns. */
static int64_t own_wait_ns(void) {
    long long ran, waited = 0;
    FILE *f = fopen("/proc/self/schedstat", "r");
    if (f && fscanf(f, "%lld %lld", &ran, &waited) != 2) waited = 0;
    if (f) fclose(f);
    return waited;
}

/* Time in which a core was not idle, in ns (10 ms steps); it shows what else ran on it. */
static int64_t core_busy_ns(int core) {
    if (core < 0) return 0;
    char want[16], line[512];
    snprintf(want, sizeof want, "cpu%d ", core);
    FILE *f = fopen("/proc/stat", "r");
    long long busy = 0;
    while (f && fgets(line, sizeof line, f)) {
        long long user, nice, sys, idle, wait, irq, soft, steal;
        if (strncmp(line, want, strlen(want))) continue;
        if (sscanf(line, "%*s %lld %lld %lld %lld %lld %lld %lld %lld", &user, &nice, &sys, &idle, &wait, &irq, &soft,
                   &steal) == 8)
            busy = user + nice + sys + irq + soft + steal;
    }
    if (f) fclose(f);
    return busy * (SECOND_NS / sysconf(_SC_CLK_TCK));
}

/* ---------------------------------------------------------------- histogram: log-linear, steps under 1 % */

#define SUB_BUCKETS 128
#define BUCKETS (58 * SUB_BUCKETS)

struct histogram {
    uint32_t count[BUCKETS];
    int64_t n, max;
};

static int bucket_of(int64_t ns) {
    if (ns < SUB_BUCKETS) return ns < 0 ? 0 : (int)ns;
    int shift = 63 - __builtin_clzll((unsigned long long)ns) - 7;
    return (shift + 1) * SUB_BUCKETS + (int)((ns >> shift) & (SUB_BUCKETS - 1));
}

static double bucket_middle(int b) {
    if (b < SUB_BUCKETS) return b;
    int shift = b / SUB_BUCKETS - 1;
    return (double)((int64_t)(SUB_BUCKETS + b % SUB_BUCKETS) << shift) + (double)((1LL << shift) - 1) / 2;
}

static void histogram_add(struct histogram *h, int64_t ns) {
    h->count[bucket_of(ns)]++;
    h->n++;
    if (ns > h->max) h->max = ns;
}

/* The smallest value that at least the share p of all values does not exceed, in microseconds. */
static double percentile_us(const struct histogram *h, double p) {
    int64_t want = (int64_t)((double)h->n * p), seen = 0;
    if ((double)want < (double)h->n * p) want++;
    if (want < 1) want = 1;
    for (int b = 0; b < BUCKETS; b++) {
        seen += h->count[b];
        if (seen >= want) {
            double middle = bucket_middle(b);
            return (middle < (double)h->max ? middle : (double)h->max) / 1000;
        }
    }
    return (double)h->max / 1000;
}

/* ---------------------------------------------------------------- a window of measurement */

struct window {
    const char *name;
    int64_t from, to;            /* CLOCK_MONOTONIC, ns */
    int64_t proxy_cpu, load_cpu; /* CPU used in the window, ns; proxy -1: a process of it is gone */
    int64_t proxy_core;          /* time in which the proxy's core was busy, ns */
    int64_t load_wait;           /* time for which the load waited for its core, ns */
    int64_t sent, received, flat_received;
    struct histogram age;
};

static struct window *window; /* the one being measured, or null */
static struct window *windows[4];
static int nwindows;

static void window_open(const char *name) {
    struct window *w = calloc(1, sizeof *w);
    w->name = name;
    w->proxy_cpu = proxy_cpu_ns();
    w->load_cpu = own_cpu_ns();
    w->proxy_core = core_busy_ns(opt.proxy_cpu);
    w->load_wait = own_wait_ns();
    w->from = now_ns();
    windows[nwindows++] = window = w;
}

static void window_close(void) {
    struct window *w = window;
    int64_t cpu = proxy_cpu_ns();
    w->to = now_ns();
    w->proxy_cpu = cpu < 0 || w->proxy_cpu < 0 ? -1 : cpu - w->proxy_cpu;
    w->load_cpu = own_cpu_ns() - w->load_cpu;
    w->proxy_core = core_busy_ns(opt.proxy_cpu) - w->proxy_core;
    w->load_wait = own_wait_ns() - w->load_wait;
    window = 0;
}

/* ---------------------------------------------------------------- stalls */

#define MOST_STALLS 10000
#define STALL_GAP_NS (SECOND_NS / 10) /* late messages that arrive within so much of each other are one stall */

static int64_t load_late, load_late_at; /* how late the load itself sent last, and when that was */

static struct stall {
    int64_t from, to;  /* the first and the last late arrival */
    int64_t messages;
    int64_t max;       /* the oldest message */
    int64_t load_late; /* what of it the load may have added itself: how late it sent, at most */
} stalls[MOST_STALLS];
static int nstalls;
static int64_t stalls_beyond; /* messages of stalls that there was no room for */

/* The load ought to have sent so long ago what it sends now. */
static void load_is_late(int64_t ns, int64_t now) {
    if (ns < SECOND_NS / 1000) return;
    if (now - load_late_at > STALL_GAP_NS || ns > load_late) load_late = ns;
    load_late_at = now;
}

static void stall_note(int64_t arrival, int64_t age) {
    struct stall *s = nstalls ? &stalls[nstalls - 1] : 0;
    if (!s || arrival - s->to > STALL_GAP_NS) {
        if (nstalls == MOST_STALLS) {
            stalls_beyond++;
            return;
        }
        s = &stalls[nstalls++];
        s->from = arrival;
    }
    s->to = arrival;
    s->messages++;
    if (age > s->max) s->max = age;
    if (arrival - load_late_at <= age + STALL_GAP_NS && load_late > s->load_late) s->load_late = load_late;
}

/* ---------------------------------------------------------------- state of both ends */

struct publisher {
    int fd;
    int number;                  /* among the ready ones: its place in the schedule */
    bool ready, dead, blocked;
    int64_t count;               /* messages built */
    int64_t bytes;               /* bytes the kernel took */
    char *request;               /* being read, or null */
    int request_len;
    char *rest;                  /* what the socket did not take, or null */
    int rest_len, rest_off, rest_units;
};

enum sub_state { CONNECTING, HANDSHAKE, HEAD, STREAMING, DEAD };

struct subscriber {
    int fd, number;
    enum sub_state state;
    SSL *ssl;
    int64_t opened_at;
    char head[HEAD_BYTES];
    int head_len;
    int skip;                    /* padding bytes still to come before the first message */
    bool chunked;
    enum { CHUNK_SIZE, CHUNK_DATA, CHUNK_END, CHUNKS_OVER } chunk_state;
    int64_t chunk_left;
    char chunk_line[24];
    int chunk_line_len;
    char kept[KEPT_BYTES];       /* the first bytes of the message being read */
    int at;                      /* position in it */
    char last;
    int64_t count;               /* messages read */
    unsigned char frame[9];      /* HTTP/2: the header of the frame being read */
    int frame_at;                /* how much of it there is */
    int frame_left;              /* bytes of its payload still to come */
    int64_t asked_due;           /* poll: when the question on its way was due; 0: none on its way */
};

static int ep, listener = -1;
static struct publisher **pubs;  /* all ever accepted and not yet closed */
static int npubs, pubs_room;
static struct publisher **ready; /* those with a stream open, in order of opening */
static int nready;
static struct subscriber *subs;
static int nsubs;
static SSL_CTX *tls;

static int64_t opened, refused, died;
static int64_t sent_total, received_total, corrupt;
static const char *first_trouble = "";
static char trouble_text[256];
static struct histogram *open_times;
static char tls_used[96];

static void trouble(const char *format, ...) {
    if (*first_trouble) return;
    va_list args;
    va_start(args, format);
    vsnprintf(trouble_text, sizeof trouble_text, format, args);
    va_end(args);
    for (char *c = trouble_text; *c; c++)
        if (*c == '"' || *c == '\\' || (unsigned char)*c < 32) *c = ' ';
    first_trouble = trouble_text;
}

static uint64_t tag_listener(void) { return 1ULL << 62; }
static uint64_t tag_pub(int i) { return 1ULL << 61 | (uint64_t)i; }
static uint64_t tag_sub(int i) { return (uint64_t)i; }

static void watch(int op, int fd, uint32_t events, uint64_t tag) {
    struct epoll_event e = {.events = events, .data.u64 = tag};
    if (epoll_ctl(ep, op, fd, &e)) fail("epoll_ctl: %s", strerror(errno));
}

static void no_delay(int fd) {
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

/* Closes with a reset, so that no port is left in TIME_WAIT for the next run. */
static void reset(int fd) {
    struct linger now = {1, 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(fd);
}

/* ---------------------------------------------------------------- a message on the wire */

static struct {
    char bytes[MAX_SIZE + WIRE_OVERHEAD];
    int len;       /* on the wire, chunk framing included */
    int stamp_at;  /* where the stamp is; the sequence number and the mark follow it */
    int record_at; /* where the reader's record begins: after the chunk size line */
    int record_len;
} unit;

static const char HEX[] = "0123456789abcdef";

static void put_hex(char *at, uint64_t value, int chars) {
    for (int i = chars - 1; i >= 0; i--, value >>= 4) at[i] = HEX[value & 15];
}

/* Reads exactly so many lower-case hex digits; false if there is anything else. */
static bool get_hex(const char *at, int chars, uint64_t *value) {
    *value = 0;
    for (int i = 0; i < chars; i++) {
        char c = at[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0) return false;
        *value = *value << 4 | (uint64_t)digit;
    }
    return true;
}

static void unit_build(void) {
    static const struct { const char *before, *after; bool chunked; } SHAPE[] = {
        [WS] = {"", "\n", false},
        [SSE] = {"data: ", "\n\n", true},
        [FRAME] = {"<script>a('", "')</script>\n", true},
        [DIRECT] = {"", "\n", false},
        [POLL] = {"", "\n", false},
        [SSE_H2] = {"data: ", "\n\n", true},
    };
    const char *before = SHAPE[opt.kind].before, *after = SHAPE[opt.kind].after;
    char *b = unit.bytes;
    int n = 0, lead = (int)strlen(before), tail = (int)strlen(after);
    if (SHAPE[opt.kind].chunked) n = sprintf(b, "%x\r\n", opt.size);
    unit.record_at = n;
    if (opt.kind == WS) {
        b[n++] = (char)0x81;
        if (opt.size < 126) {
            b[n++] = (char)opt.size;
        } else {
            b[n++] = 126;
            b[n++] = (char)(opt.size >> 8);
            b[n++] = (char)opt.size;
        }
    }
    int payload = n;
    memset(b + payload, 'x', (size_t)opt.size);
    memcpy(b + payload, before, (size_t)lead);
    memcpy(b + payload + opt.size - tail, after, (size_t)tail);
    unit.stamp_at = payload + lead;
    n += opt.size;
    unit.record_len = n - unit.record_at;
    if (SHAPE[opt.kind].chunked) n += sprintf(b + n, "\r\n");
    unit.len = n;
}

static void unit_write(char *at, int64_t due, int64_t seq, bool flat) {
    memcpy(at, unit.bytes, (size_t)unit.len);
    put_hex(at + unit.stamp_at, (uint64_t)due, STAMP_CHARS);
    put_hex(at + unit.stamp_at + STAMP_CHARS, (uint64_t)seq, SEQ_CHARS);
    at[unit.stamp_at + STAMP_CHARS + SEQ_CHARS] = flat ? 'F' : 'q';
}

/* ---------------------------------------------------------------- when messages are due */

static struct {
    bool on;
    int64_t from;   /* when message 0 is due, ns */
    int64_t next;   /* the next message to look at, counted over all streams */
    int64_t limit;  /* no message from this one on */
    int streams;    /* message m goes to stream m % streams */
    bool flat_on;   /* the streams beyond those send flat out */
    int flat_next;  /* whose turn it is among them */
} schedule = {.limit = NEVER};

static double schedule_rate; /* messages a second in each stream */

static int64_t due_of(int64_t m) {
    if (opt.pattern == BURST && opt.plan == MESSAGES)
        return schedule.from + (int64_t)((double)(m / opt.burst_messages) * opt.burst_every * 1e9);
    return schedule.from + (int64_t)((double)m * 1e9 / (schedule_rate * schedule.streams));
}

static int64_t due_in_stream(int number, int64_t k) {
    int64_t m = k * schedule.streams + number;
    return m < schedule.limit ? due_of(m) : NEVER;
}

/* ---------------------------------------------------------------- publisher end */

static void pub_dead(struct publisher *p, const char *why) {
    if (p->dead) return;
    p->dead = true;
    epoll_ctl(ep, EPOLL_CTL_DEL, p->fd, 0);
    if (p->ready && opt.kind != POLL) trouble("the publisher lost a stream: %s", why);
}

/* Sends bytes that end on a message; what the socket does not take is kept and sent first. */
static void pub_send(struct publisher *p, const char *b, int len, int units) {
    ssize_t n = send(p->fd, b, (size_t)len, MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN) {
        pub_dead(p, strerror(errno));
        return;
    }
    if (n < 0) n = 0;
    p->bytes += n;
    if (n == len) {
        if (window) window->sent += units;
        return;
    }
    p->blocked = true;
    p->rest_len = len - (int)n;
    p->rest_off = 0;
    p->rest_units = units;
    p->rest = malloc((size_t)p->rest_len);
    memcpy(p->rest, b + n, (size_t)p->rest_len);
}

static void pub_send_due(struct publisher *p, int64_t now) {
    char b[sizeof unit.bytes];
    for (;;) {
        if (p->dead || p->blocked) return;
        int64_t due = due_in_stream(p->number, p->count);
        if (due > now) return;
        unit_write(b, due, p->count++, false);
        sent_total++;
        pub_send(p, b, unit.len, 1);
    }
}

static void pub_send_flat(struct publisher *p) {
    static char b[BULK_BYTES + sizeof unit.bytes];
    bool bulk = opt.pattern == BULK || opt.plan != MESSAGES;
    int len = 0, units = 0;
    int64_t now = now_ns();
    do {
        unit_write(b + len, now, p->count++, opt.plan == FAIRNESS);
        len += unit.len;
        units++;
    } while (bulk && len + unit.len <= BULK_BYTES);
    sent_total += units;
    pub_send(p, b, len, units);
}

static void pub_writable(struct publisher *p) {
    if (!p->rest) return;
    ssize_t n = send(p->fd, p->rest + p->rest_off, (size_t)(p->rest_len - p->rest_off), MSG_NOSIGNAL);
    if (n < 0) {
        if (errno != EAGAIN) pub_dead(p, strerror(errno));
        return;
    }
    p->bytes += n;
    p->rest_off += (int)n;
    if (p->rest_off < p->rest_len) return;
    free(p->rest);
    p->rest = 0;
    p->blocked = false;
    if (window) window->sent += p->rest_units;
    if (schedule.on && p->ready && p->number < schedule.streams && opt.kind != POLL) pub_send_due(p, now_ns());
}

static void pub_stream_open(struct publisher *p) {
    static const char *const ANSWER[] = {
        [WS] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
               "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
        [SSE] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n"
                "Transfer-Encoding: chunked\r\n\r\n",
        [FRAME] = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nCache-Control: no-cache\r\n"
                  "Transfer-Encoding: chunked\r\n\r\n",
        [DIRECT] = "OK\n",
        [POLL] = "",
        /* A comment first: nginx keeps the head of an answer over HTTP/2 back until something follows it. */
        [SSE_H2] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n"
                   "Transfer-Encoding: chunked\r\n\r\n3\r\n:\n\n\r\n",
    };
    char b[FRAME_PADDING + 512];
    int n = sprintf(b, "%s", ANSWER[opt.kind]);
    if (opt.kind == FRAME) n += sprintf(b + n, "%x\r\n%*s\n\r\n", FRAME_PADDING, FRAME_PADDING - 1, "");
    p->ready = true;
    p->number = nready;
    ready[nready++] = p;
    free(p->request);
    p->request = 0;
    pub_send(p, b, n, 0);
    p->bytes = 0;
}

/* Answers the poll whose body ends there: the last 16 bytes of its body come back first. */
static void pub_answer_poll(struct publisher *p, const char *body_end) {
    char b[512];
    int n = sprintf(b, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nCache-Control: no-store\r\n"
                       "Content-Length: %d\r\n\r\n", POLL_ANSWER);
    memset(b + n, 'x', POLL_ANSWER);
    memcpy(b + n, body_end - STAMP_CHARS, STAMP_CHARS);
    p->ready = true;
    pub_send(p, b, n + POLL_ANSWER, 1);
}

/* Looks for one whole request (HTTP) or line (Direct) in what was read; true if there was one. */
static bool pub_take_request(struct publisher *p) {
    char *b = p->request, *end;
    b[p->request_len] = 0;
    if (opt.kind == DIRECT) {
        if (!memchr(b, '\n', (size_t)p->request_len)) return false;
        pub_stream_open(p);
        return false;
    }
    if (!(end = strstr(b, "\r\n\r\n"))) return false;
    end += 4;
    if (opt.kind != POLL) {
        pub_stream_open(p);
        return false;
    }
    const char *length = strcasestr(b, "\ncontent-length:");
    if (length && length < end) {
        end += atoi(length + 16);
        if (end > b + p->request_len) return false;
        pub_answer_poll(p, end);
    } else { /* chunked: some proxies stream a request body on so */
        const char *body = end;
        if (!(end = strstr(end, "\r\n0\r\n\r\n"))) return false;
        if (end - body < STAMP_CHARS) fail("a poll without a body arrived");
        pub_answer_poll(p, end);
        end += 7;
    }
    p->request_len -= (int)(end - b);
    memmove(b, end, (size_t)p->request_len);
    return p->request_len > 0;
}

static void pub_readable(struct publisher *p) {
    char junk[4096];
    for (;;) {
        if (!p->request && (!p->ready || opt.kind == POLL)) p->request = malloc(REQUEST_BYTES + 1);
        char *to = p->request ? p->request + p->request_len : junk;
        size_t room = p->request ? (size_t)(REQUEST_BYTES - p->request_len) : sizeof junk;
        if (room == 0) fail("a request of more than %d bytes arrived", REQUEST_BYTES);
        ssize_t n = read(p->fd, to, room);
        if (n < 0 && errno == EAGAIN) return;
        if (n <= 0) {
            pub_dead(p, n == 0 ? "closed by the proxy" : strerror(errno));
            return;
        }
        if (p->request) {
            p->request_len += (int)n;
            while (pub_take_request(p)) {}
        }
        if (n < (ssize_t)room) return;
    }
}

static void listener_readable(void) {
    int fd;
    while ((fd = accept4(listener, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        no_delay(fd);
        if (npubs == pubs_room) {
            pubs_room = pubs_room ? pubs_room * 2 : 1024;
            pubs = realloc(pubs, (size_t)pubs_room * sizeof *pubs);
            ready = realloc(ready, (size_t)pubs_room * sizeof *ready);
        }
        struct publisher *p = pubs[npubs] = calloc(1, sizeof *p);
        p->fd = fd;
        watch(EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLOUT | EPOLLET, tag_pub(npubs++));
    }
    if (errno != EAGAIN && errno != ECONNABORTED) fail("accept: %s", strerror(errno));
}

static void listen_as_liberator(void) {
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)opt.backend_port),
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(listener, (void *)&a, sizeof a) || listen(listener, 4096))
        fail("cannot listen on 127.0.0.1:%d: %s", opt.backend_port, strerror(errno));
    watch(EPOLL_CTL_ADD, listener, EPOLLIN, tag_listener());
}

/* ---------------------------------------------------------------- subscriber end: reading messages */

static int64_t arrival; /* when the bytes being looked at were read, ns */

static void poll_answered(struct subscriber *s);

static void message_complete(struct subscriber *s) {
    const char *stamp = s->kept + (unit.stamp_at - unit.record_at);
    uint64_t due, seq;
    received_total++;
    int64_t expected = s->count++;
    bool whole = !memcmp(s->kept, unit.bytes + unit.record_at, (size_t)(unit.stamp_at - unit.record_at)) &&
                 get_hex(stamp, STAMP_CHARS, &due) && get_hex(stamp + STAMP_CHARS, SEQ_CHARS, &seq) &&
                 (int64_t)seq == expected && s->last == '\n';
    if (!whole) {
        corrupt++;
        trouble("message %lld of stream %d was not the one expected", (long long)expected, s->number);
        return;
    }
    if (!window) return;
    if (stamp[STAMP_CHARS + SEQ_CHARS] == 'F') {
        window->flat_received++;
        return;
    }
    window->received++;
    histogram_add(&window->age, arrival - (int64_t)due);
    if (opt.stall > 0 && arrival - (int64_t)due >= (int64_t)(opt.stall * 1e6)) stall_note(arrival, arrival - (int64_t)due);
}

static void read_messages(struct subscriber *s, const char *b, int64_t n) {
    if (s->skip > 0) {
        int64_t step = s->skip < n ? s->skip : n;
        s->skip -= (int)step;
        b += step;
        n -= step;
    }
    while (n > 0) {
        int64_t step = unit.record_len - s->at;
        if (step > n) step = n;
        if (s->at < KEPT_BYTES) {
            int64_t keep = KEPT_BYTES - s->at < step ? KEPT_BYTES - s->at : step;
            memcpy(s->kept + s->at, b, (size_t)keep);
        }
        s->last = b[step - 1];
        s->at += (int)step;
        b += step;
        n -= step;
        if (s->at == unit.record_len) {
            s->at = 0;
            message_complete(s);
        }
    }
}

/* Follows chunk framing (RFC 9112 section 7.1); a proxy may cut chunks as it likes. */
static void read_chunks(struct subscriber *s, const char *b, int64_t n) {
    while (n > 0 && s->chunk_state != CHUNKS_OVER) {
        if (s->chunk_state == CHUNK_DATA) {
            int64_t step = s->chunk_left < n ? s->chunk_left : n;
            read_messages(s, b, step);
            b += step;
            n -= step;
            s->chunk_left -= step;
            if (s->chunk_left == 0) s->chunk_state = CHUNK_END;
            continue;
        }
        char c = *b++;
        n--;
        if (s->chunk_state == CHUNK_SIZE && c != '\n') {
            if (s->chunk_line_len < (int)sizeof s->chunk_line - 1) s->chunk_line[s->chunk_line_len++] = c;
        } else if (s->chunk_state == CHUNK_SIZE) {
            s->chunk_line[s->chunk_line_len] = 0;
            s->chunk_line_len = 0;
            s->chunk_left = strtoll(s->chunk_line, 0, 16);
            s->chunk_state = s->chunk_left ? CHUNK_DATA : CHUNKS_OVER;
        } else if (c == '\n') {
            s->chunk_state = CHUNK_SIZE;
        }
    }
}

/* ---------------------------------------------------------------- subscriber end: connections */

static void sub_dead(struct subscriber *s, const char *why) {
    if (s->state == DEAD) return;
    bool was_open = s->state == STREAMING;
    if (was_open) died++;
    else refused++;
    trouble("stream %d %s: %s", s->number, was_open ? "died" : "did not open", why);
    s->state = DEAD;
    if (s->ssl) SSL_free(s->ssl);
    s->ssl = 0;
    reset(s->fd);
    s->fd = -1;
}

static const char *tls_error(void) {
    unsigned long e = ERR_get_error();
    return e ? ERR_reason_error_string(e) : "connection lost";
}

static void sub_write(struct subscriber *s, const char *b, int n) {
    int w = s->ssl ? SSL_write(s->ssl, b, n) : (int)send(s->fd, b, (size_t)n, MSG_NOSIGNAL);
    if (w != n) sub_dead(s, "a request could not be written");
}

/* >0 bytes, 0 end, -1 nothing there now, -2 broken */
static int sub_read(struct subscriber *s, char *b, int room) {
    if (!s->ssl) {
        ssize_t n = read(s->fd, b, (size_t)room);
        return n >= 0 ? (int)n : errno == EAGAIN ? -1 : -2;
    }
    int n = SSL_read(s->ssl, b, room);
    if (n > 0) return n;
    int e = SSL_get_error(s->ssl, n);
    if (e == SSL_ERROR_WANT_READ || e == SSL_ERROR_WANT_WRITE) return -1;
    return e == SSL_ERROR_ZERO_RETURN ? 0 : -2;
}

static void poll_ask(struct subscriber *s, int64_t due) {
    char b[512];
    char body[33];
    memset(body, 's', 16);
    put_hex(body + 16, (uint64_t)s->number, 8);
    put_hex(body + 24, (uint64_t)s->count, 8);
    int n = snprintf(b, sizeof b, "POST /RTTP-TYPE3 HTTP/1.1\r\nHost: %s\r\nUser-Agent: streamload\r\n"
                                  "Origin: https://%s\r\nContent-Type: text/plain\r\nContent-Length: 32\r\n\r\n%.32s",
                     opt.host, opt.host, body);
    s->asked_due = due;
    s->head_len = 0;
    s->at = -1;
    sent_total++;
    sub_write(s, b, n);
}

/* ---- HTTP/2 (RFC 9113), as much of it as one endless GET in each connection needs */

#define H2_DATA 0
#define H2_HEADERS 1
#define H2_RST_STREAM 3
#define H2_SETTINGS 4
#define H2_PING 6
#define H2_GOAWAY 7
#define H2_WINDOW 0x7fffffff

static int h2_frame(char *b, int length, int type, int flags, int stream) {
    const char head[9] = {(char)(length >> 16), (char)(length >> 8), (char)length, (char)type, (char)flags,
                          0, 0, 0, (char)stream};
    memcpy(b, head, sizeof head);
    return sizeof head;
}

static int h2_number(char *b, uint32_t number) {
    number = htonl(number);
    memcpy(b, &number, 4);
    return 4;
}

static int h2_field(char *b, const char *index, const char *value) {
    return sprintf(b, "%s%c%s", index, (char)strlen(value), value);
}

/* Greets with windows so wide that no run fills them, and asks for the stream. */
static void h2_ask(struct subscriber *s) {
    char b[512], block[300];
    int n = sprintf(b, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    n += h2_frame(b + n, 6, H2_SETTINGS, 0, 0);
    memcpy(b + n, "\0\4", 2); /* SETTINGS_INITIAL_WINDOW_SIZE */
    n += 2;
    n += h2_number(b + n, H2_WINDOW);
    n += h2_frame(b + n, 4, 8, 0, 0);
    n += h2_number(b + n, H2_WINDOW - 65535);
    int m = sprintf(block, "\x82\x87"); /* GET, https */
    m += h2_field(block + m, "\x04", "/RTTP-TYPE9");
    m += h2_field(block + m, "\x01", opt.host);
    m += h2_field(block + m, "\x0f\x04", "text/event-stream"); /* accept */
    n += h2_frame(b + n, m, H2_HEADERS, 5, 1);
    memcpy(b + n, block, (size_t)m);
    sub_write(s, b, n + m);
}

static void sub_open_now(struct subscriber *s);

static void h2_frame_begins(struct subscriber *s) {
    const unsigned char *f = s->frame;
    char ack[17];
    s->frame_left = f[0] << 16 | f[1] << 8 | f[2];
    if (f[3] == H2_SETTINGS && !(f[4] & 1)) {
        h2_frame(ack, 0, H2_SETTINGS, 1, 0);
        sub_write(s, ack, 9);
    } else if (f[3] == H2_RST_STREAM || f[3] == H2_GOAWAY) {
        sub_dead(s, "RST_STREAM or GOAWAY");
    } else if (f[3] == H2_PING || (f[3] <= H2_HEADERS && f[4] & 9)) {
        sub_dead(s, "a frame that ends the stream, or that streamload does not know");
    }
}

/* Follows frames; the content of DATA are the messages. */
static void read_frames(struct subscriber *s, const char *b, int n) {
    while (n > 0 && s->state != DEAD) {
        if (s->frame_at < 9) {
            s->frame[s->frame_at++] = (unsigned char)*b++;
            n--;
            if (s->frame_at < 9) continue;
            h2_frame_begins(s);
            if (s->state == DEAD) return;
        }
        int step = s->frame_left < n ? s->frame_left : n;
        if (s->frame[3] == H2_DATA) {
            read_messages(s, b, step);
        } else if (s->frame[3] == H2_HEADERS && s->head_len == 0 && step > 0) {
            /* One byte says ":status: 200"; another before it may say that no table is used. */
            const char *status = b[0] == 0x20 ? b + 1 : b;
            if (status < b + step) {
                s->head_len = 1;
                if ((unsigned char)*status != 0x88) {
                    sub_dead(s, "the status is not 200");
                    return;
                }
                sub_open_now(s);
            }
        }
        b += step;
        n -= step;
        s->frame_left -= step;
        if (s->frame_left == 0) s->frame_at = 0;
    }
}

static void sub_ask(struct subscriber *s) {
    static const char *const PATH[] = {
        [WS] = "/RTTP-TYPE8",
        [SSE] = "/RTTP-TYPE9",
        [FRAME] = "/RTTP-TYPE5?X-RTTP-Type5-Pad-Length=4096&domain=example.com",
    };
    static const char *const EXTRA[] = {
        [WS] = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
        [SSE] = "Accept: text/event-stream\r\n",
        [FRAME] = "Accept: text/html\r\n",
    };
    char b[1024];
    s->state = HEAD;
    if (opt.kind == POLL) {
        poll_ask(s, now_ns());
    } else if (opt.kind == SSE_H2) {
        h2_ask(s);
    } else if (opt.kind == DIRECT) {
        sub_write(s, "0 LOGIN streamload\n", 19);
    } else {
        int n = snprintf(b, sizeof b, "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: streamload\r\nOrigin: https://%s\r\n%s\r\n",
                         PATH[opt.kind], opt.host, opt.host, EXTRA[opt.kind]);
        sub_write(s, b, n);
    }
}

static void sub_open_now(struct subscriber *s) {
    if (s->state == STREAMING || s->state == DEAD) return;
    s->state = STREAMING;
    opened++;
    histogram_add(open_times, arrival - s->opened_at);
    if (s->ssl && !*tls_used)
        snprintf(tls_used, sizeof tls_used, "%s %s", SSL_get_version(s->ssl), SSL_get_cipher_name(s->ssl));
    watch(EPOLL_CTL_MOD, s->fd, EPOLLIN, tag_sub(s->number));
}

/* Reads on in the head of the answer; returns the bytes used, -1 when the stream is dead. */
static int sub_read_head(struct subscriber *s, const char *b, int n) {
    int before = s->head_len, room = HEAD_BYTES - 1 - before, take = n < room ? n : room;
    memcpy(s->head + before, b, (size_t)take);
    s->head_len += take;
    s->head[s->head_len] = 0;
    const char *mark = opt.kind == DIRECT ? "OK\n" : "\r\n\r\n";
    char *end = strstr(s->head, mark);
    if (!end) {
        if (take < n) sub_dead(s, "the head of the answer is too long");
        return s->state == DEAD ? -1 : take;
    }
    end += strlen(mark);
    if (opt.kind != DIRECT) {
        int status = s->head_len > 12 ? atoi(s->head + 9) : 0;
        if (status != (opt.kind == WS ? 101 : 200)) {
            char why[48];
            snprintf(why, sizeof why, "status %d", status);
            sub_dead(s, why);
            return -1;
        }
        const char *coding = strcasestr(s->head, "\ntransfer-encoding: chunked");
        s->chunked = coding && coding < end;
    }
    return (int)(end - s->head) - before;
}

static void read_poll_answer(struct subscriber *s, const char *b, int n) {
    while (n > 0 && s->state != DEAD) {
        if (s->at < 0) {
            int used = sub_read_head(s, b, n);
            if (used < 0) return;
            b += used;
            n -= used;
            const char *end = strstr(s->head, "\r\n\r\n"), *length = strcasestr(s->head, "\ncontent-length:");
            if (!end) continue;
            if (!length || length > end || atoi(length + 16) != POLL_ANSWER) {
                sub_dead(s, "an answer to a poll without its length");
                return;
            }
            s->at = 0;
            continue;
        }
        int step = POLL_ANSWER - s->at < n ? POLL_ANSWER - s->at : n;
        if (s->at < STAMP_CHARS) {
            int keep = STAMP_CHARS - s->at < step ? STAMP_CHARS - s->at : step;
            memcpy(s->kept + s->at, b, (size_t)keep);
        }
        s->at += step;
        b += step;
        n -= step;
        if (s->at == POLL_ANSWER) poll_answered(s);
    }
}

static void poll_answered(struct subscriber *s) {
    char expected[STAMP_CHARS];
    put_hex(expected, (uint64_t)s->number, 8);
    put_hex(expected + 8, (uint64_t)s->count, 8);
    received_total++;
    if (memcmp(s->kept, expected, STAMP_CHARS)) {
        corrupt++;
        trouble("an answer to another poll arrived at client %d", s->number);
    }
    if (window) {
        window->received++;
        histogram_add(&window->age, arrival - s->asked_due);
    }
    s->count++;
    s->asked_due = 0;
    if (s->state != STREAMING) {
        s->count = 0; /* the poll that opened the connection is not one of the schedule */
        sub_open_now(s);
        return;
    }
    if (!schedule.on) return;
    int64_t due = opt.pattern == FLAT ? arrival : due_in_stream(s->number, s->count);
    if (due <= now_ns()) poll_ask(s, due);
}

static void sub_handshake(struct subscriber *s) {
    if (!s->ssl) {
        s->ssl = SSL_new(tls);
        SSL_set_fd(s->ssl, s->fd);
        SSL_set_tlsext_host_name(s->ssl, opt.host);
        SSL_set_connect_state(s->ssl);
        s->state = HANDSHAKE;
    }
    ERR_clear_error();
    int r = SSL_do_handshake(s->ssl);
    if (r == 1) {
        sub_ask(s);
        return;
    }
    int e = SSL_get_error(s->ssl, r);
    if (e != SSL_ERROR_WANT_READ && e != SSL_ERROR_WANT_WRITE) sub_dead(s, tls_error());
}

static void sub_readable(struct subscriber *s) {
    static char b[65536];
    for (int turns = 0; s->state != DEAD && (s->ssl || turns < 16); turns++) {
        int n = sub_read(s, b, sizeof b), used = 0;
        if (n == -1) return;
        arrival = now_ns();
        if (n <= 0) {
            sub_dead(s, n == 0 ? "closed by the proxy" : "reset by the proxy");
            return;
        }
        if (opt.kind == POLL) {
            read_poll_answer(s, b, n);
        } else if (opt.kind == SSE_H2) {
            read_frames(s, b, n);
        } else {
            if (s->state == HEAD) {
                used = sub_read_head(s, b, n);
                if (used < 0) return;
                if (strstr(s->head, opt.kind == DIRECT ? "OK\n" : "\r\n\r\n")) sub_open_now(s);
            }
            if (s->state == STREAMING && used < n) {
                if (s->chunked) read_chunks(s, b + used, n - used);
                else read_messages(s, b + used, n - used);
            }
        }
        if (!s->ssl && n < (int)sizeof b) return;
    }
}

static void sub_event(struct subscriber *s, uint32_t events) {
    if (s->state == DEAD) return;
    if (s->state == CONNECTING) {
        int error = 0;
        socklen_t len = sizeof error;
        getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &len);
        if (error) {
            sub_dead(s, strerror(error));
            return;
        }
        if (!(events & EPOLLOUT)) return;
        if (tls) sub_handshake(s);
        else sub_ask(s);
    } else if (s->state == HANDSHAKE) {
        sub_handshake(s);
    }
    if (s->state == HEAD || s->state == STREAMING) sub_readable(s);
}

static void sub_connect(struct subscriber *s, int number) {
    memset(s, 0, sizeof *s);
    s->number = number;
    s->skip = opt.kind == FRAME ? FRAME_PADDING : opt.kind == SSE_H2 ? 3 : 0;
    s->opened_at = now_ns();
    s->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s->fd < 0) fail("socket: %s", strerror(errno));
    int one = 1;
    setsockopt(s->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    struct sockaddr_in from = {.sin_family = AF_INET,
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (uint32_t)(number / 20000))};
    bind(s->fd, (void *)&from, sizeof from);
    no_delay(s->fd);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)opt.front_port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (connect(s->fd, (void *)&to, sizeof to) && errno != EINPROGRESS) {
        s->state = CONNECTING;
        sub_dead(s, strerror(errno));
        return;
    }
    watch(EPOLL_CTL_ADD, s->fd, EPOLLIN | EPOLLOUT | EPOLLET, tag_sub(number));
}

/* ---------------------------------------------------------------- the loop */

/* Waits at most so many ns, to the ns where the kernel can (epoll_pwait2, Linux 5.11). */
static int wait_events(struct epoll_event *events, int room, int64_t ns) {
    static bool coarse;
    if (ns < 0) ns = 0;
    if (!coarse) {
        struct timespec t = {ns / SECOND_NS, ns % SECOND_NS};
        int n = (int)syscall(SYS_epoll_pwait2, ep, events, room, &t, 0, 0);
        if (n >= 0 || errno != ENOSYS) return n;
        coarse = true;
    }
    return epoll_wait(ep, events, room, (int)(ns / 1000000));
}

/* Sends what is due; returns when the next message is. */
static int64_t publish(int64_t now) {
    int64_t wake = NEVER;
    if (schedule.on && schedule.streams > 0 && !(opt.kind == POLL && opt.pattern == FLAT)) {
        if (schedule.next < schedule.limit && due_of(schedule.next) < now) load_is_late(now - due_of(schedule.next), now);
        while (schedule.next < schedule.limit && due_of(schedule.next) <= now) {
            int number = (int)(schedule.next++ % schedule.streams);
            if (opt.kind != POLL) {
                pub_send_due(ready[number], now);
            } else if (subs[number].state == STREAMING && !subs[number].asked_due) {
                int64_t due = due_in_stream(number, subs[number].count);
                if (due <= now) poll_ask(&subs[number], due);
            }
        }
        if (schedule.next < schedule.limit) wake = due_of(schedule.next);
    }
    if (schedule.flat_on) {
        int flat = nready - schedule.streams, idle = 0;
        int writes = opt.plan == FAIRNESS ? 4 : FLAT_WRITES;
        while (writes > 0 && idle < flat) {
            struct publisher *p = ready[schedule.streams + schedule.flat_next++ % flat];
            if (p->blocked || p->dead) {
                idle++;
                continue;
            }
            idle = 0;
            pub_send_flat(p);
            writes--;
        }
        if (idle < flat) wake = now;
    }
    return wake;
}

static void turn(int64_t until) {
    static struct epoll_event events[512];
    int64_t wake = publish(now_ns());
    if (wake > until) wake = until;
    int n = wait_events(events, 512, wake - now_ns());
    for (int i = 0; i < n; i++) {
        uint64_t tag = events[i].data.u64;
        if (tag == tag_listener()) {
            listener_readable();
        } else if (tag & tag_pub(0)) {
            struct publisher *p = pubs[tag & 0xffffffff];
            if (!p->dead && events[i].events & EPOLLOUT) pub_writable(p);
            if (!p->dead && events[i].events & ~(uint32_t)EPOLLOUT) pub_readable(p);
        } else {
            sub_event(&subs[tag], events[i].events);
        }
    }
}

static void run_for(double seconds) {
    int64_t until = now_ns() + (int64_t)(seconds * 1e9);
    while (now_ns() < until) turn(until);
}

/*
 * How long nothing has happened while we were looking. A turn counts for a tenth of a second at most: when the
 * whole machine, or this process, was held up for longer, the proxy is not to blame and gets its chance.
 */
struct patience {
    int64_t last_turn, quiet, before;
};

static int64_t quiet_ns(struct patience *p, int64_t progress) {
    int64_t now = now_ns(), step = p->last_turn ? now - p->last_turn : 0;
    p->last_turn = now;
    p->quiet = progress == p->before ? p->quiet + (step < SECOND_NS / 10 ? step : SECOND_NS / 10) : 0;
    p->before = progress;
    return p->quiet;
}

/* Opens streams until there are so many, or no more open; false if some did not. */
static bool open_streams(int wanted) {
    struct patience patience = {.before = -1};
    int base = nsubs;
    int64_t settled = opened + refused;
    for (;;) {
        int64_t done = opened + refused - settled;
        if (done >= wanted - base) break;
        if (quiet_ns(&patience, done) > OPEN_QUIET_NS) {
            trouble("%lld of %d streams opened, and then no more for %lld s", (long long)done, wanted - base,
                    OPEN_QUIET_NS / SECOND_NS);
            return false;
        }
        while (nsubs < wanted && nsubs - base - (opened + refused - settled) < opt.in_flight) {
            int i = nsubs++;
            sub_connect(&subs[i], i);
        }
        turn(now_ns() + SECOND_NS / 20);
    }
    return refused == 0;
}

static void close_streams(void) {
    for (int i = 0; i < nsubs; i++) {
        if (subs[i].ssl) SSL_free(subs[i].ssl);
        if (subs[i].fd >= 0) reset(subs[i].fd);
    }
    for (int i = 0; i < npubs; i++) {
        reset(pubs[i]->fd);
        free(pubs[i]->request);
        free(pubs[i]->rest);
        free(pubs[i]);
    }
    nsubs = npubs = nready = 0;
}

static void schedule_start(int streams, double rate, int64_t limit) {
    schedule.streams = streams;
    schedule.from = now_ns() + 1000000;
    schedule.next = 0;
    schedule.limit = limit;
    schedule_rate = rate;
    schedule.on = rate > 0;
}

/* Stops sending and waits until what was sent has arrived, or nothing has come for a while. */
static void drain(void) {
    schedule.on = schedule.flat_on = false;
    struct patience patience = {.before = -1};
    while (received_total < sent_total && quiet_ns(&patience, received_total) < DRAIN_QUIET_NS)
        turn(now_ns() + SECOND_NS / 100);
}

/* ---------------------------------------------------------------- plans */

static void plan_messages(void) {
    if (!open_streams(opt.streams)) return;
    bool flat = opt.pattern == FLAT || opt.pattern == BULK;
    if (opt.kind == POLL) {
        sent_total = received_total = 0;
        schedule_start(opt.streams, opt.rate, NEVER);
        schedule.on = true;
        if (flat)
            for (int i = 0; i < nsubs; i++) poll_ask(&subs[i], now_ns());
    } else if (flat) {
        schedule_start(0, 0, 0);
        schedule.flat_on = true;
    } else {
        schedule_start(opt.streams, opt.rate, NEVER);
        schedule.on = true;
    }
    run_for(opt.warmup);
    window_open("messages");
    run_for(opt.seconds);
    window_close();
    drain();
}

static int64_t connect_open_ns, connect_open_cpu, connect_cycle_cpu, connect_count;

/* Opens a batch as fast as the proxy takes it, closes it, and so on; only the opening is timed. */
static void plan_connect(void) {
    int64_t start = now_ns(), measure_from = start + (int64_t)(opt.warmup * 1e9);
    int64_t end = measure_from + (int64_t)(opt.seconds * 1e9);
    bool measuring = false;
    while (now_ns() < end || !measuring) {
        if (!measuring && now_ns() >= measure_from) {
            measuring = true;
            memset(open_times, 0, sizeof *open_times);
            opened = 0;
            window_open("connect");
        }
        int64_t from = now_ns(), cpu = proxy_cpu_ns();
        if (!open_streams(opt.batch)) break;
        int64_t open_ns = now_ns() - from, open_cpu = proxy_cpu_ns() - cpu;
        close_streams();
        run_for(0.2);
        if (!measuring) continue;
        connect_open_ns += open_ns;
        connect_open_cpu += open_cpu;
        connect_cycle_cpu += proxy_cpu_ns() - cpu;
        connect_count += opt.batch;
    }
    if (window) window_close();
}

static struct { int streams; long rss_kib; } held[MAX_STEPS];
static int nheld;

/* Opens streams in steps and reads the proxy's memory at each; at the end one message for each stream. */
static void plan_hold(void) {
    run_for(0.2);
    held[nheld].streams = 0;
    held[nheld++].rss_kib = proxy_rss_kib();
    for (int i = 0; i < opt.nsteps; i++) {
        if (!open_streams(opt.steps[i])) return;
        run_for(opt.settle);
        held[nheld].streams = opt.steps[i];
        held[nheld++].rss_kib = proxy_rss_kib();
    }
    window_open("alive");
    schedule_start(nready, 0.5, nready);
    run_for(2.2);
    window_close();
    drain();
}

/* Quiet streams alone, then the same with flat-out streams beside them. */
static void plan_fairness(void) {
    if (!open_streams(opt.streams + opt.flat_streams)) return;
    schedule_start(opt.streams, opt.rate, NEVER);
    run_for(opt.warmup);
    window_open("alone");
    run_for(opt.seconds);
    window_close();
    schedule.flat_on = true;
    run_for(opt.warmup);
    window_open("beside");
    run_for(opt.seconds);
    window_close();
    drain();
}

static int64_t stalled_held_bytes; /* left the publisher's socket, not in the client's: at the proxy */
static long stalled_rss_before, stalled_rss_after;

/* Clients that never read, publishers that send as long as the proxy takes it. */
static void plan_stalled(void) {
    if (!open_streams(opt.streams)) return;
    run_for(0.5);
    stalled_rss_before = proxy_rss_kib();
    for (int i = 0; i < nsubs; i++) watch(EPOLL_CTL_MOD, subs[i].fd, 0, tag_sub(i));
    schedule_start(0, 0, 0);
    schedule.flat_on = true;
    run_for(opt.warmup);
    window_open("stalled");
    run_for(opt.seconds);
    window_close();
    schedule.flat_on = false;
    stalled_rss_after = proxy_rss_kib();
    for (int i = 0; i < nready; i++) {
        int unsent = 0;
        ioctl(ready[i]->fd, SIOCOUTQ, &unsent);
        stalled_held_bytes += ready[i]->bytes - unsent;
    }
    for (int i = 0; i < nsubs; i++) {
        int unread = 0;
        if (subs[i].fd >= 0) ioctl(subs[i].fd, FIONREAD, &unread);
        stalled_held_bytes -= unread;
    }
    /* From here on they read again: what was held must arrive, whole. */
    for (int i = 0; i < nsubs; i++)
        if (subs[i].fd >= 0) watch(EPOLL_CTL_MOD, subs[i].fd, EPOLLIN, tag_sub(i));
    drain();
}

/* ---------------------------------------------------------------- result */

static double since_1970(int64_t monotonic) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9 - (double)(now_ns() - monotonic) / 1e9;
}

static void print_latency(const char *name, const struct histogram *h) {
    printf("\"%s\":{\"n\":%lld,\"p50_us\":%.1f,\"p90_us\":%.1f,\"p99_us\":%.1f,\"p999_us\":%.1f,\"max_us\":%.1f}", name,
           (long long)h->n, percentile_us(h, .5), percentile_us(h, .9), percentile_us(h, .99), percentile_us(h, .999),
           (double)h->max / 1000);
}

static void print_window(const struct window *w) {
    double seconds = (double)(w->to - w->from) / 1e9;
    int64_t proxy = w->proxy_cpu > 0 ? w->proxy_cpu : 0;
    double others = opt.proxy_cpu < 0 ? 0 : (double)(w->proxy_core - proxy) / 1e7 / seconds;
    double waited = (double)w->load_wait / 1e7 / seconds;
    printf("{\"name\":\"%s\",\"began_at\":%.3f,\"seconds\":%.3f,\"sent\":%lld,\"received\":%lld,\"flat_received\":%lld,"
           "\"proxy_cpu_ns\":%lld,\"load_cpu_ns\":%lld,\"others_on_proxy_core_pct\":%.1f,"
           "\"load_waited_pct\":%.1f,",
           w->name, since_1970(w->from), seconds, (long long)w->sent, (long long)w->received, (long long)w->flat_received,
           (long long)w->proxy_cpu, (long long)w->load_cpu, others > 0 ? others : 0, waited);
    print_latency("latency", &w->age);
    printf("}");
}

static void print_stalls(void) {
    printf(",\"stalls_beyond\":%lld,\"stalls\":[", (long long)stalls_beyond);
    for (int i = 0; i < nstalls; i++)
        printf("%s{\"at\":%.3f,\"lasted_ms\":%.1f,\"messages\":%lld,\"max_ms\":%.1f,\"load_late_ms\":%.1f}", i ? "," : "",
               since_1970(stalls[i].from), (double)(stalls[i].to - stalls[i].from) / 1e6,
               (long long)stalls[i].messages, (double)stalls[i].max / 1e6, (double)stalls[i].load_late / 1e6);
    printf("]");
}

static void print_result(bool proxy_gone) {
    printf("{\"plan\":\"%s\",\"kind\":\"%s\",\"pattern\":\"%s\",\"tls\":\"%s\",\"size\":%d,\"wire_bytes\":%d,",
           PLANS[opt.plan], KINDS[opt.kind], PATTERNS[opt.pattern], opt.tls ? (*tls_used ? tls_used : "none") : "",
           opt.size, unit.len);
    printf("\"streams\":{\"asked\":%d,\"opened\":%lld,\"refused\":%lld,\"died\":%lld},",
           opt.plan == HOLD ? opt.steps[opt.nsteps - 1] : opt.streams, (long long)opened, (long long)refused,
           (long long)died);
    printf("\"messages\":{\"sent\":%lld,\"received\":%lld,\"lost\":%lld,\"corrupt\":%lld},", (long long)sent_total,
           (long long)received_total, (long long)(sent_total - received_total), (long long)corrupt);
    printf("\"proxy_gone\":%s,\"trouble\":\"%s\",\"windows\":[", proxy_gone ? "true" : "false", first_trouble);
    for (int i = 0; i < nwindows; i++) {
        if (i) printf(",");
        print_window(windows[i]);
    }
    printf("],");
    print_latency("open", open_times);
    if (opt.plan == CONNECT)
        printf(",\"connect\":{\"count\":%lld,\"open_ns\":%lld,\"open_cpu_ns\":%lld,\"cycle_cpu_ns\":%lld}",
               (long long)connect_count, (long long)connect_open_ns, (long long)connect_open_cpu,
               (long long)connect_cycle_cpu);
    if (opt.plan == STALLED)
        printf(",\"stalled\":{\"held_bytes\":%lld,\"rss_before_kib\":%ld,\"rss_after_kib\":%ld}",
               (long long)stalled_held_bytes, stalled_rss_before, stalled_rss_after);
    if (opt.stall > 0) print_stalls();
    if (opt.plan == HOLD) {
        printf(",\"held\":[");
        for (int i = 0; i < nheld; i++)
            printf("%s{\"streams\":%d,\"rss_kib\":%ld}", i ? "," : "", held[i].streams, held[i].rss_kib);
        printf("]");
    }
    printf("}\n");
}

/* ---------------------------------------------------------------- start */

static const char USAGE[] =
    "streamload --backend PORT --front PORT [options]\n"
    "  --plan messages|connect|hold|fairness|stalled    (messages)\n"
    "  --kind ws|sse|frame|direct|poll|sse-h2           (ws); sse-h2 with --tls only\n"
    "  --pattern steady|burst|flat|bulk                 (steady) bulk: flat out, 16 KiB in a write\n"
    "  --streams N --rate N --size BYTES                (100, 10 messages/s in each stream, 200)\n"
    "  --burst N --burst-every SECONDS                  (200 messages each 0.02 s, over all streams)\n"
    "  --flat-streams N                                 (1) fairness: flat-out streams beside the others\n"
    "  --steps N,N,..  --settle SECONDS                 hold: read memory at so many streams\n"
    "  --in-flight N  --batch N                         (64, 2000) opening\n"
    "  --warmup S --seconds S                           (1, 3)\n"
    "  --stall MS                                       messages at least so late are listed, with the time of day\n"
    "  --tls  --ciphers LIST  --host NAME               (TLS_AES_128_GCM_SHA256, liberator-a.example.com)\n"
    "  --pid P[,P..]                                    the proxy: CPU and memory are read\n"
    "  --load-cpu N --proxy-cpu N                       pin the load here; the proxy is pinned there\n";

static int choice(const char *what, const char *const *names, const char *text) {
    for (int i = 0; names[i]; i++)
        if (!strcmp(names[i], text)) return i;
    fail("--%s %s: not known\n%s", what, text, USAGE);
    return -1;
}

static int number(const char *what, const char *text, long from, long to) {
    char *end;
    long v = strtol(text, &end, 10);
    if (!*text || *end || v < from || v > to) fail("--%s %s: expected a number from %ld to %ld", what, text, from, to);
    return (int)v;
}

static double real(const char *what, const char *text) {
    char *end;
    double v = strtod(text, &end);
    if (!*text || *end || !(v >= 0) || v > 1e6) fail("--%s %s: expected a number from 0 to 1000000", what, text);
    return v;
}

static void parse(int argc, char **argv) {
    enum { PLAN = 1, KIND, PATTERN, BACKEND, FRONT, STREAMS, FLAT_STREAMS, RATE, BURST_N, BURST_EVERY, SIZE, WARMUP,
           SECONDS, SETTLE, STALL, STEPS, IN_FLIGHT, BATCH, TLS, CIPHERS, HOST, PID, LOAD_CPU, PROXY_CPU, HELP };
    static const struct option known[] = {
        {"plan", 1, 0, PLAN}, {"kind", 1, 0, KIND}, {"pattern", 1, 0, PATTERN}, {"backend", 1, 0, BACKEND},
        {"front", 1, 0, FRONT}, {"streams", 1, 0, STREAMS}, {"flat-streams", 1, 0, FLAT_STREAMS}, {"rate", 1, 0, RATE},
        {"burst", 1, 0, BURST_N}, {"burst-every", 1, 0, BURST_EVERY}, {"size", 1, 0, SIZE}, {"warmup", 1, 0, WARMUP},
        {"seconds", 1, 0, SECONDS}, {"settle", 1, 0, SETTLE}, {"stall", 1, 0, STALL}, {"steps", 1, 0, STEPS},
        {"in-flight", 1, 0, IN_FLIGHT}, {"batch", 1, 0, BATCH}, {"tls", 0, 0, TLS}, {"ciphers", 1, 0, CIPHERS}, {"host", 1, 0, HOST}, {"pid", 1, 0, PID},
        {"load-cpu", 1, 0, LOAD_CPU}, {"proxy-cpu", 1, 0, PROXY_CPU}, {"help", 0, 0, HELP}, {0, 0, 0, 0}};
    int c, which;
    while ((c = getopt_long(argc, argv, "", known, &which)) != -1) {
        const char *name = c == '?' ? "" : known[which].name;
        switch (c) {
        case PLAN: opt.plan = (enum plan)choice(name, PLANS, optarg); break;
        case KIND: opt.kind = (enum kind)choice(name, KINDS, optarg); break;
        case PATTERN: opt.pattern = (enum pattern)choice(name, PATTERNS, optarg); break;
        case BACKEND: opt.backend_port = number(name, optarg, 1, 65535); break;
        case FRONT: opt.front_port = number(name, optarg, 1, 65535); break;
        case STREAMS: opt.streams = number(name, optarg, 1, 1000000); break;
        case FLAT_STREAMS: opt.flat_streams = number(name, optarg, 1, 1000); break;
        case RATE: opt.rate = real(name, optarg); break;
        case BURST_N: opt.burst_messages = number(name, optarg, 1, 1000000); break;
        case BURST_EVERY: opt.burst_every = real(name, optarg); break;
        case SIZE: opt.size = number(name, optarg, 64, MAX_SIZE); break;
        case WARMUP: opt.warmup = real(name, optarg); break;
        case SECONDS: opt.seconds = real(name, optarg); break;
        case SETTLE: opt.settle = real(name, optarg); break;
        case STALL: opt.stall = real(name, optarg); break;
        case STEPS:
            for (char *s = strtok(optarg, ","); s; s = strtok(0, ",")) {
                if (opt.nsteps == MAX_STEPS - 1) fail("--steps: at most %d", MAX_STEPS - 1);
                opt.steps[opt.nsteps++] = number(name, s, 1, 1000000);
            }
            break;
        case IN_FLIGHT: opt.in_flight = number(name, optarg, 1, 100000); break;
        case BATCH: opt.batch = number(name, optarg, 1, 1000000); break;
        case TLS: opt.tls = true; break;
        case CIPHERS: opt.ciphers = optarg; break;
        case HOST: opt.host = optarg; break;
        case PID:
            for (char *s = strtok(optarg, ","); s; s = strtok(0, ",")) {
                if (opt.npids == MAX_PIDS) fail("--pid: at most %d", MAX_PIDS);
                opt.pids[opt.npids++] = number(name, s, 1, INT_MAX);
            }
            break;
        case LOAD_CPU: opt.load_cpu = number(name, optarg, 0, 1023); break;
        case PROXY_CPU: opt.proxy_cpu = number(name, optarg, 0, 1023); break;
        case HELP: fputs(USAGE, stdout); exit(0);
        default: fputs(USAGE, stderr); exit(2);
        }
    }
    if (!opt.backend_port || !opt.front_port) fail("--backend and --front are needed\n%s", USAGE);
    if (opt.plan == HOLD && !opt.nsteps) fail("--plan hold needs --steps");
    if (opt.kind == SSE_H2 && !opt.tls) fail("--kind sse-h2 goes with --tls only");
    if (opt.kind == POLL && opt.plan != MESSAGES) fail("--kind poll goes with --plan messages only");
    if (opt.kind == POLL && (opt.pattern == BURST || opt.pattern == BULK)) fail("--kind poll is steady or flat");
    bool flat = opt.pattern == FLAT || opt.pattern == BULK;
    if ((opt.plan == FAIRNESS || (opt.plan == MESSAGES && !flat)) && opt.rate <= 0)
        fail("--rate must be more than 0 (flat out is --pattern flat)");
    if (opt.burst_every <= 0) fail("--burst-every must be more than 0");
}

static void pin_to_core(void) {
    if (opt.load_cpu < 0) return;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(opt.load_cpu, &set);
    if (sched_setaffinity(0, sizeof set, &set)) fail("cannot run on core %d: %s", opt.load_cpu, strerror(errno));
}

static int most_streams(void) {
    int n = opt.plan == CONNECT ? opt.batch : opt.streams;
    if (opt.plan == FAIRNESS) n += opt.flat_streams;
    for (int i = 0; i < opt.nsteps; i++)
        if (opt.plan == HOLD && opt.steps[i] > n) n = opt.steps[i];
    return n;
}

static void raise_descriptor_limit(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    rlim_t needed = 2 * (rlim_t)most_streams() + 100;
    if (limit.rlim_cur < needed)
        fail("%d streams need %lu descriptors, the limit is %lu (ulimit -Hn)", most_streams(), (unsigned long)needed,
             (unsigned long)limit.rlim_cur);
}

static void tls_prepare(void) {
    if (!opt.tls) return;
    static const unsigned char http[] = "\x08http/1.1", http2[] = "\x02h2";
    tls = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(tls, TLS1_3_VERSION);
    SSL_CTX_set_verify(tls, SSL_VERIFY_NONE, 0);
    SSL_CTX_set_mode(tls, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(tls, 1);
    SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF); /* every handshake a full one */
    if (!SSL_CTX_set_ciphersuites(tls, opt.ciphers)) fail("--ciphers %s: not known to OpenSSL", opt.ciphers);
    if (opt.kind == SSE_H2) SSL_CTX_set_alpn_protos(tls, http2, sizeof http2 - 1);
    else if (opt.kind != DIRECT) SSL_CTX_set_alpn_protos(tls, http, sizeof http - 1);
}

int main(int argc, char **argv) {
    parse(argc, argv);
    signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_TIMERSLACK, 1000);
    pin_to_core();
    raise_descriptor_limit();
    tls_prepare();
    unit_build();
    open_times = calloc(1, sizeof *open_times);
    subs = calloc((size_t)most_streams(), sizeof *subs);
    ep = epoll_create1(EPOLL_CLOEXEC);
    listen_as_liberator();
    switch (opt.plan) {
    case MESSAGES: plan_messages(); break;
    case CONNECT: plan_connect(); break;
    case HOLD: plan_hold(); break;
    case FAIRNESS: plan_fairness(); break;
    case STALLED: plan_stalled(); break;
    }
    print_result(opt.npids > 0 && proxy_cpu_ns() < 0);
    close_streams();
    return 0;
}
