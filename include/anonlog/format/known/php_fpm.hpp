// format/known/php_fpm.hpp: PHP-FPM's log of requests, as its default `access.format` writes it, and as the one that its own
// configuration file proposes: with the query, and with what the request cost.
#pragma once

#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr named_kind php_fpm_names[] = {
    {"client", kind::client}, {"user", kind::user}, {"time", kind::time_clf}, {"method", kind::method}, {"uri", kind::target}, {"status", kind::status},
    {"script", kind::drop_word}, {"milliseconds", kind::duration}, {"kilobytes", kind::bytes}, {"cpu", kind::duration},  // of which per cent
};

inline constexpr log_format php_fpm{
    .name = "php_fpm",
    .pattern = R"($client - $user $time "$method $uri" $status)",
    .sample = R"(203.0.113.77 - ada 10/Oct/2025:13:55:36 +0000 "GET /users/4711?token=s3cret" 200)",
    .source = "https://www.php.net/manual/en/install.fpm.configuration.php#access-format",
    .in_auto = auto_part::sure,
    .names = php_fpm_names,
};

inline constexpr log_format php_fpm_with_costs{
    .name = "php_fpm",
    .pattern = R"($client - $user $time "$method $uri" $status $script $milliseconds $kilobytes $cpu%)",
    .sample = R"(203.0.113.77 - ada 10/Oct/2025:13:55:36 +0000 "GET /users/4711?token=s3cret" 200 /srv/ada/index.php 12.345 2048 81.01%)",
    .source = "https://github.com/php/php-src/blob/master/sapi/fpm/www.conf.in",
    .in_auto = auto_part::sure,
    .names = php_fpm_names,
};

}  // namespace anonlog::known
