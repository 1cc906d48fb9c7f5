// format/known/vhost_common.hpp: common with the virtual host in front, with its port or without.
#pragma once

#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr log_format vhost_common{
    .name = "vhost_common",
    .pattern = R"(%v:%p %h %l %u %t "%r" %>s %b)",
    .sample = R"(www.example.com:443 203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] "GET /a?b=c HTTP/1.1" 200 512)",
    .source = "https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#examples",
};

// As the examples of mod_log_config write it; a second reading of the same name.
inline constexpr log_format vhost_common_without_port{
    .name = "vhost_common",
    .pattern = R"(%v %h %l %u %t "%r" %>s %b)",
    .sample = R"(www.example.com 203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] "GET /a?b=c HTTP/1.1" 200 512)",
    .source = "https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#examples",
};

}  // namespace anonlog::known
