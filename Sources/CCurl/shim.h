#ifndef REVSWEEP_CCURL_SHIM_H
#define REVSWEEP_CCURL_SHIM_H

#include <stddef.h>
#include <stdint.h>

// The part of libcurl's interface that is used, so that neither its headers nor the library are needed to build.
// The numbers are part of its binary interface (https://curl.se/libcurl/abi.html) and never change.

enum {
    ccurl_write_data = 10001,
    ccurl_url = 10002,
    ccurl_range = 10007,
    ccurl_error_buffer = 10010,
    ccurl_user_agent = 10018,
    ccurl_header_data = 10029,
    ccurl_progress_data = 10057,
    ccurl_accept_encoding = 10102,
    ccurl_write_function = 20011,
    ccurl_header_function = 20079,
    ccurl_progress_function = 20219,
    ccurl_no_progress = 43,
    ccurl_follow_location = 52,
    ccurl_max_redirections = 68,
    ccurl_no_signal = 99,
    ccurl_content_decoding = 158,
    ccurl_protocols = 181,
    ccurl_redirection_protocols = 182,
};

enum {
    ccurl_protocol_http = 1,
    ccurl_protocol_https = 2,
};

enum {
    ccurl_error_unsupported_protocol = 1,
    ccurl_error_too_many_redirections = 47,
    ccurl_error_buffer_size = 256,
};

typedef size_t (*ccurl_receiver)(char *bytes, size_t size, size_t count, void *data);
typedef int (*ccurl_progress)(void *data, int64_t to_come, int64_t came, int64_t to_send, int64_t sent);

// Swift cannot call a function whose number of arguments varies, as `curl_easy_setopt` is; these call it.

typedef int (*ccurl_setopt)(void *handle, int option, ...);

static inline int ccurl_set_number(void *setopt, void *handle, int option, long value) {
    return ((ccurl_setopt)setopt)(handle, option, value);
}

static inline int ccurl_set_pointer(void *setopt, void *handle, int option, const void *value) {
    return ((ccurl_setopt)setopt)(handle, option, value);
}

static inline int ccurl_set_receiver(void *setopt, void *handle, int option, ccurl_receiver function) {
    return ((ccurl_setopt)setopt)(handle, option, function);
}

static inline int ccurl_set_progress(void *setopt, void *handle, ccurl_progress function) {
    return ((ccurl_setopt)setopt)(handle, ccurl_progress_function, function);
}

#endif
