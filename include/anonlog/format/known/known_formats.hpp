// format/known/known_formats.hpp: the list of the named formats, in the order in which `auto` tries them.
//
// The number of quotes tells common, combined and main apart. Only the virtual host in front needs an order: a line
// with one reads as combined too (host name, ident = the address), so it comes first; a line without one does not read
// as vhost, because what follows its first word is no client (format/split.hpp).
#pragma once

#include <anonlog/format/known/combined.hpp>
#include <anonlog/format/known/common.hpp>
#include <anonlog/format/known/nginx_main.hpp>
#include <anonlog/format/known/vhost_combined.hpp>
#include <anonlog/format/known/vhost_common.hpp>

namespace anonlog {

inline constexpr log_format known_formats[] = {
    known::vhost_combined, known::vhost_combined_without_port,
    known::vhost_common,   known::vhost_common_without_port,
    known::combined,       known::nginx_main,
    known::common,
};

}  // namespace anonlog
