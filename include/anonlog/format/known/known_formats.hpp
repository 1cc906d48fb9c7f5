// format/known/known_formats.hpp: the list of the named formats, in the order in which `auto` tries them.
//
// The number of quotes tells common, combined and main apart. A line with a virtual host in front is none of them: its
// ident would be the client (format/shape.hpp); and one without is no vhost line: what follows its first word is no
// client. So only the most frequent stands first.
#pragma once

#include <anonlog/format/known/combined.hpp>
#include <anonlog/format/known/common.hpp>
#include <anonlog/format/known/nginx_main.hpp>
#include <anonlog/format/known/vhost_combined.hpp>
#include <anonlog/format/known/vhost_common.hpp>

namespace anonlog {

inline constexpr log_format known_formats[] = {
    known::combined,       known::combined_without_quotes,
    known::nginx_main,     known::common,
    known::vhost_combined, known::vhost_combined_without_port,
    known::vhost_common,   known::vhost_common_without_port,
};

}  // namespace anonlog
