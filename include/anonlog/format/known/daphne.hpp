// format/known/daphne.hpp: Daphne, which serves Django's channels: common, but the client has its port, the time no zone and the
// request no protocol.
//
// The port tells it from common with such a time, whose request has a protocol. For a WebSocket the first word of the request says what became of it.
#pragma once

#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr named_kind daphne_names[] = {
    {"client", {.cls = field_class::ip, .shape = field_shape::host}}, {"port", kind::client_port}, {"time", kind::time_clf_bare}, {"method", kind::method}, {"uri", kind::url}, {"status", kind::status},
    {"size", kind::bytes},
};

inline constexpr log_format daphne{
    .name = "daphne",
    .pattern = R"($client:$port - - [$time] "$method $uri" $status $size)",
    .sample = R"(203.0.113.77:51234 - - [10/Oct/2025:13:55:36] "GET /users/4711?token=s3cret" 200 512)",
    .source = "https://github.com/django/daphne/blob/main/daphne/access.py",
    .in_auto = auto_part::sure,
    .names = daphne_names,
};

}  // namespace anonlog::known
