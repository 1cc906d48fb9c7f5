// format/known/vhost_combined.hpp: combined with the virtual host in front: Debian's other_vhosts_access.log; behind a proxy also
// with X-Forwarded-For at the end.
#pragma once

#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr log_format vhost_combined{
    .name = "vhost_combined",
    .pattern = R"(%v:%p %h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i")",
    .sample = R"(www.example.com:443 203.0.113.77 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 512 )"
              R"("-" "curl/8.5.0")",
    .source = "https://salsa.debian.org/apache-team/apache2/-/blob/master/debian/config-dir/apache2.conf.in",
};

// The virtual host without a port; a second reading of the same name.
inline constexpr log_format vhost_combined_without_port{
    .name = "vhost_combined",
    .pattern = R"(%v %h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i")",
    .sample = R"(www.example.com 203.0.113.77 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 512 )"
              R"("-" "curl/8.5.0")",
    .source = "https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#examples",
};

inline constexpr log_format vhost_combined_with_forwarded{
    .name = "vhost_combined",
    .pattern = R"(%v:%p %h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" "%{X-Forwarded-For}i")",
    .sample = R"(www.example.com:443 203.0.113.77 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 512 )"
              R"("-" "curl/8.5.0" "198.51.100.9, 203.0.113.9")",
    .source = "https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#examples",
    .in_auto = auto_part::sure,
};

inline constexpr log_format vhost_combined_with_forwarded_without_port{
    .name = "vhost_combined",
    .pattern = R"(%v %h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" "%{X-Forwarded-For}i")",
    .sample = R"(www.example.com 203.0.113.77 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 512 )"
              R"("-" "curl/8.5.0" "198.51.100.9, 203.0.113.9")",
    .source = "https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#examples",
    .in_auto = auto_part::sure,
};

}  // namespace anonlog::known
